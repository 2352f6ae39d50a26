/*
 * Members of options by their rows; see option.h.
 */
#include "base/option.h"

#include "base/error.h"

#include <hutch/limits.h>

#include <inttypes.h>
#include <stdio.h>

/* A number as text, sign included. */
typedef char number_text[sizeof "-9223372036854775808"];

static bool has_sign(const hutch_option *row) {
    return row->type == HUTCH_OPTION_INT32 || row->type == HUTCH_OPTION_INT64;
}

uint64_t hutch_option_get(const hutch_option *row, const void *options) {
    const void *member = (const char *)options + row->offset;
    switch (row->type) {
    case HUTCH_OPTION_BOOL:
        return *(const bool *)member;
    case HUTCH_OPTION_INT32:
        return (uint64_t)(int64_t) * (const int32_t *)member;
    case HUTCH_OPTION_UINT32:
        return *(const uint32_t *)member;
    case HUTCH_OPTION_INT64:
        return (uint64_t) * (const int64_t *)member;
    case HUTCH_OPTION_UINT64:
        break;
    }
    return *(const uint64_t *)member;
}

void hutch_option_set(const hutch_option *row, void *options, uint64_t word) {
    void *member = (char *)options + row->offset;
    switch (row->type) {
    case HUTCH_OPTION_BOOL:
        *(bool *)member = word != 0;
        return;
    case HUTCH_OPTION_INT32:
        *(int32_t *)member = (int32_t)(uint32_t)word;
        return;
    case HUTCH_OPTION_UINT32:
        *(uint32_t *)member = (uint32_t)word;
        return;
    case HUTCH_OPTION_INT64:
        *(int64_t *)member = (int64_t)word;
        return;
    case HUTCH_OPTION_UINT64:
        *(uint64_t *)member = word;
        return;
    }
}

void hutch_options_init(const hutch_option *rows, size_t count, void *options) {
    for (size_t i = 0; i < count; i++) {
        hutch_option_set(&rows[i], options, rows[i].standard);
    }
}

void hutch_options_get(const hutch_option *rows, size_t count, const void *options,
                       uint64_t *words) {
    for (size_t i = 0; i < count; i++) {
        words[i] = hutch_option_get(&rows[i], options);
    }
}

void hutch_options_set(const hutch_option *rows, size_t count, void *options,
                       const uint64_t *words) {
    for (size_t i = 0; i < count; i++) {
        hutch_option_set(&rows[i], options, words[i]);
    }
}

bool hutch_option_is_less(const hutch_option *row, uint64_t word, uint64_t other) {
    return has_sign(row) ? (int64_t)word < (int64_t)other : word < other;
}

static const char *describe(const hutch_option *row, uint64_t word, number_text text) {
    if (has_sign(row)) {
        snprintf(text, sizeof(number_text), "%" PRId64, (int64_t)word);
    } else {
        snprintf(text, sizeof(number_text), "%" PRIu64, word);
    }
    return text;
}

static hutch_status out_of_range(const hutch_option *row, uint64_t word, hutch_error *error) {
    number_text value;
    number_text least;
    number_text most;
    bool is_choice = row->kind == HUTCH_OPTION_CHOICE;
    bool is_endless = row->kind == HUTCH_OPTION_LIMIT && row->maximum == HUTCH_NO_LIMIT;
    const char *before_unit = is_choice ? ": " : row->unit[0] != '\0' ? " " : "";
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "%s is %s, expected %s to %s%s%s",
                           row->label, describe(row, word, value),
                           describe(row, row->minimum, least),
                           is_endless ? "no limit" : describe(row, row->maximum, most), before_unit,
                           is_choice ? row->unit + 1 : row->unit);
}

hutch_status hutch_options_check(const hutch_option *rows, size_t count, const void *options,
                                 hutch_error *error) {
    for (size_t i = 0; i < count; i++) {
        uint64_t word = hutch_option_get(&rows[i], options);
        if (rows[i].kind == HUTCH_OPTION_GIVEN && word == 0) {
            i++;
        } else if (hutch_option_is_less(&rows[i], word, rows[i].minimum) ||
                   hutch_option_is_less(&rows[i], rows[i].maximum, word)) {
            return out_of_range(&rows[i], word, error);
        }
    }
    return HUTCH_OK;
}
