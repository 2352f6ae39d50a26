/*
 * The clock, the time zone and chance, as the guest sees them.
 */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void the_clock_is_the_systems_by_default(void **state) {
    program_end end;
    program_run(*state, "return Date.now()", &end);
    double difference = strtod(end.json, NULL) / 1000 - (double)time(NULL);
    assert_true(difference > -5 && difference < 5);
}

static void a_fixed_clock_stands_still(void **state) {
    hutch_isolate_options options = program_options();
    options.fixed_clock = true;
    options.fixed_clock_ms = 1234567890123;
    program_reset(*state, &options);
    program_expect(*state,
                   "return [Date.now(), new Date().toISOString(), +new Date(), performance.now(),"
                   " performance.timeOrigin]",
                   "[1234567890123,\"2009-02-13T23:31:30.123Z\",1234567890123,0,1234567890123]");
    options.fixed_clock_ms = -1;
    program_reset(*state, &options);
    program_expect(*state, "return [Date.now(), new Date().toISOString()]",
                   "[-1,\"1969-12-31T23:59:59.999Z\"]");
}

static void performance_begins_at_nothing_with_each_guest(void **state) {
    program_expect(*state,
                   "const a = performance.now(); const b = performance.now();"
                   "return [a >= 0, b >= a, a < 60_000,"
                   " Math.abs(performance.timeOrigin + a - Date.now()) < 5000]",
                   "[true,true,true,true]");
}

static void the_time_zone_is_a_fixed_offset(void **state) {
    static const struct {
        int32_t minutes;
        const char *json;
    } rows[] = {
        {0, "[0,\"Thu Jan 01 1970 00:00:00 GMT+0000\",0]"},
        {90, "[-90,\"Thu Jan 01 1970 01:30:00 GMT+0130\",1]"},
        {-300, "[300,\"Wed Dec 31 1969 19:00:00 GMT-0500\",19]"},
        {1439, "[-1439,\"Thu Jan 01 1970 23:59:00 GMT+2359\",23]"},
        {-1439, "[1439,\"Wed Dec 31 1969 00:01:00 GMT-2359\",0]"},
    };
    assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
    tzset();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hutch_isolate_options options = program_options();
        options.utc_offset_minutes = rows[i].minutes;
        program_reset(*state, &options);
        program_expect(*state,
                       "const d = new Date(0); return [d.getTimezoneOffset(),"
                       " d.toString().replace(/ \\(.*/, ''), d.getHours()]",
                       rows[i].json);
    }
    assert_int_equal(unsetenv("TZ"), 0);
}

static void random_numbers_fill_their_range(void **state) {
    program_expect(*state,
                   "let low = 1, high = 0, sum = 0; const seen = new Set();"
                   "for (let i = 0; i < 100_000; i++) { const x = Math.random();"
                   " if (x < 0 || x >= 1) return x; low = Math.min(low, x);"
                   " high = Math.max(high, x); sum += x; seen.add(x) }"
                   "return [low < 0.001, high > 0.999, Math.abs(sum / 100_000 - 0.5) < 0.01,"
                   " seen.size > 99_990, Math.random.name, Math.random.length]",
                   "[true,true,true,true,\"random\",0]");
}

static void a_run_is_repeated_exactly(void **state) {
    static const char code[] = "console.log(Date.now(), Math.random(), new Date().toString());"
                               "return [Math.random(), performance.now(), [3, 1, 2].sort()]";
    hutch_isolate_options options = program_options();
    options.fixed_clock = true;
    options.fixed_clock_ms = 42;
    options.fixed_random = true;
    options.random_seed = 43;
    program_end first;
    program_end second;
    program_reset(*state, &options);
    program_run(*state, code, &first);
    hutch_isolate *other = program_isolate(&options);
    program_run(other, code, &second);
    hutch_isolate_free(other);
    assert_string_equal(first.logs, second.logs);
    assert_string_equal(first.json, second.json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(the_clock_is_the_systems_by_default),
        program_test(a_fixed_clock_stands_still),
        program_test(performance_begins_at_nothing_with_each_guest),
        program_test(the_time_zone_is_a_fixed_offset),
        program_test(random_numbers_fill_their_range),
        program_test(a_run_is_repeated_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
