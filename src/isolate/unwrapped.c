/* Programs that came in a wrapping; see unwrapped.h. */
#include "isolate/unwrapped.h"

#include "isolate/console.h"
#include "isolate/thrown.h"

#include <stdio.h>

static const char *const deeds[HUTCH_WRAPPERS] = {
#define DEED(constant, done, advice) [constant] = (done),
    HUTCH_WRAPPER_TABLE(DEED)
#undef DEED
};

static const char beginning[] = "The program was unwrapped";

/* Room for the beginning and for all deeds, with what is between them: each counts its NUL, too. */
enum {
#define ROOM(constant, done, advice) +sizeof("; " done)
    LINE_SIZE = sizeof beginning HUTCH_WRAPPER_TABLE(ROOM),
#undef ROOM
};

void hutch_unwrapped_tell(hutch_guest *guest) {
    char line[LINE_SIZE];
    size_t length = (size_t)snprintf(line, sizeof line, "%s", beginning);
    uint32_t wrappers = guest->run.source.wrappers;
    for (size_t i = 0; i < HUTCH_WRAPPERS; i++) {
        if ((wrappers & 1U << i) != 0) {
            bool is_first = (wrappers & ((1U << i) - 1)) == 0;
            length += (size_t)snprintf(line + length, sizeof line - length, "%s%s",
                                       is_first ? ": " : "; ", deeds[i]);
        }
    }
    if (wrappers != 0) {
        hutch_console_note(guest, HUTCH_LOG_DEBUG, (hutch_text){line, length});
    }
}

/* Whether what was thrown is a limit's doing: that ends a run. The exception stays pending if so. */
static bool is_limit(hutch_guest *guest) {
    JSValue thrown = JS_GetException(guest->ctx);
    hutch_failure failure = hutch_thrown_classify(guest, thrown);
    bool found = guest->run.halted || failure == HUTCH_FAILURE_MEMORY;
    if (found) {
        JS_Throw(guest->ctx, thrown);
    } else {
        JS_FreeValue(guest->ctx, thrown);
    }
    return found;
}

bool hutch_unwrapped_forgive(hutch_guest *guest, bool made, hutch_json_verdict verdict) {
    static const char words[] = "The value of the program's last expression cannot be turned into "
                                "JSON, so the result is undefined";
    hutch_crossing *result = &guest->run.result;
    JSValue value = JS_PromiseResult(guest->ctx, guest->run.promise);
    bool is_undefined = JS_IsUndefined(value);
    JS_FreeValue(guest->ctx, value);
    bool is_long = result->json.length > guest->isolate->options.limits.result_bytes;
    bool is_lost = made && result->json.length == 0 && !is_undefined;
    if (made && verdict == HUTCH_JSON_SOUND && !is_long && !is_lost) {
        return false;
    }
    if (!made && is_limit(guest)) {
        return false;
    }
    hutch_crossing_free(result, guest->ctx);
    *result = (hutch_crossing){0};
    hutch_guest_open_reserve(guest);
    hutch_console_note(guest, HUTCH_LOG_DEBUG, (hutch_text){words, sizeof words - 1});
    hutch_guest_close_reserve(guest);
    return true;
}
