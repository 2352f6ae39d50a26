/**
 * @file nearest.h
 * Which tools a wrong name was probably meant to be.
 *
 * Threads: any; a pure function.
 */
#ifndef HUTCH_ISOLATE_NEAREST_H
#define HUTCH_ISOLATE_NEAREST_H

#include <stddef.h>

/** Most suggestions. */
#define HUTCH_NEAREST_MAX 3
/** Longest name that suggestions are looked for, and longest tool name that is suggested. */
#define HUTCH_NEAREST_NAME_MAX ((size_t)64)

/** A name; borrowed, not NUL-terminated. */
typedef struct hutch_name {
    const char *data;
    size_t length;
} hutch_name;

/** The name of candidate number `index`. */
typedef hutch_name hutch_name_at(const void *candidates, size_t index);

/** How near the nearest one is. */
typedef enum hutch_nearness {
    HUTCH_NEAREST_NONE,
    HUTCH_NEAREST_SIMILAR, /**< a few letters differ, or one name holds the other */
    HUTCH_NEAREST_SAME,    /**< but for case, `_`, `$`, and a prefix that ends with `_` */
} hutch_nearness;

/**
 * Find the candidates that are near to a name, the nearest first, otherwise in
 * their order. Takes time proportional to `count`.
 *
 * @param found  [out] indexes of them
 * @param most   [out] how many, at most HUTCH_NEAREST_MAX
 */
hutch_nearness hutch_nearest(hutch_name name, hutch_name_at *at, const void *candidates,
                             size_t count, size_t found[HUTCH_NEAREST_MAX], size_t *most);

#endif
