/**
 * @file option.h
 * Rows of the tables of options (hutch/option.h, hutch/limits.h) as data: reading and writing a member
 * of a struct of options by its row, and the check that all of them share.
 *
 * A member's value as a word is a uint64_t: a bool is 0 or 1, what has a sign keeps it (two's complement).
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_OPTION_H
#define HUTCH_BASE_OPTION_H

#include <hutch/error.h>
#include <hutch/option.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** See hutch/option.h; LIMIT is a row of HUTCH_LIMITS_TABLE. */
typedef enum hutch_option_kind {
    HUTCH_OPTION_FLAG,
    HUTCH_OPTION_CHOICE,
    HUTCH_OPTION_WHOLE,
    HUTCH_OPTION_LIMIT,
    HUTCH_OPTION_DOMAIN,
    HUTCH_OPTION_GIVEN,
} hutch_option_kind;

/** The C type of a member. Enums are those without a sign. */
typedef enum hutch_option_type {
    HUTCH_OPTION_BOOL,
    HUTCH_OPTION_INT32,
    HUTCH_OPTION_UINT32,
    HUTCH_OPTION_INT64,
    HUTCH_OPTION_UINT64,
} hutch_option_type;

/* clang-format off */
#define HUTCH_OPTION_TYPE(object, field)                                                           \
    _Generic(((object *)0)->field,                                                                 \
        bool: HUTCH_OPTION_BOOL,                                                                   \
        int32_t: HUTCH_OPTION_INT32,                                                               \
        uint32_t: HUTCH_OPTION_UINT32,                                                             \
        int64_t: HUTCH_OPTION_INT64,                                                               \
        uint64_t: HUTCH_OPTION_UINT64)
/* clang-format on */

/** One row. Defaults and ranges are words. */
typedef struct hutch_option {
    const char *option;  /**< in JavaScript; "": none */
    const char *label;   /**< in messages */
    const char *unit;    /**< "": none; of a CHOICE its names, each after a '|' */
    const char *meaning; /**< for readers */
    hutch_option_kind kind;
    hutch_option_type type;
    size_t offset; /**< of the member */
    uint64_t standard;
    uint64_t minimum;
    uint64_t maximum;
} hutch_option;

/** An entry of a table of rows for members of `object`. */
#define HUTCH_OPTION_ROW(object, field, name, label_, kind_, standard_, least, most, unit_, text)  \
    {.option = (name),                                                                             \
     .label = (label_),                                                                            \
     .unit = (unit_),                                                                              \
     .meaning = (text),                                                                            \
     .kind = (kind_),                                                                              \
     .type = HUTCH_OPTION_TYPE(object, field),                                                     \
     .offset = offsetof(object, field),                                                            \
     .standard = (uint64_t)(standard_),                                                            \
     .minimum = (uint64_t)(least),                                                                 \
     .maximum = (uint64_t)(most)},

/** Counts rows of any table: `(0 HUTCH_LIMITS_TABLE(HUTCH_OPTION_COUNT))`. */
#define HUTCH_OPTION_COUNT(...) +1

/** The member of `options` for a row. */
uint64_t hutch_option_get(const hutch_option *row, const void *options);
void hutch_option_set(const hutch_option *row, void *options, uint64_t word);

/** Whether a word of the row's type is less than another. */
bool hutch_option_is_less(const hutch_option *row, uint64_t word, uint64_t other);

/** Give all members their defaults. */
void hutch_options_init(const hutch_option *rows, size_t count, void *options);

/** All members, in the order of the rows. */
void hutch_options_get(const hutch_option *rows, size_t count, const void *options,
                       uint64_t *words);
void hutch_options_set(const hutch_option *rows, size_t count, void *options,
                       const uint64_t *words);

/** Check each member against its range. What is not given is not checked. @return HUTCH_OK, or
 *  HUTCH_INVALID_ARGUMENT with a message that names the first wrong one, its value and what was expected */
hutch_status hutch_options_check(const hutch_option *rows, size_t count, const void *options,
                                 hutch_error *error);

#endif
