/*
 * Pieces of a JSON text; see json_cut.h. Owns nothing.
 *
 * Invariants: `at` lies between two values, names and all, or before a bracket
 * that closes. levels[0] is the container that was open when the piece began;
 * what opens and closes inside a piece becomes part of its container's items.
 *
 * Though the text has been judged, no byte after its end is looked at.
 *
 * Threads: one at a time.
 */
#include "base/json_cut.h"

#include <string.h>

void hutch_json_cut_begin(hutch_json_cut *cut, const char *text, size_t length) {
    memset(cut, 0, offsetof(hutch_json_cut, kinds));
    cut->text = text;
    cut->length = length;
    cut->kinds[0] = 0;
}

static bool was_object(const hutch_json_cut *cut) {
    uint32_t top = cut->depth - 1;
    return cut->depth > 0 && (cut->kinds[top / 64] >> (top % 64) & 1) != 0;
}

static void keep_kind(hutch_json_cut *cut, bool object) {
    uint64_t bit = UINT64_C(1) << (cut->depth % 64);
    uint64_t *word = &cut->kinds[cut->depth / 64];
    *word = object ? *word | bit : *word & ~bit;
    cut->depth++;
}

static void add_step(hutch_json_cut *cut, hutch_json_step_kind kind, size_t from, size_t to) {
    cut->steps[cut->step_count++] = (hutch_json_step){kind, from, to};
}

static void add_items(hutch_json_cut *cut, const hutch_json_level *level) {
    if (level->items_from < level->items_to) {
        add_step(cut, HUTCH_JSON_STEP_ITEMS, level->items_from, level->items_to);
    }
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static void skip_space(hutch_json_cut *cut) {
    while (cut->at < cut->length && is_space(cut->text[cut->at])) {
        cut->at++;
    }
}

/* The offset after a string that begins here. */
static size_t string_end(const hutch_json_cut *cut, size_t at) {
    for (at++; at < cut->length; at++) {
        const char *quote = memchr(cut->text + at, '"', cut->length - at);
        if (quote == NULL) {
            return cut->length;
        }
        at = (size_t)(quote - cut->text);
        size_t slashes = 0;
        while (cut->text[at - 1 - slashes] == '\\') {
            slashes++;
        }
        if (slashes % 2 == 0) {
            return at + 1;
        }
    }
    return cut->length;
}

/* The offset after a number, true, false or null. */
static size_t word_end(const hutch_json_cut *cut, size_t at) {
    while (at < cut->length && !is_space(cut->text[at]) && cut->text[at] != ',' &&
           cut->text[at] != ']' && cut->text[at] != '}') {
        at++;
    }
    return at;
}

/* An item of the innermost container is complete. */
static void end_item(hutch_json_cut *cut) {
    cut->levels[cut->level].items_to = cut->at;
}

static void open_level(hutch_json_cut *cut, bool object, size_t name_from, size_t name_to) {
    cut->at++;
    cut->levels[++cut->level] = (hutch_json_level){.object = object,
                                                   .name_from = name_from,
                                                   .name_to = name_to,
                                                   .items_from = cut->at,
                                                   .items_to = cut->at};
}

/* A bracket that closes. */
static void close_level(hutch_json_cut *cut) {
    cut->at++;
    if (cut->level > 0) {
        cut->level--;
        end_item(cut);
        return;
    }
    add_items(cut, &cut->levels[0]);
    add_step(cut, HUTCH_JSON_STEP_CLOSE, cut->at, cut->at);
    cut->depth--;
    cut->levels[0] =
        (hutch_json_level){.object = was_object(cut), .items_from = cut->at, .items_to = cut->at};
}

/* An item begins: a member's name, if there is one, and its value. */
static void take_item(hutch_json_cut *cut) {
    hutch_json_level *level = &cut->levels[cut->level];
    size_t name_from = cut->at;
    size_t name_to = cut->at;
    if (level->items_from == level->items_to) {
        level->items_from = level->items_to = cut->at;
    }
    if (level->object) {
        name_to = cut->at = string_end(cut, cut->at);
        skip_space(cut);
        cut->at++; /* the colon */
        skip_space(cut);
    }
    if (cut->at >= cut->length) {
        return;
    }
    cut->values++;
    char first = cut->text[cut->at];
    if (first == '[' || first == '{') {
        open_level(cut, first == '{', name_from, name_to);
        return;
    }
    cut->at = first == '"' ? string_end(cut, cut->at) : word_end(cut, cut->at);
    end_item(cut);
}

/* Whether the piece can have no more: the steps that its end will add have room. */
static bool is_full(const hutch_json_cut *cut, size_t begin) {
    return cut->values >= HUTCH_JSON_CUT_VALUES || cut->at - begin >= HUTCH_JSON_CUT_BYTES ||
           cut->level == HUTCH_JSON_CUT_LEVELS ||
           cut->step_count + 2 * cut->level + 5 > HUTCH_JSON_CUT_STEPS;
}

/* What is open at the end stays open. */
static void end_piece(hutch_json_cut *cut) {
    add_items(cut, &cut->levels[0]);
    for (size_t i = 1; i <= cut->level; i++) {
        const hutch_json_level *level = &cut->levels[i];
        add_step(cut, level->object ? HUTCH_JSON_STEP_OBJECT : HUTCH_JSON_STEP_ARRAY,
                 level->name_from, level->name_to);
        keep_kind(cut, level->object);
        add_items(cut, level);
    }
}

void hutch_json_cut_next(hutch_json_cut *cut) {
    size_t begin = cut->at;
    cut->step_count = 0;
    cut->values = 0;
    cut->level = 0;
    cut->levels[0] =
        (hutch_json_level){.object = was_object(cut), .items_from = begin, .items_to = begin};
    skip_space(cut);
    while (cut->at < cut->length && !is_full(cut, begin)) {
        char byte = cut->text[cut->at];
        if (byte == ',') {
            cut->at++;
        } else if (byte == ']' || byte == '}') {
            close_level(cut);
        } else {
            take_item(cut);
        }
        skip_space(cut);
    }
    end_piece(cut);
}
