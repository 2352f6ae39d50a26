/**
 * @file pieces.h
 * Large JSON on its way up, in pieces. Parsing holds the event loop for as long
 * as there are values, and so does a long string that is made at once; so an
 * event with more than that comes without its JSON, as the last one of its batch,
 * and JavaScript fetches the pieces one by one, a turn of the loop between them.
 *
 * A piece is a string and records in the header, after
 *
 *     number of records, 1 with the last piece
 *
 * of three words each: kind (hutch_json_step_kind), UTF-16 units to leave out
 * since the last one, units of its text. A piece of white space alone has none;
 * JSON that is a single value is one piece, with HUTCH_PIECES_SINGLE for the
 * number.
 *
 * Until its last piece has been fetched the context is asked nothing else: its
 * next batch, its end or its closing takes the JSON away.
 *
 * Threads: the environment's own.
 */
#ifndef HUTCH_NODE_PIECES_H
#define HUTCH_NODE_PIECES_H

#include "addon.h"

/** JSON with more values, or bytes, than this comes in pieces. A single value never does, unless it
 *  is asked for as text. */
#define HUTCH_PIECES_VALUES 5000
#define HUTCH_PIECES_BYTES ((size_t)256 * 1024)

/** The length of JSON that comes in pieces, in the record of its event. */
#define HUTCH_PIECES_LENGTH UINT32_MAX

/** Words of the header after a piece. */
enum {
    HUTCH_PIECE_RECORDS = HUTCH_HEADER_BATCH, /**< their number */
    HUTCH_PIECE_IS_LAST,                      /**< 0 or 1 */
    HUTCH_PIECE_FIRST_RECORD,
};

/** The number of records of JSON that is a single value. */
#define HUTCH_PIECES_SINGLE UINT32_MAX

/** Whether JSON has to come in pieces. */
static inline bool hutch_pieces_are_due(hutch_text json, uint64_t values) {
    return values > HUTCH_PIECES_VALUES || json.length > HUTCH_PIECES_BYTES;
}

/** Begin. @param json  lives until the context is asked for its next event */
hutch_status hutch_pieces_begin(hutch_addon *addon, uint32_t context, hutch_text json,
                                uint64_t values);

/** Forget what is left of a context's JSON, if there is any. */
void hutch_pieces_drop(hutch_addon *addon, uint32_t context);

/** Forget all. */
void hutch_pieces_free(hutch_addon *addon);

/**
 * The next piece of a context's JSON. With the last one its memory is given back.
 *
 * @param as_text  the text as it is, cut between characters
 * @param began    what hutch_call_clock() said when this began
 * @return the string, or NULL with an exception pending
 */
napi_value hutch_pieces_next(const hutch_native_call *call, hutch_context *context, uint32_t number,
                             bool as_text, uint32_t began);

#endif
