/*
 * Whether to look before sleeping.
 */
#include "pool/look.h"

enum {
    MISSES_ALLOWED = 3, /* in a row, before looking stops */
    TRY_AGAIN = 16,     /* times without looking, before it is tried again */
};

bool hutch_look_is_worth_it(hutch_look *look) {
    if (look->misses < MISSES_ALLOWED) {
        return true;
    }
    look->skipped++;
    if (look->skipped < TRY_AGAIN) {
        return false;
    }
    look->skipped = 0;
    return true;
}

void hutch_look_note(hutch_look *look, bool paid) {
    if (paid) {
        look->misses = 0;
        look->skipped = 0;
    } else if (look->misses < MISSES_ALLOWED) {
        look->misses++;
    }
}
