/*
 * Pieces of large JSON; see pieces.h. Few contexts have some at a time: they are
 * in a list.
 */
#include "pieces.h"

#include "batch.h"

#include "base/json_cut.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { RECORD_WORDS = 3 };

_Static_assert(HUTCH_PIECE_FIRST_RECORD + RECORD_WORDS * HUTCH_JSON_CUT_STEPS <= HUTCH_HEADER_WORDS,
               "all steps of a piece have room");

struct hutch_pieces {
    hutch_pieces *next;
    uint32_t context;
    hutch_text json;
    bool is_single; /* one value: it is not cut */
    hutch_json_cut cut;
};

static hutch_pieces **find(hutch_addon *addon, uint32_t context) {
    hutch_pieces **place = &addon->pieces;
    while (*place != NULL && (*place)->context != context) {
        place = &(*place)->next;
    }
    return place;
}

hutch_status hutch_pieces_begin(hutch_addon *addon, uint32_t context, hutch_text json,
                                uint64_t values) {
    hutch_pieces_drop(addon, context);
    hutch_pieces *made = malloc(sizeof *made);
    if (made == NULL) {
        return HUTCH_OUT_OF_MEMORY;
    }
    made->next = addon->pieces;
    made->context = context;
    made->json = json;
    made->is_single = values == 1;
    hutch_json_cut_begin(&made->cut, json.data, json.length);
    addon->pieces = made;
    return HUTCH_OK;
}

void hutch_pieces_drop(hutch_addon *addon, uint32_t context) {
    hutch_pieces **place = find(addon, context);
    hutch_pieces *found = *place;
    if (found != NULL) {
        *place = found->next;
        free(found);
    }
}

void hutch_pieces_free(hutch_addon *addon) {
    while (addon->pieces != NULL) {
        hutch_pieces_drop(addon, addon->pieces->context);
    }
}

/* The next characters, as they are. */
static size_t cut_text(hutch_pieces *pieces, size_t most) {
    const char *from = pieces->json.data + pieces->cut.at;
    size_t length = hutch_utf8_cut(from, pieces->json.length - pieces->cut.at, most);
    pieces->cut.at += length;
    pieces->cut.values = 0;
    pieces->cut.step_count = 0;
    return hutch_utf8_utf16_units(from, length);
}

/* The records of the steps. @return the units of the piece */
static size_t put_steps(hutch_addon *addon, const hutch_json_cut *cut, const char *text,
                        size_t begin) {
    uint32_t *word = addon->header + HUTCH_PIECE_FIRST_RECORD;
    size_t done = begin;
    size_t units = 0;
    for (size_t i = 0; i < cut->step_count; i++) {
        const hutch_json_step *step = &cut->steps[i];
        size_t gap = hutch_utf8_utf16_units(text + done, step->from - done);
        size_t length = hutch_utf8_utf16_units(text + step->from, step->to - step->from);
        *word++ = (uint32_t)step->kind;
        *word++ = (uint32_t)gap;
        *word++ = (uint32_t)length;
        units += gap + length;
        done = step->to;
    }
    return units + hutch_utf8_utf16_units(text + done, cut->at - done);
}

static size_t cut_piece(hutch_addon *addon, hutch_pieces *pieces, bool as_text) {
    size_t begin = pieces->cut.at;
    if (as_text) {
        return cut_text(pieces, HUTCH_PIECES_BYTES);
    }
    if (pieces->is_single) {
        size_t units = cut_text(pieces, pieces->json.length);
        pieces->cut.values = 1;
        return units;
    }
    hutch_json_cut_next(&pieces->cut);
    return put_steps(addon, &pieces->cut, pieces->json.data, begin);
}

napi_value hutch_pieces_next(const hutch_native_call *call, hutch_context *context, uint32_t number,
                             bool as_text, uint32_t began) {
    hutch_addon *addon = call->addon;
    hutch_pieces *pieces = *find(addon, number);
    if (pieces == NULL) {
        return hutch_call_misused(call, "contextPiece wants a context with JSON in pieces");
    }
    size_t begin = pieces->cut.at;
    size_t units = cut_piece(addon, pieces, as_text);
    bool is_last = pieces->cut.at == pieces->json.length;
    hutch_text text = {pieces->json.data + begin, pieces->cut.at - begin};
    napi_value string = hutch_call_string(call, text, units);
    addon->header[HUTCH_PIECE_RECORDS] =
        pieces->is_single ? HUTCH_PIECES_SINGLE : (uint32_t)pieces->cut.step_count;
    addon->header[HUTCH_PIECE_IS_LAST] = is_last ? 1 : 0;
    addon->header[HUTCH_HEADER_VALUES] = (uint32_t)pieces->cut.values;
    addon->header[HUTCH_HEADER_BEGAN] = began;
    addon->header[HUTCH_HEADER_CLOCK] = hutch_call_clock();
    if (is_last) {
        hutch_pieces_drop(addon, number);
        hutch_context_release(context);
    }
    return string;
}
