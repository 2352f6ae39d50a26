/**
 * @file output.h
 * What becomes of the source: characters blanked or written over in place, and
 * text inserted between them. Positions are offsets into the source, in bytes.
 *
 * Invariant: until strip_output_finish() the text is as long as the source, and
 * outside of blanked ranges equal to it (but for single characters written over).
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_STRIP_OUTPUT_H
#define HUTCH_STRIP_OUTPUT_H

#include <hutch/allocator.h>
#include <hutch/strip.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Text to be put before an offset. */
typedef struct strip_insertion {
    size_t before;
    size_t from; /* in `words` */
    size_t length;
    bool is_move; /* what follows on its line is told to be further to the right */
} strip_insertion;

typedef struct strip_insertions {
    strip_insertion *rows;
    size_t count;
    size_t room;
} strip_insertions;

typedef struct strip_output {
    const unsigned char *source; /* borrowed */
    unsigned char *text;
    size_t length; /* of both */
    bool has_edits;
    bool has_wide; /* characters of several bytes were blanked */
    bool has_no_memory;
    bool is_frozen; /* nothing is edited: only what is thawed for it */
    hutch_strip_move moves[HUTCH_STRIP_MOVES_MAX]; /* in the final text */
    size_t move_count;
    const hutch_allocator *allocator;
    strip_insertions insertions; /* in the order in which they were made, until the end */
    strip_insertions waiting;    /* those whose place is not known yet, the innermost last */
    size_t comparisons;          /* made while sorting */
    char *words;
    size_t words_length;
    size_t words_room;
} strip_output;

/** Spaces for everything but line breaks, as many as the range has UTF-16 units. */
void strip_output_blank(strip_output *out, size_t from, size_t to);

/** Write one ASCII character over the one that begins there, which has been blanked. */
void strip_output_put(strip_output *out, size_t at, char character);

/** As strip_output_put(), over the last UTF-16 unit before `end`. */
void strip_output_put_last(strip_output *out, size_t end, char character);

/** Put text before an offset, after what was put there earlier. */
void strip_output_insert(strip_output *out, size_t before, const char *text, size_t length);

/** The same for one of at most HUTCH_STRIP_MOVES_MAX texts whose place is told. */
void strip_output_insert_move(strip_output *out, size_t before, const char *text, size_t length);

/** Text whose place is not known yet. `waiting.count` before the first one tells them apart. */
void strip_output_wait(strip_output *out, const char *text, size_t length);

/** Put what waits, from that number on, before an offset. */
void strip_output_place(strip_output *out, size_t first, size_t before);

/** Forget all insertions but the first `count`. */
static inline void strip_output_forget(strip_output *out, size_t count) {
    out->insertions.count = count;
}

/** Make the final text. @param length [out] @return false when out of memory */
bool strip_output_finish(strip_output *out, size_t *length);

/** Give back everything but the text. */
void strip_output_release(strip_output *out);

#endif
