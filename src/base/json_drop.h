/**
 * @file json_drop.h
 * Takes members out of a JSON text while it is being judged (json_scan.h): the
 * bytes that stay move towards the front of the buffer they are in, each once.
 *
 * All offsets named `at` are in the buffer as it is read. The bytes before
 * `kept` are the text so far without what was dropped; those from `run` to the
 * place of reading stay too, and have not been moved yet.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_BASE_JSON_DROP_H
#define HUTCH_BASE_JSON_DROP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All zero at the beginning of a text. */
typedef struct hutch_json_drop {
    char *text;     /**< borrowed during a piece; NULL: nothing is dropped from this text */
    size_t kept;    /**< length of the text so far */
    size_t run;     /**< where the bytes begin that stay where they are for now */
    size_t name;    /**< of the present member, where it is in the kept text */
    size_t comma;   /**< before that member, in the kept text; SIZE_MAX: it is the first */
    uint32_t depth; /**< of the object whose member is being dropped; 0: nothing is */
    bool dropped;   /**< the member before this place is gone: its comma goes, too */
} hutch_json_drop;

/** A piece begins at this place of the buffer. */
void hutch_json_drop_begin(hutch_json_drop *drop, char *text, size_t at);

/** The piece ends here: what stays of it is moved. */
void hutch_json_drop_end(hutch_json_drop *drop, size_t at);

/* What the scanner has come to, at the place of its byte. */
void hutch_json_drop_object(hutch_json_drop *drop);
void hutch_json_drop_comma(hutch_json_drop *drop, size_t at);
void hutch_json_drop_name(hutch_json_drop *drop, size_t at);
void hutch_json_drop_close(hutch_json_drop *drop, size_t at);

/** Drop the member whose name ends before `at`, in an object at this depth. */
void hutch_json_drop_member(hutch_json_drop *drop, size_t at, uint32_t depth);

/** A value in a container of this depth ends before `at`. */
void hutch_json_drop_value_end(hutch_json_drop *drop, size_t at, uint32_t depth);

#endif
