/* Durations and sizes; see units.h. */
#include "units.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <strings.h>

/* Digits of a fraction that are looked at: more than any unit has. */
#define FRACTION_DIGITS 9

typedef struct unit {
    const char *name;
    uint64_t factor;
} unit;

/* The largest first, for formatting. */
static const unit durations[] = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
static const unit sizes[] = {
    {"GB", UINT64_C(1) << 30}, {"MB", UINT64_C(1) << 20}, {"KB", 1024}, {"B", 1}};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* a * b + c, or the largest number. */
static uint64_t saturated(uint64_t a, uint64_t b, uint64_t c) {
    uint64_t value;
    return __builtin_mul_overflow(a, b, &value) || __builtin_add_overflow(value, c, &value)
               ? UINT64_MAX
               : value;
}

/* Digits into a number; false when there are none. */
static bool take_digits(const char **text, uint64_t *value) {
    const char *start = *text;
    *value = 0;
    for (; is_digit(**text); ++*text) {
        *value = saturated(*value, 10, (uint64_t)(**text - '0'));
    }
    return *text > start;
}

/* The digits after a point, as parts of 10^FRACTION_DIGITS. */
static uint64_t take_fraction(const char **text) {
    uint64_t value = 0;
    unsigned digits = 0;
    for (; is_digit(**text); ++*text) {
        if (digits < FRACTION_DIGITS) {
            value = value * 10 + (uint64_t)(**text - '0');
            digits++;
        }
    }
    for (; digits < FRACTION_DIGITS; digits++) {
        value *= 10;
    }
    return value;
}

static bool find_factor(const char *name, const unit *units, size_t count, uint64_t plain,
                        uint64_t *factor) {
    *factor = plain;
    if (*name == '\0') {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(name, units[i].name) == 0) {
            *factor = units[i].factor;
            return true;
        }
    }
    return false;
}

static bool parse(const char *text, const unit *units, size_t count, uint64_t plain,
                  uint64_t *value) {
    uint64_t whole;
    uint64_t fraction = 0;
    uint64_t factor;
    if (!take_digits(&text, &whole)) {
        return false;
    }
    if (*text == '.') {
        text++;
        if (!is_digit(*text)) {
            return false;
        }
        fraction = take_fraction(&text);
    }
    if (!find_factor(text, units, count, plain, &factor)) {
        return false;
    }
    /* A factor is below 2^31 and the fraction below 10^9, so this product fits. */
    *value = saturated(whole, factor, fraction * factor / UINT64_C(1000000000));
    return true;
}

bool cli_parse_duration(const char *text, uint64_t *ms) {
    return parse(text, durations, sizeof durations / sizeof durations[0], 1, ms);
}

bool cli_parse_size(const char *text, uint64_t *bytes) {
    return parse(text, sizes, sizeof sizes / sizeof sizes[0], UINT64_C(1) << 20, bytes);
}

bool cli_parse_count(const char *text, uint64_t *count) {
    return take_digits(&text, count) && *text == '\0';
}

static void format(uint64_t value, const unit *units, char text[CLI_UNIT_TEXT]) {
    const unit *fitting = units;
    while (fitting->factor > 1 && (value == 0 || value % fitting->factor != 0)) {
        fitting++;
    }
    snprintf(text, CLI_UNIT_TEXT, "%" PRIu64 "%s", value / fitting->factor, fitting->name);
}

void cli_format_duration(uint64_t ms, char text[CLI_UNIT_TEXT]) {
    format(ms, durations, text);
}

void cli_format_size(uint64_t bytes, char text[CLI_UNIT_TEXT]) {
    format(bytes, sizes, text);
}

void cli_format_count(uint64_t count, char text[CLI_UNIT_TEXT]) {
    snprintf(text, CLI_UNIT_TEXT, "%" PRIu64, count);
}
