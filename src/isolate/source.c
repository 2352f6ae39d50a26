/*
 * Compiling a program, and the places in it; see source.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/source.h"

#include "base/checked.h"
#include "base/utf8.h"
#include "isolate/mask.h"
#include "isolate/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Two ways to stand around a function body. Each prefix has two lines. */
/* The head of the program, and a line break, follow the prefix. */
typedef struct wrapper {
    const char *prefix;
    const char *suffix;
} wrapper;

static const wrapper as_function = {"\n(1?async function(){", "\n}:0)"};
static const wrapper as_method = {"\n({async m(){", "\n}})"};

/* Room for either, and for the NUL that the engine wants. */
#define PREFIX_ROOM ((size_t)160)
#define SUFFIX_ROOM ((size_t)16)
/* So that the line after a prefix is line 1; 0 would mean "1" to the engine. */
#define FIRST_LINE (-1)

/* Room for a program of this length; NULL without memory. */
static char *new_room(JSContext *ctx, size_t length) {
    size_t size = 0;
    return hutch_checked_add(length, PREFIX_ROOM + SUFFIX_ROOM, &size) ? js_malloc(ctx, size)
                                                                       : NULL;
}

static bool is_ascii(const hutch_source *source) {
    return hutch_utf8_utf16_units(source->code, source->length) == source->length;
}

bool hutch_source_set(hutch_source *source, JSContext *ctx, const char *code, size_t length,
                      uint32_t run) {
    size_t repaired = hutch_utf8_repaired_length(code, length);
    char *room = new_room(ctx, repaired);
    if (room == NULL) {
        return false;
    }
    *source =
        (hutch_source){.room = room, .code = room + PREFIX_ROOM, .length = repaired, .run = run};
    hutch_utf8_repair(code, length, source->code);
    source->ascii = is_ascii(source);
    return true;
}

bool hutch_source_replace(hutch_source *source, JSContext *ctx, const char *code, size_t length) {
    /* Blanks are never longer than what they stand for; only enums and the like may need more. */
    if (length > source->length) {
        char *room = new_room(ctx, length);
        if (room == NULL) {
            return false;
        }
        js_free(ctx, source->room);
        source->room = room;
        source->code = room + PREFIX_ROOM;
    }
    memcpy(source->code, code, length);
    source->length = length;
    source->ascii = source->ascii || is_ascii(source);
    return true;
}

const char *hutch_source_mask(hutch_source *source, JSContext *ctx) {
    if (source->mask == NULL) {
        source->mask = js_malloc_rt(JS_GetRuntime(ctx), source->length + 1);
        if (source->mask != NULL) {
            hutch_mask_write(source->code, source->length, source->mask);
        }
    }
    return source->mask;
}

void hutch_source_free(hutch_source *source, JSContext *ctx) {
    js_free(ctx, source->room);
    js_free(ctx, source->mask);
    source->mask = NULL;
    js_free(ctx, source->problem);
    source->room = NULL;
    source->code = NULL;
    source->problem = NULL;
}

/* Compile in one of the wrappers, run nothing. */
static JSValue compile(const hutch_source *source, JSContext *ctx, const wrapper *around) {
    char name[sizeof HUTCH_SOURCE_NAME + sizeof "#4294967295"] = HUTCH_SOURCE_NAME;
    if (source->run > 1) {
        snprintf(name, sizeof name, HUTCH_SOURCE_NAME "#%" PRIu32, source->run);
    }
    const char *head = source->head != NULL ? source->head : "";
    size_t begin = strlen(around->prefix);
    size_t before = begin + strlen(head) + 1;
    size_t after = strlen(around->suffix);
    char *text = source->code - before;
    memcpy(text, around->prefix, begin);
    memcpy(text + begin, head, before - begin - 1);
    text[before - 1] = '\n';
    memcpy(source->code + source->length, around->suffix, after + 1);

    JSEvalOptions options = {.version = JS_EVAL_OPTIONS_VERSION,
                             .eval_flags = JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY,
                             .filename = name,
                             .line_num = FIRST_LINE};
    JSValue code = JS_Eval2(ctx, text, before + source->length + after, &options);
    if (!JS_IsException(code) && JS_HasException(ctx)) {
        /* The parser's looks ahead leave errors behind that turned out to be none. */
        JS_FreeValue(ctx, JS_GetException(ctx));
    }
    return code;
}

/* The code of the program, compiled and checked but not run. */
static JSValue compile_body(hutch_source *source, JSContext *ctx) {
    hutch_scan_result scan = hutch_scan(source->code, source->length, &source->stray_at);
    source->strayed = scan == HUTCH_SCAN_CLOSES;

    JSValue code = compile(source, ctx, &as_function);
    if (JS_IsException(code)) {
        return code;
    }
    if (scan == HUTCH_SCAN_CLOSES) {
        JS_FreeValue(ctx, code);
        return JS_Throw(ctx, JS_NULL);
    }
    if (scan == HUTCH_SCAN_UNKNOWN) {
        JSValue check = compile(source, ctx, &as_method);
        if (JS_IsException(check)) {
            JS_FreeValue(ctx, code);
            return check;
        }
        JS_FreeValue(ctx, check);
    }
    return code;
}

/* Only the first program of a context has the name that all others of its text had. */
static bool may_be_kept(const hutch_source *source, const hutch_code_cache *cache) {
    return cache != NULL && source->run == 1;
}

