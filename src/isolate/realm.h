/**
 * @file realm.h
 * A fresh realm: the runtime in the arena, the intrinsics, and what of them is
 * ours (console, performance, Math.random, the refusal of import()).
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_REALM_H
#define HUTCH_ISOLATE_REALM_H

#include "isolate/guest.h"

/** Build the realm of a new isolate into its arena; the arena's root is then the guest, which is
 *  ready to be saved. @return HUTCH_OK or HUTCH_OUT_OF_MEMORY */
hutch_status hutch_realm_build(hutch_isolate *isolate, hutch_error *error);

/** Take away what the options do not want, before the first program. The image has everything,
 *  because it serves contexts of all options. Where there is no memory for that, the program finds
 *  none either. */
void hutch_realm_trim(hutch_guest *guest);

#endif
