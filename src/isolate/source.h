/**
 * @file source.h
 * The text of one program, from its arrival to the function it becomes.
 *
 * A program is the body of an async function and must be one on its own: text
 * that closes this function and opens another is a syntax error. It is compiled
 * as `(1?async function(){ … }:0)`. After a brace that closed this function
 * early, only an operator, a call or a colon could follow, never a comma or a
 * brace. Where hutch_scan() cannot show that there is no such brace, the
 * program must also compile as `({async m(){ … }})`, where only a comma or a
 * brace could follow. No text satisfies both.
 *
 * Both begin with a line of their own, at a line number that makes the
 * program's first line 1.
 *
 * Of a program in TypeScript all this is said of its JavaScript (typescript.h), which
 * takes its place before it is compiled.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_SOURCE_H
#define HUTCH_ISOLATE_SOURCE_H

#include <hutch/strip.h>

#include "isolate/code_cache.h"

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What programs are called in stacks. The engine sees `program.ts#2` from the second run of a
 *  context on, so that frames of functions that outlived their run can be told. */
#define HUTCH_SOURCE_NAME "program.ts"

/** A place in a program, both from 1; the column in UTF-16 units. */
typedef struct hutch_position {
    uint32_t line;
    uint32_t column;
} hutch_position;

/** Text in the program that the caller's has not. */
typedef struct hutch_source_move {
    uint32_t line; /**< from 1 */
    uint32_t
        column; /**< where it begins, from 1; of ASCII text before it in UTF-16 units and bytes */
    uint32_t units; /**< the same, in UTF-16 units */
    uint32_t length;
} hutch_source_move;

/** The text of a run's program; all zero: none. */
typedef struct hutch_source {
    char *room;    /**< owned: space for a prefix, the program, space for a suffix */
    char *code;    /**< the program, within `room`; valid UTF-8 */
    char *mask;    /**< owned: hutch_source_mask() of it, once it was asked for; or NULL */
    size_t length; /**< bytes of it */
    bool ascii;
    bool plain;       /**< the stripper has found no types in it */
    bool strayed;     /**< a brace closes more than the program has opened … */
    size_t stray_at;  /**< … at this byte */
    const char *head; /**< constant text that is on a line before the program; or NULL */
    hutch_source_move moves[HUTCH_STRIP_MOVES_MAX]; /**< in the order of the text */
    size_t move_count;
    uint32_t wrappers;            /**< as hutch_strip_output.wrappers */
    bool is_found_value;          /**< as hutch_strip_output.is_found_value */
    uint32_t run;                 /**< number of the run */
    hutch_strip_problem *problem; /**< owned: why its types could not be told; NULL: they could */
} hutch_source;

/** Keep a copy of a program; invalid UTF-8 becomes U+FFFD. @return false without memory */
bool hutch_source_set(hutch_source *source, JSContext *ctx, const char *code, size_t length,
                      uint32_t run);

/** Put another text in the place of the program's. @param code  valid UTF-8, copied. @return false
 *  without memory, the program is then as it was */
bool hutch_source_replace(hutch_source *source, JSContext *ctx, const char *code, size_t length);

/** What the stripper has put into the text that it gave. */
void hutch_source_set_moves(hutch_source *source, const hutch_strip_output *output);

/** Take it from the cache before it is looked at for types or a wrapping, where it is known to have neither.
 *  @param wrapping  which is looked for. @return the function, JS_UNDEFINED where it is not known, or
 *  JS_EXCEPTION */
JSValue hutch_source_recall(const hutch_source *source, JSContext *ctx,
                            const hutch_code_cache *cache, hutch_wrapping wrapping);

/** Compile it, or take it from the cache, NULL being none. @return the function, or JS_EXCEPTION with
 *  the error pending; a plain `null` is pending where only hutch_source.strayed tells what is wrong */
JSValue hutch_source_compile(hutch_source *source, JSContext *ctx, hutch_code_cache *cache,
                             hutch_wrapping wrapping);

/** Which bytes of the program are code (mask.h), kept with it; NULL without memory, no error is pending. */
const char *hutch_source_mask(hutch_source *source, JSContext *ctx);

/** Give the text back, where it is no longer needed. */
void hutch_source_free(hutch_source *source, JSContext *ctx);

/** Number of lines, and the place after the last character. */
hutch_position hutch_source_end(const hutch_source *source);

/** The place of a byte of the program. */
hutch_position hutch_source_place(const hutch_source *source, size_t offset);

/** The byte at a place, or where its line ends before it. */
size_t hutch_source_offset(const hutch_source *source, hutch_position place);

/** What the engine calls column `column`, which counts bytes. */
hutch_position hutch_source_position(const hutch_source *source, uint32_t line, uint32_t column);

#endif
