/* Durations, sizes and counts as people write them. */
#include "units.h"

#include "support/cmocka.h"

#include <string.h>

typedef bool parser(const char *, uint64_t *);

typedef struct reading {
    const char *text;
    bool valid;
    uint64_t value;
} reading;

static void check(parser *parse, const reading *readings, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t value = 0;
        bool valid = parse(readings[i].text, &value);
        if (valid != readings[i].valid || (valid && value != readings[i].value)) {
            fail_msg("'%s' was read as %d %llu", readings[i].text, valid,
                     (unsigned long long)value);
        }
    }
}

#define CHECK(parse, readings) check(parse, readings, sizeof readings / sizeof((readings)[0]))

static void durations_have_units_and_are_milliseconds_without(void **state) {
    static const reading readings[] = {
        {"0", true, 0},
        {"500", true, 500},
        {"500ms", true, 500},
        {"2s", true, 2000},
        {"1.5s", true, 1500},
        {"1m", true, 60000},
        {"2h", true, 7200000},
        {"0.5m", true, 30000},
        {"10MS", true, 10},
        {"", false, 0},
        {"s", false, 0},
        {"-1", false, 0},
        {"1 s", false, 0},
        {"1d", false, 0},
        {"1.s", false, 0},
        {".5s", false, 0},
        {"1e3", false, 0},
        {"0x10", false, 0},
        {"1ss", false, 0},
        {"1.2.3s", false, 0},
        {"99999999999999999999", true, UINT64_MAX},
        {" 1", false, 0},
        {"9999999999999999h", true, UINT64_MAX},
        {"0.0009s", true, 0},
        {"1.0000000009999s", true, 1000},
    };
    (void)state;
    CHECK(cli_parse_duration, readings);
}

static void sizes_have_units_and_are_megabytes_without(void **state) {
    static const reading readings[] = {
        {"64", true, 64 << 20},
        {"64MB", true, 64 << 20},
        {"64mb", true, 64 << 20},
        {"1GB", true, 1 << 30},
        {"0.5GB", true, 1 << 29},
        {"512KB", true, 512 << 10},
        {"100B", true, 100},
        {"1.5KB", true, 1536},
        {"MB", false, 0},
        {"64M", false, 0},
        {"64 MB", false, 0},
        {"-1MB", false, 0},
        {"17179869184GB", true, UINT64_MAX},
        {"inf", false, 0},
    };
    (void)state;
    CHECK(cli_parse_size, readings);
}

static void counts_are_whole_numbers(void **state) {
    static const reading readings[] = {
        {"0", true, 0},
        {"1000", true, 1000},
        {"18446744073709551615", true, UINT64_MAX},
        {"1.5", false, 0},
        {"18446744073709551616", true, UINT64_MAX},
        {"", false, 0},
        {"+1", false, 0},
        {"1k", false, 0},
    };
    (void)state;
    CHECK(cli_parse_count, readings);
}

static void formatting_is_the_shortest_exact_form(void **state) {
    char text[CLI_UNIT_TEXT];
    (void)state;
    cli_format_duration(30000, text);
    assert_string_equal(text, "30s");
    cli_format_duration(1500, text);
    assert_string_equal(text, "1500ms");
    cli_format_duration(0, text);
    assert_string_equal(text, "0ms");
    cli_format_duration(7200000, text);
    assert_string_equal(text, "2h");
    cli_format_size(128 << 20, text);
    assert_string_equal(text, "128MB");
    cli_format_size(UINT64_C(4) << 30, text);
    assert_string_equal(text, "4GB");
    cli_format_size(1025, text);
    assert_string_equal(text, "1025B");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_have_units_and_are_milliseconds_without),
        cmocka_unit_test(sizes_have_units_and_are_megabytes_without),
        cmocka_unit_test(counts_are_whole_numbers),
        cmocka_unit_test(formatting_is_the_shortest_exact_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
