/**
 * @file names.h
 * Which names were declared in which scope: those of classes, functions, enums
 * and namespaces (a second declaration of one must not write `var` again) and
 * of the members of enums (a value may refer to an earlier one).
 *
 * An open hash table of hashes and positions in the source.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_STRIP_NAMES_H
#define HUTCH_STRIP_NAMES_H

#include <hutch/allocator.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct strip_name {
    const unsigned char *text; /* in the source; NULL: free */
    uint32_t length;
    uint32_t scope;
    uint32_t value; /* of an enum or namespace: the scope of its members; of a member: its kind */
    uint32_t parts; /* of a namespace: how often it has been opened */
    uint32_t part;  /* of what a namespace exports: in which part, from 1; else 0 */
    uint32_t declared; /* 1 + the part of the namespace around in which it is a variable; 0: none */
} strip_name;

typedef struct strip_names {
    strip_name *rows;
    size_t room; /* a power of two, or 0 */
    size_t count;
    uint32_t seed; /* of the hashes, so that no source can choose names that collide */
} strip_names;

/** The entry of a name in a scope, or NULL. */
strip_name *strip_names_find(const strip_names *names, const unsigned char *text, size_t length,
                             uint32_t scope);

/** Add a name, or find it again. @return NULL when out of memory */
strip_name *strip_names_add(strip_names *names, const hutch_allocator *allocator,
                            const unsigned char *text, size_t length, uint32_t scope);

#endif
