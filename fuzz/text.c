/**
 * @file text.c
 * Text of unknown origin: the UTF-8 functions against a decoder that works one
 * byte at a time, tool names, and messages that quote what they were given.
 */
#include "target.h"

#include "base/tool_name.h"
#include "base/utf8.h"

#include <hutch/isolate.h>
#include <hutch/limits.h>

#include <string.h>

/* Bytes of the character at the beginning of the text; 0 when there is none. Follows the table of
   well-formed sequences in the Unicode standard, chapter 3.9. */
static size_t character(const unsigned char *text, size_t length) {
    unsigned char lead = text[0];
    unsigned char least = 0x80;
    unsigned char most = 0xbf;
    size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size == 0 || lead > 0xf4 || size > length) {
        return 0;
    }
    least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : least;
    most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : most;
    for (size_t i = 1; i < size; i++) {
        if (text[i] < least || text[i] > most) {
            return 0;
        }
        least = 0x80;
        most = 0xbf;
    }
    return size;
}

/* Whether the text is well-formed, and how many UTF-16 units it has. */
static bool decode(const unsigned char *text, size_t length, size_t *units) {
    *units = 0;
    for (size_t at = 0; at < length;) {
        size_t size = character(text + at, length - at);
        if (size == 0) {
            return false;
        }
        *units += size == 4 ? 2 : 1;
        at += size;
    }
    return true;
}

static void check_repair(const char *text, size_t length, bool valid) {
    size_t expected = hutch_utf8_repaired_length(text, length);
    FUZZ_REQUIRE(expected <= length * HUTCH_UTF8_REPAIR_GROWTH);
    char *repaired = malloc(expected + 1);
    FUZZ_REQUIRE(repaired != NULL);
    FUZZ_REQUIRE(hutch_utf8_repair(text, length, repaired) == expected);
    FUZZ_REQUIRE(hutch_utf8_is_valid(repaired, expected));
    if (valid) {
        FUZZ_REQUIRE(expected == length && (length == 0 || memcmp(repaired, text, length) == 0));
    }
    free(repaired);
}

static void check_cut(const char *text, size_t length, size_t most, bool valid) {
    size_t cut = hutch_utf8_cut(text, length, most);
    FUZZ_REQUIRE(cut <= length && cut <= most);
    FUZZ_REQUIRE(most >= length || most - cut < 4);
    if (valid) {
        FUZZ_REQUIRE(hutch_utf8_is_valid(text, cut));
    }
}

static void check_message(const hutch_error *error, hutch_status status) {
    FUZZ_REQUIRE(error->status == status);
    size_t length = strnlen(error->message, sizeof error->message);
    FUZZ_REQUIRE(length > 0 && length < sizeof error->message);
    FUZZ_REQUIRE(hutch_utf8_is_valid(error->message, length));
}

/* What a name is bound to is an identifier that needs no change, and may be a binding. */
static void check_tool_name(const char *text, size_t length) {
    hutch_error error = {0};
    hutch_tool_bound bound;
    hutch_status status = hutch_tool_bind(text, length, &bound, &error);
    FUZZ_REQUIRE(bound.length <= HUTCH_TOOL_BOUND_MAX && bound.data[bound.length] == '\0');
    if (status != HUTCH_OK) {
        FUZZ_REQUIRE(status == HUTCH_INVALID_ARGUMENT && bound.length == 0);
        check_message(&error, status);
        return;
    }
    FUZZ_REQUIRE(length > 0 && length <= HUTCH_TOOL_NAME_MAX);
    FUZZ_REQUIRE(hutch_tool_bound_check(bound.data, bound.length, NULL) == HUTCH_OK);
    FUZZ_REQUIRE(hutch_tool_name_word(bound.data, bound.length) == bound.length);
    FUZZ_REQUIRE(hutch_tool_name_word(text, length) <= length);
    hutch_tool_bound again;
    if (bound.length <= HUTCH_TOOL_NAME_MAX) {
        FUZZ_REQUIRE(hutch_tool_bind(bound.data, bound.length, &again, NULL) == HUTCH_OK);
        FUZZ_REQUIRE(again.length == bound.length);
        FUZZ_REQUIRE(memcmp(again.data, bound.data, bound.length) == 0);
    }
}

/* A function, so that a minimum of 0 is no comparison that is always true. */
static bool is_between(uint64_t value, uint64_t least, uint64_t most) {
    return value >= least && value <= most;
}

/* One limit is any number. */
static void check_limits(fuzz_input *input) {
    hutch_limits limits;
    hutch_error error = {0};
    bool in_range = true;
    hutch_limits_init(&limits);
    uint8_t which = fuzz_byte(input) % 12;
    uint64_t value = (uint64_t)fuzz_number(input) << (fuzz_byte(input) % 33);
    int next = 0;
#define SET(field, option, standard, minimum, maximum, unit, meaning)                              \
    if (next++ == which) {                                                                         \
        limits.field = value;                                                                      \
        in_range = is_between(value, (minimum), (maximum));                                        \
    }
    HUTCH_LIMITS_TABLE(SET)
#undef SET
    hutch_status status = hutch_limits_check(&limits, &error);
    FUZZ_REQUIRE(status == (in_range ? HUTCH_OK : HUTCH_INVALID_ARGUMENT));
    if (!in_range) {
        check_message(&error, status);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    check_limits(&input);
    size_t most = fuzz_byte(&input);
    size_t length;
    size_t units;
    const char *rest = fuzz_text(&input, input.left, &length);
    /* A copy of its own, so that a step beyond its end is one beyond the block. */
    char *text = malloc(length == 0 ? 1 : length);
    FUZZ_REQUIRE(text != NULL);
    if (length > 0) {
        memcpy(text, rest, length);
    }
    bool valid = decode((const unsigned char *)text, length, &units);
    FUZZ_REQUIRE(hutch_utf8_is_valid(text, length) == valid);
    size_t counted = hutch_utf8_utf16_units(text, length);
    FUZZ_REQUIRE(valid ? counted == units : counted <= 2 * length);
    check_repair(text, length, valid);
    check_cut(text, length, most, valid);
    check_tool_name(text, length);
    free(text);
    return 0;
}
