/**
 * @file strip.h
 * TypeScript to JavaScript, without moving a character: types become spaces,
 * line breaks stay, and every token that remains keeps its line and its column
 * (in UTF-16 units). Pure C: no engine, no system call, and no memory beyond
 * the output and a small stack. Takes time linear in the source.
 *
 * Threads: any; calls share nothing.
 */
#ifndef HUTCH_STRIP_H
#define HUTCH_STRIP_H

#include <hutch/allocator.h>
#include <hutch/api.h>
#include <hutch/error.h>
#include <hutch/init.h>
#include <hutch/wrapping.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

HUTCH_BEGIN_API

/** Nesting of brackets, blocks, types and expressions; a deeper source is refused. */
#define HUTCH_STRIP_DEPTH_MAX 1000

/** Longest source, bytes. */
#define HUTCH_STRIP_SOURCE_MAX UINT32_C(0x7fffffff)

/** What a source is. */
typedef enum hutch_strip_goal {
    HUTCH_STRIP_BODY,  /**< the body of an async function: `await` and `return` at the top */
    HUTCH_STRIP_MODULE /**< a file: `import`, `export`, `await` at the top */
} hutch_strip_goal;

/** How to strip. */
typedef struct hutch_strip_options {
    size_t size;                      /**< sizeof(hutch_strip_options) */
    hutch_strip_goal goal;            /**< default HUTCH_STRIP_BODY */
    const hutch_allocator *allocator; /**< borrowed; NULL: malloc and free */
    size_t stack_bytes; /**< C stack that nesting may take; a source that needs more is refused as
                             too deep. 0 (default): whatever HUTCH_STRIP_DEPTH_MAX needs, in an
                             optimised build less than 400 KiB */
    hutch_wrapping wrapping; /**< what becomes of a wrapping around a HUTCH_STRIP_BODY; default
                                  HUTCH_WRAPPING_AS_IS. A HUTCH_STRIP_MODULE has none */
    bool keeps_types;        /**< do what `wrapping` says, and leave the types where they are */
} hutch_strip_options;

#define HUTCH_STRIP_OPTIONS_INIT HUTCH_INIT(hutch_strip_options)

/** Most places where an unwrapped program goes on further to the right than in its source. */
#define HUTCH_STRIP_MOVES_MAX 4

/** Text on a line that the source has not: what follows it there is so much further to the right. */
typedef struct hutch_strip_move {
    size_t offset; /**< where it begins, bytes into the text that came out */
    size_t length; /**< bytes of it, all ASCII */
} hutch_strip_move;

/** The JavaScript. */
typedef struct hutch_strip_output {
    bool is_unchanged; /**< the source is JavaScript already; `text` is NULL, use the source */
    char *text;    /**< owned by the caller, free with hutch_strip_output_free(); a NUL follows */
    size_t length; /**< bytes of `text` */
    const char
        *head; /**< constant text without a line break, for a line of its own before the first
                           one; NULL: none. Without it the text is not whole */
    hutch_strip_move moves[HUTCH_STRIP_MOVES_MAX]; /**< in the order of the text */
    size_t move_count;
    uint32_t wrappers;   /**< what the source was wrapped in: bits 1 << hutch_wrapper */
    bool is_found_value; /**< what the program returns is its last expression's value, which it did
                              not say it would */
} hutch_strip_output;

/** Why a source cannot be stripped, and where. */
typedef struct hutch_strip_problem {
    uint32_t line;   /**< from 1 */
    uint32_t column; /**< from 1, UTF-16 units */
    size_t offset;   /**< bytes from the start of the source */
    size_t extent;   /**< bytes that are at fault; 0 at the end of the source */
    char message[HUTCH_ERROR_MESSAGE_SIZE]; /**< "expected …, found …"; no position in it */
    bool is_refusal;    /**< the source may be a sound program, and is refused for its wrapping */
    size_t code_offset; /**< where the program is in the source: all of it, or within its fence */
    size_t code_length; /**< bytes of it */
} hutch_strip_problem;

/**
 * Strip a source of its types.
 *
 * @param source   UTF-8; bytes that are not stay as they are inside literals and comments
 * @param length   bytes of `source`, at most HUTCH_STRIP_SOURCE_MAX
 * @param options  NULL means all defaults
 * @param output   [out] written on success only
 * @param problem  [out, optional] written for HUTCH_INVALID_ARGUMENT only
 * @return HUTCH_OK; HUTCH_INVALID_ARGUMENT (the source: see `problem`) or HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_strip(const char *source, size_t length, const hutch_strip_options *options,
                         hutch_strip_output *output, hutch_strip_problem *problem);

/**
 * Free what hutch_strip() gave.
 *
 * @param output     NULL, or one without a text, is nothing
 * @param allocator  the one of the options
 */
void hutch_strip_output_free(hutch_strip_output *output, const hutch_allocator *allocator);

HUTCH_END_API

#endif
