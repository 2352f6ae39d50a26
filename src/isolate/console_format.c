/*
 * Formatting for the console; see console_format.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/console_format.h"

#include "inspect/inspect.h"

#include <string.h>

/* Appending failed: for want of memory, or at the cap? */
static hutch_format_result why(hutch_guest *guest) {
    return hutch_guest_take_refusal(guest) ? HUTCH_FORMAT_NO_MEMORY : HUTCH_FORMAT_TOO_LONG;
}

hutch_format_result hutch_console_append(hutch_guest *guest, hutch_buffer *out, const char *text,
                                         size_t length) {
    hutch_guest_take_refusal(guest);
    return hutch_buffer_append_repaired(out, text, length, NULL) == HUTCH_OK ? HUTCH_FORMAT_DONE
                                                                             : why(guest);
}

static bool within_values(const hutch_guest *guest) {
    return guest->run.log_values <= guest->isolate->options.limits.log_values;
}

/* A conversion threw: an unprintable value, unless the run is over. */
static hutch_format_result unprintable(hutch_guest *guest, hutch_buffer *out) {
    static const char text[] = "[unprintable]";
    if (guest->run.halted) {
        return HUTCH_FORMAT_HALTED;
    }
    hutch_guest_clear_exception(guest);
    return hutch_console_append(guest, out, text, strlen(text));
}

static hutch_format_result append_inspected(hutch_guest *guest, JSValueConst value, bool top_level,
                                            hutch_buffer *out) {
    /* What earlier arguments ran into is not the reason. */
    hutch_guest_take_refusal(guest);
    return hutch_inspect_append(guest->ctx, &guest->intrinsics, value, top_level,
                                &guest->run.log_values, out) == 0
               ? HUTCH_FORMAT_DONE
               : why(guest);
}

/* String(value) */
static hutch_format_result append_string(hutch_guest *guest, JSValueConst value,
                                         hutch_buffer *out) {
    if (JS_IsSymbol(value)) {
        return append_inspected(guest, value, true, out);
    }
    size_t length = 0;
    const char *text = JS_ToCStringLen(guest->ctx, &length, value);
    if (text == NULL) {
        return unprintable(guest, out);
    }
    hutch_format_result result = hutch_console_append(guest, out, text, length);
    JS_FreeCString(guest->ctx, text);
    return result;
}

/* A JSON text. More values than there may be are not counted to their end. */
static hutch_format_result append_json_text(hutch_guest *guest, JSValueConst json,
                                            hutch_buffer *out) {
    size_t length = 0;
    const char *text = JS_ToCStringLen(guest->ctx, &length, json);
    if (text == NULL) {
        return unprintable(guest, out);
    }
    hutch_json_scan scan;
    (void)hutch_json_scan_text(&scan, text, length, guest->isolate->options.limits.log_values + 1,
                               HUTCH_PROTO_KEYS_KEEP);
    guest->run.log_values += scan.values;
    hutch_format_result result = within_values(guest)
                                     ? hutch_console_append(guest, out, text, length)
                                     : HUTCH_FORMAT_TOO_LONG;
    JS_FreeCString(guest->ctx, text);
    return result;
}

static hutch_format_result append_json(hutch_guest *guest, JSValueConst value, hutch_buffer *out) {
    JSValue json = JS_JSONStringify(guest->ctx, value, JS_UNDEFINED, JS_UNDEFINED);
    if (JS_IsException(json)) {
        return unprintable(guest, out);
    }
    hutch_format_result result = JS_IsString(json) ? append_json_text(guest, json, out)
                                                   : append_inspected(guest, json, true, out);
    JS_FreeValue(guest->ctx, json);
    return result;
}

/* %d, %i and %f. Objects are not numbers, and none of their code runs for it. */
static hutch_format_result append_number(hutch_guest *guest, JSValueConst value, char kind,
                                         hutch_buffer *out) {
    JSContext *ctx = guest->ctx;
    double number = 0;
    guest->run.log_values++;
    if (JS_IsBigInt(value) && kind != 'f') {
        hutch_format_result result = append_string(guest, value, out);
        return result == HUTCH_FORMAT_DONE ? hutch_console_append(guest, out, "n", 1) : result;
    }
    if (JS_IsObject(value) || JS_IsSymbol(value) || JS_IsBigInt(value)) {
        return hutch_console_append(guest, out, "NaN", 3);
    }
    if (JS_ToFloat64(ctx, &number, value) < 0) {
        return unprintable(guest, out);
    }
    /* Within the doubles that are whole anyway, and never -0. */
    if (kind == 'i' && number > -0x1p53 && number < 0x1p53) {
        number = (double)(int64_t)number;
    }
    JSValue rounded = JS_NewFloat64(ctx, number);
    return append_string(guest, rounded, out);
}

