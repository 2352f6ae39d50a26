/*
 * Hints; see hint.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/hint.h"

#include "base/tool_name.h"
#include "base/utf8.h"
#include "isolate/nearest.h"
#include "isolate/thrown.h"

#include <string.h>

/* How the engine says it; the name is before it. */
static const char complaint[] = " is not defined";

/* Most tools that are named where no name is near, and most bytes of that list. */
#define TOOLS_SHOWN ((size_t)8)
#define LIST_MAX ((size_t)300)
/* Of which this much is kept for " and N more". */
#define LIST_END 32
/* Longer names of tools are cut in the list. */
#define TOOL_NAME_SHOWN 64

/* Globals of other runtimes, by what stands in for them. Sorted by nothing: it is read once a
 * failure. */
typedef struct missing {
    const char *reason;
    bool lists_tools; /* a tool could do it */
    const char *names[22];
} missing;

static const missing globals[] = {
    {"a program has no network, its tools are all that reaches outside",
     true,
     {"fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Request", "Response", "Headers",
      "FormData", "axios"}},
    {"a program has no timers: it can only wait for tools and promises, and queueMicrotask() puts "
     "work off",
     false,
     {"setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval",
      "clearImmediate", "requestAnimationFrame", "requestIdleCallback"}},
    {"a program has no modules, files, processes or environment, its tools are all that reaches "
     "outside",
     true,
     {"require", "module", "exports", "process", "global", "fs", "path", "os", "child_process",
      "__dirname", "__filename", "Deno", "Bun", "std"}},
    {"a program has no packages: do without it, in plain JavaScript",
     false,
     {"lodash", "underscore", "ramda", "moment", "dayjs", "luxon", "zod", "cheerio", "uuid",
      "uuidv4", "jQuery", "Papa", "XLSX"}},
    {"a program does not run in a browser: it has no page, window or storage",
     false,
     {"window", "document", "self", "navigator", "location", "localStorage", "sessionStorage",
      "indexedDB", "alert", "prompt", "confirm", "DOMParser", "HTMLElement"}},
    {"there is no such class here: take the text apart with split() or a regular expression, and "
     "escape with encodeURIComponent()",
     false,
     {"URL", "URLSearchParams", "URLPattern"}},
    {"there is no such class here: Uint8Array holds bytes, with fromBase64(), toBase64(), "
     "fromHex() and toHex(); btoa() and atob() convert text",
     false,
     {"Buffer", "TextEncoder", "TextDecoder", "Blob", "File", "FileReader"}},
    {"a program has no cryptography; Math.random() is there for what need not be secret",
     false,
     {"crypto", "Crypto", "SubtleCrypto", "CryptoKey"}},
    {"use JSON.parse(JSON.stringify(value)) to copy plain data", false, {"structuredClone"}},
    {"there is no Intl here: use toFixed(), padStart() and Date.prototype.toISOString()",
     false,
     {"Intl", "Temporal"}},
    {"a program cannot be aborted from inside, and has no events and streams: use promises, "
     "callbacks and generators",
     false,
     {"AbortController", "AbortSignal", "Event", "EventTarget", "CustomEvent", "EventEmitter",
      "ReadableStream", "WritableStream", "TransformStream", "MessageChannel", "BroadcastChannel"}},
    {"a program has one thread and cannot load machine code",
     false,
     {"Worker", "SharedWorker", "WebAssembly"}},
};

static const missing *find_missing(hutch_name name) {
    for (size_t i = 0; i < sizeof globals / sizeof globals[0]; i++) {
        size_t most = sizeof globals[i].names / sizeof globals[i].names[0];
        for (size_t j = 0; j < most && globals[i].names[j] != NULL; j++) {
            if (strlen(globals[i].names[j]) == name.length &&
                memcmp(globals[i].names[j], name.data, name.length) == 0) {
                return &globals[i];
            }
        }
    }
    return NULL;
}

static hutch_name tool_name(const void *candidates, size_t index) {
    const hutch_guest_tool *tool = (const hutch_guest_tool *)candidates + index;
    return (hutch_name){tool->bound.data, tool->bound.length};
}

