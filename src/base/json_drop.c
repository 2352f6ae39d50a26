/*
 * Members that are taken out; see json_drop.h. Owns nothing.
 *
 * Invariant: kept <= run <= the place of reading, so nothing that has not been
 * read is written over.
 *
 * Threads: one at a time.
 */
#include "base/json_drop.h"

#include <string.h>

#define FIRST SIZE_MAX

/* Moves the bytes from `run` to `at`, which stay. */
static void settle(hutch_json_drop *drop, size_t at) {
    size_t length = at - drop->run;
    if (drop->kept != drop->run && length > 0) {
        memmove(drop->text + drop->kept, drop->text + drop->run, length);
    }
    drop->kept += length;
    drop->run = at;
}

/* Where a byte that stays is going to be. */
static size_t place_of(const hutch_json_drop *drop, size_t at) {
    return drop->kept + (at - drop->run);
}

void hutch_json_drop_begin(hutch_json_drop *drop, char *text, size_t at) {
    drop->text = text;
    drop->run = at;
}

void hutch_json_drop_end(hutch_json_drop *drop, size_t at) {
    if (drop->depth == 0) {
        settle(drop, at);
    }
    drop->text = NULL;
}

void hutch_json_drop_object(hutch_json_drop *drop) {
    if (drop->depth == 0) {
        drop->comma = FIRST;
    }
}

void hutch_json_drop_comma(hutch_json_drop *drop, size_t at) {
    if (drop->depth != 0) {
        return;
    }
    if (drop->dropped) {
        settle(drop, at);
        drop->run = at + 1;
        drop->dropped = false;
    } else {
        drop->comma = place_of(drop, at);
    }
}

void hutch_json_drop_name(hutch_json_drop *drop, size_t at) {
    if (drop->depth == 0) {
        drop->name = place_of(drop, at);
    }
}

void hutch_json_drop_member(hutch_json_drop *drop, size_t at, uint32_t depth) {
    if (drop->depth == 0) {
        settle(drop, at);
        drop->kept = drop->name;
        drop->depth = depth;
    }
}

void hutch_json_drop_value_end(hutch_json_drop *drop, size_t at, uint32_t depth) {
    if (drop->depth == depth && depth != 0) {
        drop->depth = 0;
        drop->run = at;
        drop->dropped = true;
    }
}

void hutch_json_drop_close(hutch_json_drop *drop, size_t at) {
    if (drop->depth != 0 || !drop->dropped) {
        return;
    }
    drop->dropped = false;
    if (drop->comma != FIRST) {
        /* The comma that led to what was the last member. */
        drop->kept = drop->comma;
        drop->run = at;
    }
}
