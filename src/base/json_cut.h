/**
 * @file json_cut.h
 * Cuts a large JSON text into pieces that can be parsed one by one and put
 * together again: each a bounded number of values and bytes. A piece is a list
 * of steps: complete items of the container that is open, a container that opens
 * in it, the end of it. The text has been judged (json_scan.h): nothing of it is
 * judged again, and no number and no white space in it is long, so that only a
 * string makes a piece longer than it should be. A piece of white space alone
 * has no steps.
 *
 * The text as a whole is the one item of a container that is an array.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_BASE_JSON_CUT_H
#define HUTCH_BASE_JSON_CUT_H

#include <hutch/limits.h>

#include <stdbool.h>
#include <stddef.h>

/** Most values of a piece, the containers that open in it included. */
#define HUTCH_JSON_CUT_VALUES 1250
/** Bytes after which a piece is cut after the present value; a string is never cut. */
#define HUTCH_JSON_CUT_BYTES ((size_t)64 * 1024)
/** Most containers that are open at the end of a piece and not at its beginning. */
#define HUTCH_JSON_CUT_LEVELS 64
/** Most steps of a piece. */
#define HUTCH_JSON_CUT_STEPS 160

/** What a step does. */
typedef enum hutch_json_step_kind {
    HUTCH_JSON_STEP_ITEMS,  /**< its text: items of the open container, with commas between them */
    HUTCH_JSON_STEP_ARRAY,  /**< an array opens; its text: its name, quotes included, or nothing */
    HUTCH_JSON_STEP_OBJECT, /**< the same, an object */
    HUTCH_JSON_STEP_CLOSE,  /**< the open container ends; no text */
} hutch_json_step_kind;

typedef struct hutch_json_step {
    hutch_json_step_kind kind;
    size_t from; /**< offsets in the text; steps never go back */
    size_t to;
} hutch_json_step;

/** A container that opens in the piece. */
typedef struct hutch_json_level {
    bool object;
    size_t name_from; /**< its name in its container; empty in an array */
    size_t name_to;
    size_t items_from; /**< its complete items */
    size_t items_to;
} hutch_json_level;

/** A text. Fields above the line may be read. */
typedef struct hutch_json_cut {
    size_t at; /**< where the next piece begins; at `length` there is none */
    size_t length;
    uint64_t values;                             /**< in the last piece */
    hutch_json_step steps[HUTCH_JSON_CUT_STEPS]; /**< of the last piece */
    size_t step_count;
    /* ---- */
    const char *text;
    uint32_t depth;                                     /* open containers before the piece */
    uint64_t kinds[HUTCH_JSON_DEPTH_MAX / 64 + 1];      /* a bit for each: an object */
    hutch_json_level levels[HUTCH_JSON_CUT_LEVELS + 1]; /* the one open before, then new ones */
    size_t level;                                       /* the innermost of them */
} hutch_json_cut;

/** Begin. @param text  borrowed; an array or an object, judged SOUND, with nothing taken out since */
void hutch_json_cut_begin(hutch_json_cut *cut, const char *text, size_t length);

/** Cut the next piece. */
void hutch_json_cut_next(hutch_json_cut *cut);

#endif