/* How many of the tools the list has room for. */
static size_t tools_shown(const hutch_guest *guest) {
    size_t most = guest->tool_count < TOOLS_SHOWN ? guest->tool_count : TOOLS_SHOWN;
    size_t room = LIST_MAX - LIST_END;
    for (size_t i = 0; i < most; i++) {
        size_t length = guest->tools[i].bound.length;
        size_t needed = (length < TOOL_NAME_SHOWN ? length : TOOL_NAME_SHOWN) + strlen(", ");
        if (needed > room) {
            return i;
        }
        room -= needed;
    }
    return most;
}

static void list_tools(const hutch_guest *guest, hutch_buffer *message) {
    size_t shown = tools_shown(guest);
    hutch_report_format(message, ": ");
    for (size_t i = 0; i < shown; i++) {
        hutch_report_format(message, "%s%.*s", i > 0 ? ", " : "", TOOL_NAME_SHOWN,
                            guest->tools[i].bound.data);
    }
    if (shown < guest->tool_count) {
        hutch_report_format(message, " and %zu more", guest->tool_count - shown);
    }
}

static void suggest(const hutch_guest *guest, const size_t *found, size_t count,
                    hutch_buffer *message) {
    hutch_report_format(message, "; did you mean ");
    for (size_t i = 0; i < count; i++) {
        hutch_report_format(message, "%s'%s'",
                            i == 0           ? ""
                            : i == count - 1 ? " or "
                                             : ", ",
                            guest->tools[found[i]].bound.data);
    }
    hutch_report_format(message, "?");
}

/* Whether the name of a tool is not an identifier and begins with this word: `list` of
 * `list-issues({})`, which JavaScript reads as a difference. */
static bool begins_with(const hutch_guest_tool *tool, hutch_name word) {
    const hutch_text *whole = &tool->name;
    return whole->length > word.length && memcmp(whole->data, word.data, word.length) == 0 &&
           hutch_tool_name_word(whole->data, whole->length) == word.length;
}

/* Tells what those are called. @return whether there are any */
static bool tell_bindings(const hutch_guest *guest, hutch_name word, hutch_buffer *message) {
    size_t told = 0;
    for (size_t i = 0; i < guest->tool_count && told < TOOLS_SHOWN; i++) {
        const hutch_guest_tool *tool = &guest->tools[i];
        if (begins_with(tool, word)) {
            size_t shown = hutch_utf8_cut(tool->name.data, tool->name.length, TOOL_NAME_SHOWN);
            hutch_report_format(
                message, told == 0 ? "; the tool '%.*s' is called %s here" : ", '%.*s' is %s",
                (int)shown, tool->name.data, tool->bound.data);
            told++;
        }
    }
    return told > 0;
}

static void add_hint(const hutch_guest *guest, hutch_name name, hutch_buffer *message) {
    size_t found[HUTCH_NEAREST_MAX];
    size_t count = 0;
    hutch_nearness near =
        hutch_nearest(name, tool_name, guest->tools, guest->tool_count, found, &count);
    const missing *known = near == HUTCH_NEAREST_SAME ? NULL : find_missing(name);
    if (tell_bindings(guest, name, message)) {
        return;
    }
    if (known != NULL) {
        hutch_report_format(message, "; %s", known->reason);
        if (known->lists_tools && guest->tool_count == 0) {
            hutch_report_format(message, " (it has none)");
        } else if (known->lists_tools) {
            list_tools(guest, message);
        }
    } else if (near != HUTCH_NEAREST_NONE) {
        suggest(guest, found, count, message);
    } else if (guest->tool_count > 0) {
        hutch_report_format(message, "; the tools are");
        list_tools(guest, message);
    }
}

void hutch_hint_append(hutch_guest *guest, JSValueConst thrown) {
    if (!hutch_thrown_is(guest, thrown, guest->reference_error)) {
        return;
    }
    hutch_buffer *message = &guest->isolate->report.message;
    const char *text = hutch_thrown_own_text(guest->ctx, thrown, "message");
    size_t length = text != NULL ? strlen(text) : 0;
    size_t tail = sizeof complaint - 1;
    /* The report may have read something else, if the guest has put a getter in between. */
    if (length > tail && length == message->length && memcmp(text, message->data, length) == 0 &&
        strcmp(text + length - tail, complaint) == 0) {
        add_hint(guest, (hutch_name){text, length - tail}, message);
    }
    JS_FreeCString(guest->ctx, text);
    hutch_guest_clear_exception(guest);
}