/* What came out of the cache or the compiler, as a function. */
static JSValue make_function(JSContext *ctx, JSValue code) {
    return JS_IsException(code) || JS_IsUndefined(code) ? code : JS_EvalFunction(ctx, code);
}

JSValue hutch_source_recall(const hutch_source *source, JSContext *ctx,
                            const hutch_code_cache *cache, hutch_wrapping wrapping) {
    if (!may_be_kept(source, cache)) {
        return JS_UNDEFINED;
    }
    return make_function(
        ctx, hutch_code_cache_load_plain(cache, ctx, source->code, source->length, wrapping));
}

JSValue hutch_source_compile(hutch_source *source, JSContext *ctx, hutch_code_cache *cache,
                             hutch_wrapping wrapping) {
    JSValue code = JS_UNDEFINED;
    if (may_be_kept(source, cache)) {
        code = hutch_code_cache_load(cache, ctx, source->code, source->length, source->head);
    }
    if (JS_IsUndefined(code)) {
        code = compile_body(source, ctx);
        if (!JS_IsException(code) && may_be_kept(source, cache)) {
            hutch_code_cache_note(cache, ctx, source->code, source->length, code,
                                  &(hutch_code_kind){source->head, source->plain, wrapping});
        }
    }
    return make_function(ctx, code);
}

/* Bytes of the line end at `at`, 0 when there is none. */
static size_t line_end(const hutch_source *source, size_t at) {
    if (source->code[at] == '\n') {
        return 1;
    }
    if (source->code[at] != '\r') {
        return 0;
    }
    return at + 1 < source->length && source->code[at + 1] == '\n' ? 2 : 1;
}

/* Where the line with the byte `offset` begins, and its number. */
static size_t line_begin(const hutch_source *source, size_t offset, uint32_t *line) {
    size_t begin = 0;
    *line = 1;
    for (size_t at = 0; at < offset;) {
        size_t end = line_end(source, at);
        at += end > 0 ? end : 1;
        if (end > 0 && at <= offset) {
            begin = at;
            ++*line;
        }
    }
    return begin;
}

void hutch_source_set_moves(hutch_source *source, const hutch_strip_output *output) {
    source->head = output->head;
    source->move_count = output->move_count;
    source->wrappers = output->wrappers;
    source->is_found_value = output->is_found_value;
    for (size_t i = 0; i < output->move_count; i++) {
        hutch_source_move *move = &source->moves[i];
        size_t offset = output->moves[i].offset;
        size_t begin = line_begin(source, offset, &move->line);
        move->column = (uint32_t)(offset - begin) + 1;
        move->units = (uint32_t)hutch_utf8_utf16_units(source->code + begin, offset - begin) + 1;
        move->length = (uint32_t)output->moves[i].length;
    }
}

/* How much further to the right a column is than in the caller's text. @param in_bytes  it counts bytes */
static uint32_t moved_by(const hutch_source *source, uint32_t line, uint32_t column,
                         bool in_bytes) {
    uint32_t moved = 0;
    for (size_t i = 0; i < source->move_count; i++) {
        const hutch_source_move *move = &source->moves[i];
        uint32_t from = in_bytes ? move->column : move->units;
        if (move->line == line && column > from) {
            moved += column - from < move->length ? column - from : move->length;
        }
    }
    return moved;
}

hutch_position hutch_source_place(const hutch_source *source, size_t offset) {
    hutch_position place = {0};
    size_t begin = line_begin(source, offset, &place.line);
    size_t units = hutch_utf8_utf16_units(source->code + begin, offset - begin);
    place.column = (uint32_t)units + 1;
    place.column -= moved_by(source, place.line, place.column, false);
    return place;
}

hutch_position hutch_source_end(const hutch_source *source) {
    return hutch_source_place(source, source->length);
}

/* Where a line begins; the program's end where it has fewer. */
static size_t line_start(const hutch_source *source, uint32_t line) {
    size_t at = 0;
    for (uint32_t left = line; left > 1 && at < source->length;) {
        size_t end = line_end(source, at);
        at += end > 0 ? end : 1;
        left -= end > 0;
    }
    return at;
}

size_t hutch_source_offset(const hutch_source *source, hutch_position place) {
    size_t at = line_start(source, place.line);
    for (size_t i = 0; i < source->move_count; i++) {
        const hutch_source_move *move = &source->moves[i];
        if (move->line == place.line && place.column >= move->units) {
            place.column += move->length;
        }
    }
    for (uint32_t left = place.column; left > 1 && at < source->length;) {
        if (line_end(source, at) > 0) {
            break;
        }
        hutch_character next = hutch_utf8_next(source->code + at, source->length - at);
        uint32_t units = hutch_utf8_units_of(next.point);
        at += next.bytes;
        left -= units < left ? units : left - 1;
    }
    return at;
}

hutch_position hutch_source_position(const hutch_source *source, uint32_t line, uint32_t column) {
    uint32_t moved = column > 0 ? moved_by(source, line, column, true) : 0;
    hutch_position position = {line, column - moved};
    if (source->code == NULL || source->ascii || column == 0) {
        return position;
    }
    size_t at = line_start(source, line);
    size_t rest = source->length - at;
    size_t bytes = column - 1 < rest ? column - 1 : rest;
    bytes = hutch_utf8_cut(source->code + at, rest, bytes);
    position.column = (uint32_t)hutch_utf8_utf16_units(source->code + at, bytes) + 1 - moved;
    return position;
}
