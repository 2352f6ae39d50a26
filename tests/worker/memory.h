/*
 * Looking into another process: what it maps, and whether a text is anywhere in
 * it. Needs root, or a process that can be traced.
 */
#ifndef TESTS_WORKER_MEMORY_H
#define TESTS_WORKER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was found. */
typedef struct memory_search {
    size_t hits;
    size_t bytes;   /* that could be read */
    char where[64]; /* address and kind of the first hit */
} memory_search;

/* Whether this process may look. */
bool memory_can_search(void);

/* Searches all memory of a process for a text of single bytes, and for the same in UTF-16. */
memory_search memory_search_for(int64_t pid, const char *text);

/* The file of a process under /proc, whole and NUL-terminated; NULL when it cannot be read. Owned by
 * the caller. */
char *proc_read(int64_t pid, const char *name, size_t *length);

#endif