/* %s: primitives as String() has them, objects on one glance. */
static hutch_format_result append_text(hutch_guest *guest, JSValueConst value, hutch_buffer *out) {
    return append_inspected(guest, value, true, out);
}

static bool is_directive(char c) {
    return c != '\0' && strchr("sdifjoOc", c) != NULL;
}

static hutch_format_result append_directive(hutch_guest *guest, char kind, JSValueConst value,
                                            hutch_buffer *out) {
    switch (kind) {
    case 's':
        return append_text(guest, value, out);
    case 'd':
    case 'i':
    case 'f':
        return append_number(guest, value, kind, out);
    case 'j':
        return append_json(guest, value, out);
    case 'c':
        return HUTCH_FORMAT_DONE;
    default:
        return append_inspected(guest, value, false, out);
    }
}

/* The first argument with its directives. @param used  [in, out] arguments taken so far */
static hutch_format_result append_template(hutch_guest *guest, const char *text, size_t length,
                                           int argc, JSValueConst *argv, int *used,
                                           hutch_buffer *out) {
    hutch_format_result result = HUTCH_FORMAT_DONE;
    size_t done = 0;
    for (size_t at = 0; at + 1 < length && result == HUTCH_FORMAT_DONE && within_values(guest);
         at++) {
        bool percent = text[at] == '%' && text[at + 1] == '%';
        bool directive = text[at] == '%' && is_directive(text[at + 1]) && *used < argc;
        if (!percent && !directive) {
            continue;
        }
        result = hutch_console_append(guest, out, text + done, at - done + (percent ? 1 : 0));
        if (result == HUTCH_FORMAT_DONE && directive) {
            result = append_directive(guest, text[at + 1], argv[(*used)++], out);
        }
        done = at + 2;
        at++;
    }
    return result == HUTCH_FORMAT_DONE
               ? hutch_console_append(guest, out, text + done, length - done)
               : result;
}

/* The first argument, if it takes up others. */
static hutch_format_result append_first(hutch_guest *guest, int argc, JSValueConst *argv, int *used,
                                        hutch_buffer *out) {
    if (argc < 2 || guest->isolate->options.console != HUTCH_CONSOLE_INSPECT ||
        !JS_IsString(argv[0])) {
        return HUTCH_FORMAT_DONE;
    }
    size_t length = 0;
    const char *text = JS_ToCStringLen(guest->ctx, &length, argv[0]);
    if (text == NULL) {
        return unprintable(guest, out);
    }
    *used = 1;
    guest->run.log_values++;
    hutch_format_result result = append_template(guest, text, length, argc, argv, used, out);
    JS_FreeCString(guest->ctx, text);
    return result;
}

/* One argument that no directive has taken up. */
static hutch_format_result append_argument(hutch_guest *guest, JSValueConst value,
                                           hutch_buffer *out) {
    if (guest->isolate->options.console == HUTCH_CONSOLE_STRING) {
        guest->run.log_values++;
        return append_string(guest, value, out);
    }
    return append_inspected(guest, value, true, out);
}

hutch_format_result hutch_console_format(hutch_guest *guest, int argc, JSValueConst *argv,
                                         hutch_buffer *out) {
    int used = 0;
    hutch_format_result result = append_first(guest, argc, argv, &used, out);
    for (; used < argc && result == HUTCH_FORMAT_DONE && within_values(guest); used++) {
        if (used > 0) {
            result = hutch_console_append(guest, out, " ", 1);
        }
        if (result == HUTCH_FORMAT_DONE) {
            result = append_argument(guest, argv[used], out);
        }
    }
    return result == HUTCH_FORMAT_DONE && !within_values(guest) ? HUTCH_FORMAT_TOO_LONG : result;
}
