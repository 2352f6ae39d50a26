/**
 * @file json_scan.h
 * Judges a text as JSON (RFC 8259, in UTF-8) while its bytes arrive, in pieces
 * of any length: is it JSON, how many values has it, how deep are they nested,
 * has an object a member `__proto__`; is not a number, and nothing between two values, is
 * of any length? Neither recursion nor memory grows with
 * the text, so that a text is found out before there is room for the rest.
 *
 * A value is an array, an object, a string, a number, true, false or null; the
 * names of members are none. `[{"a": 1}]` has three.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_BASE_JSON_SCAN_H
#define HUTCH_BASE_JSON_SCAN_H

#include "base/json_drop.h"
#include "base/utf8.h"

#include <hutch/isolate.h>
#include <hutch/limits.h>

/** What a text is worth so far. The first verdict that is not SOUND stays. */
typedef enum hutch_json_verdict {
    HUTCH_JSON_SOUND,
    HUTCH_JSON_NOT_UTF8,
    HUTCH_JSON_INVALID,  /**< it is not JSON */
    HUTCH_JSON_TOO_MANY, /**< more values than `most_values` */
    HUTCH_JSON_TOO_DEEP, /**< nested deeper than HUTCH_JSON_DEPTH_MAX */
    HUTCH_JSON_TOO_LONG, /**< a number of more than HUTCH_JSON_NUMBER_MAX bytes */
    HUTCH_JSON_SPACED,   /**< more than HUTCH_JSON_SPACE_MAX bytes of white space in a row */
    HUTCH_JSON_PROTO,    /**< a member `__proto__` with HUTCH_PROTO_KEYS_ERROR */
} hutch_json_verdict;

/** One text. Fields above the line may be read. */
typedef struct hutch_json_scan {
    hutch_json_verdict verdict;
    uint64_t values;
    bool has_proto; /**< there was a member `__proto__` */
    /* ---- */
    uint64_t most_values;
    hutch_proto_keys proto_keys;
    hutch_json_drop drop;
    hutch_utf8_walk walk;
    int state;         /* what may come next; json_scan.c */
    uint32_t run;      /* bytes of the number, or of white space in a row */
    int next_in_word;  /* how much of true, false or null has been there */
    const char *word;  /* that word */
    bool in_name;      /* the string is the name of a member */
    int match;         /* units of `__proto__` that the name has begun with; below 0: another */
    unsigned hex;      /* of a \u escape */
    int hex_digits;    /* how many of them there were */
    const char *piece; /* the piece, and where it lies in its buffer */
    size_t piece_at;
    uint32_t depth;
    uint64_t kinds[HUTCH_JSON_DEPTH_MAX / 64 + 1]; /* a bit for each open container: an object */
} hutch_json_scan;

/** Begin a text. */
void hutch_json_scan_begin(hutch_json_scan *scan, uint64_t most_values,
                           hutch_proto_keys proto_keys);

/** Judge the next bytes, and only judge them. */
hutch_json_verdict hutch_json_scan_feed(hutch_json_scan *scan, const char *bytes, size_t length);

/**
 * Judge the next bytes and, with HUTCH_PROTO_KEYS_DROP, take members `__proto__`
 * out of them, so that what stays of the whole text lies at the front of its
 * buffer.
 *
 * @param text  the buffer that all pieces of the text are in; it may move between pieces
 * @param from  where this piece begins, at or after `*kept`
 * @param to    where it ends
 * @param kept  [out] length of the text so far without what was taken out; of no use after a
 *              verdict that is not SOUND
 */
hutch_json_verdict hutch_json_scan_edit(hutch_json_scan *scan, char *text, size_t from, size_t to,
                                        size_t *kept);

/** The text is whole. */
hutch_json_verdict hutch_json_scan_end(hutch_json_scan *scan);

/** Judge a whole text. @param scan  [out] */
hutch_json_verdict hutch_json_scan_text(hutch_json_scan *scan, const char *text, size_t length,
                                        uint64_t most_values, hutch_proto_keys proto_keys);

#endif
