/*
 * The roster: a table in which ids are chosen so that they do not collide.
 * There is at least one free place for each taken one, so a few tries are
 * enough, and growing keeps all workers apart: ids that differ in some bits
 * differ in more.
 */
#include "pool/roster.h"

#include "base/allocator.h"

enum { FIRST_CAPACITY = 16 };

void hutch_roster_free(hutch_roster *roster) {
    hutch_allocator_release(NULL, roster->places);
    *roster = (hutch_roster){.last_id = roster->last_id};
}

static bool grow(hutch_roster *roster) {
    size_t capacity = roster->capacity == 0 ? FIRST_CAPACITY : 2 * roster->capacity;
    hutch_watched **places = hutch_allocator_new(NULL, capacity * sizeof *places);
    if (places == NULL) {
        return false;
    }
    for (size_t i = 0; i < roster->capacity; i++) {
        if (roster->places[i] != NULL) {
            places[roster->places[i]->id & (capacity - 1)] = roster->places[i];
        }
    }
    hutch_allocator_release(NULL, roster->places);
    roster->places = places;
    roster->capacity = capacity;
    return true;
}

bool hutch_roster_add(hutch_roster *roster, hutch_watched *watched) {
    if (2 * (roster->count + 1) > roster->capacity && !grow(roster)) {
        return false;
    }
    do {
        roster->last_id++;
    } while (roster->last_id == 0 ||
             roster->places[roster->last_id & (roster->capacity - 1)] != NULL);
    watched->id = roster->last_id;
    roster->places[watched->id & (roster->capacity - 1)] = watched;
    roster->count++;
    return true;
}

hutch_watched *hutch_roster_find(const hutch_roster *roster, uint32_t id) {
    if (roster->capacity == 0) {
        return NULL;
    }
    hutch_watched *watched = roster->places[id & (roster->capacity - 1)];
    return watched != NULL && watched->id == id ? watched : NULL;
}

void hutch_roster_remove(hutch_roster *roster, const hutch_watched *watched) {
    if (hutch_roster_find(roster, watched->id) == watched) {
        roster->places[watched->id & (roster->capacity - 1)] = NULL;
        roster->count--;
    }
}
