/**
 * @file code_cache.h
 * Compiled code of programs that an isolate has been given before, outside of
 * its arena: compiling takes ten times as long as reading what was compiled.
 *
 * A program is kept when it comes for the second time; of one that came once
 * only a hash stays. So what a single guest was told to do, and what its
 * program knew, goes with that guest. Nothing that a guest has made gets here:
 * code is written before the program has run, by the engine, from the
 * program's text, and is found again by that whole text.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_CODE_CACHE_H
#define HUTCH_ISOLATE_CODE_CACHE_H

#include <hutch/wrapping.h>

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>

/** Programs that are kept at most. */
#define HUTCH_CODE_CACHE_PROGRAMS 32
/** Bytes that text and code of a program may have together; a larger one is compiled each time. */
#define HUTCH_CODE_CACHE_BYTES 32768

/** What else than its text tells a program, and what is known of it. */
typedef struct hutch_code_kind {
    const char *head; /**< hutch_source.head: constants, and told by their address */
    bool is_plain; /**< the text is what came: neither types nor a wrapping was found in it … */
    hutch_wrapping wrapping; /**< … when this was looked for */
} hutch_code_kind;

/** Owned by an isolate; takes memory only as it is filled. */
typedef struct hutch_code_cache hutch_code_cache;

/** @return NULL without memory */
hutch_code_cache *hutch_code_cache_new(void);

/** NULL is nothing. */
void hutch_code_cache_free(hutch_code_cache *cache);

/** The code of a program, for JS_EvalFunction(); JS_UNDEFINED: it is not kept; JS_EXCEPTION: the heap
 *  had no room for it. */
JSValue hutch_code_cache_load(const hutch_code_cache *cache, JSContext *ctx, const char *text,
                              size_t length, const char *head);

/** The same, of a program only which was noted as one without types and, when this was looked for, without
 *  a wrapping: what it means is known before it has been looked at for them. */
JSValue hutch_code_cache_load_plain(const hutch_code_cache *cache, JSContext *ctx, const char *text,
                                    size_t length, hutch_wrapping wrapping);

/** Note a program that has just been compiled, and keep its code if it has been noted before. Without
 *  memory for that nothing is kept, and the run does not suffer. @param kind  copied */
void hutch_code_cache_note(hutch_code_cache *cache, JSContext *ctx, const char *text, size_t length,
                           JSValueConst code, const hutch_code_kind *kind);

#endif
