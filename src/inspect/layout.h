/**
 * @file layout.h
 * The text side of inspection: values under construction, quoting, and the
 * rules by which entries share a line, stand in columns or get a line each.
 * Knows no engine.
 *
 * `text` is a stack: a value is built at its end, and a value that contains
 * others replaces them by itself when it is closed. Where memory or the bound
 * runs out, `failed` or `full` is set and further text is dropped, so callers
 * check once at the end instead of after each piece.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_INSPECT_LAYOUT_H
#define HUTCH_INSPECT_LAYOUT_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A line may be this long before entries are broken over several lines. */
#define HUTCH_LAYOUT_LINE_WIDTH 80
/** Levels of nesting that may share one line. */
#define HUTCH_LAYOUT_INLINE_LEVELS 3
/** More entries of an array than this are put in columns where that helps. */
#define HUTCH_LAYOUT_COLUMN_ENTRIES 6

/** One formatted entry: a range of `text`, measured. */
typedef struct hutch_layout_entry {
    size_t start;
    size_t length;
    size_t units; /**< UTF-16 units */
    size_t width; /**< columns on a terminal */
} hutch_layout_entry;

/** The text of one value and of all values around it. */
typedef struct hutch_layout {
    hutch_buffer text;
    hutch_buffer spare; /**< where a value is put together */
    hutch_layout_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    const hutch_allocator *allocator; /**< NULL: the host's; borrowed */
    size_t indent;                    /**< columns before the present line's first entry */
    unsigned deepest; /**< level of the object that was opened last; 1 is the outermost */
    bool failed;      /**< no memory */
    bool full;        /**< the bound was met: text is missing */
} hutch_layout;

/** A value with entries, between open and close. */
typedef struct hutch_layout_group {
    size_t start;       /**< of the value in `text`: prefix, then opening, then entries */
    size_t prefix_end;  /**< "[Function: f]", a stack trace; often empty */
    size_t opening_end; /**< "{", "Foo {", "Map(2) {", "[" */
    size_t first_entry;
    const char *closing;
    unsigned level; /**< 1 is the outermost */
    bool columns;   /**< an array: entries may stand in columns */
    bool numbers;   /**< all its entries are numbers: columns are aligned to the right */
    bool left_out;  /**< the last entry says how many more there are */
} hutch_layout_group;

/** @param bound  bytes of text after which further text is dropped */
void hutch_layout_init(hutch_layout *layout, size_t bound, const hutch_allocator *allocator);
void hutch_layout_free(hutch_layout *layout);

/** Append text to the value under construction. */
void hutch_layout_put(hutch_layout *layout, const char *text, size_t length);
void hutch_layout_put_text(hutch_layout *layout, const char *text);
void hutch_layout_put_count(hutch_layout *layout, uint64_t count);

/**
 * Append a string in quotes, escaped as a JavaScript literal; over several
 * lines joined with `+` where it is long and has line feeds.
 *
 * @param text  UTF-8 in which lone surrogates may stand as three bytes
 */
void hutch_layout_put_quoted(hutch_layout *layout, const char *text, size_t length);
/** The same, always on one line: property names. */
void hutch_layout_put_quoted_line(hutch_layout *layout, const char *text, size_t length);

/** Append text; each of its lines but the first is indented like the present value. */
void hutch_layout_put_indented(hutch_layout *layout, const char *text, size_t length);

/** What was appended since `start` is an entry of the innermost open group. */
void hutch_layout_end_entry(hutch_layout *layout, size_t start);

/**
 * Replace a group's parts by the finished value.
 *
 * @param reference  number by which the value is referred to from inside itself; 0: it is not
 */
void hutch_layout_close(hutch_layout *layout, const hutch_layout_group *group, unsigned reference);

#endif
