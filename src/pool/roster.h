/**
 * @file roster.h
 * All workers of a pool by their ids.
 *
 * Threads: whoever holds the watcher's mutex.
 */
#ifndef HUTCH_POOL_ROSTER_H
#define HUTCH_POOL_ROSTER_H

#include "pool/watched.h"

#include <stddef.h>

/** A table of borrowed workers; all zero is an empty one. */
typedef struct hutch_roster {
    hutch_watched **places; /**< owned; a worker is at its id, masked */
    size_t capacity;        /**< a power of two, or 0 */
    size_t count;
    uint32_t last_id;
} hutch_roster;

/** Give the memory back; the workers stay. */
void hutch_roster_free(hutch_roster *roster);

/** Enter a worker; gives it its id. @return false: no memory */
bool hutch_roster_add(hutch_roster *roster, hutch_watched *watched);

/** @return borrowed; NULL when there is no such worker (any more) */
hutch_watched *hutch_roster_find(const hutch_roster *roster, uint32_t id);

/** Strike a worker out; its id is not given again. */
void hutch_roster_remove(hutch_roster *roster, const hutch_watched *watched);

#endif
