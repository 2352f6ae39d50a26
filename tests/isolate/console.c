/*
 * The guest's console.
 */
#include "program.h"

#include "support/patience.h"

#include <stdio.h>
#include <string.h>

typedef struct row {
    const char *code;
    const char *logs;
} row;

static void check_rows(hutch_isolate *isolate, const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        program_end end;
        program_run(isolate, rows[i].code, &end);
        if (end.type != HUTCH_EVENT_DONE || strcmp(end.logs, rows[i].logs) != 0) {
            fail_msg("%s\n  gave:\n%s  expected:\n%s  %s", rows[i].code, end.logs, rows[i].logs,
                     end.message);
        }
    }
}

#define CHECK_ROWS(isolate, rows) check_rows((isolate), (rows), sizeof rows / sizeof rows[0])

static void every_method_has_its_level(void **state) {
    static const row rows[] = {
        {"console.log('a')", "log a\n"},
        {"console.info('a')", "info a\n"},
        {"console.warn('a')", "warn a\n"},
        {"console.error('a')", "error a\n"},
        {"console.debug('a')", "debug a\n"},
        {"console.trace('a'); console.trace()", "error Trace: a\nerror Trace\n"},
        {"console.dir({ a: 1 }, { depth: 0 })", "log { a: 1 }\n"},
        {"console.table([[1]])", "log [ [ 1 ] ]\n"},
        {"console.assert(true, 'a'); console.assert(false, 'b', 1); console.assert()",
         "error Assertion failed: b 1\nerror Assertion failed\n"},
        {"console.log(); console.log('')", "log \nlog \n"},
        {"const { log } = console; log('free')", "log free\n"},
        {"[1, 2].forEach((n) => console.log(n))", "log 1\nlog 2\n"},
    };
    CHECK_ROWS(*state, rows);
}

static void groups_move_lines_to_the_right(void **state) {
    static const row rows[] = {
        {"console.group('g'); console.log('a\\nb'); console.group(); console.warn('c');"
         "console.groupEnd(); console.log('d'); console.groupEnd(); console.groupEnd();"
         "console.log('e')",
         "log g\nlog   a\n  b\nwarn     c\nlog   d\nlog e\n"},
        {"console.group(); console.log('')", "log   \n"},
        {"console.log('a new run begins at the left')", "log a new run begins at the left\n"},
    };
    CHECK_ROWS(*state, rows);
}

#define X25 "xxxxxxxxxxxxxxxxxxxxxxxxx"
#define X125 X25 X25 X25 X25 X25

static void counters_and_timers_go_by_their_labels(void **state) {
    hutch_isolate_options options = program_options();
    options.fixed_clock = true;
    program_reset(*state, &options);
    static const row rows[] = {
        {"console.count(); console.count('x'); console.count(); console.countReset();"
         "console.count()",
         "log default: 1\nlog x: 1\nlog default: 2\nlog default: 1\n"},
        {"console.time('t'); console.timeLog('t', 'so far', 1); console.timeEnd('t');"
         "console.timeEnd('t'); console.timeEnd()",
         "log t: 0.000ms so far 1\nlog t: 0.000ms\n"},
        {"Object.prototype.cx = 41; console.count('y')", "log y: 1\n"},
        /* Cut at 128 bytes, between two characters. */
        {"console.count('x'.repeat(125) + '€€'); console.count('x'.repeat(126) + '€')",
         "log " X125 "€: 1\nlog " X125 "x: 1\n"},
    };
    CHECK_ROWS(*state, rows);
}

static void values_are_printed_as_node_does_by_default(void **state) {
    static const row rows[] = {
        {"console.log({ a: 1 }, [1, 'x'], 'text', 5n, Symbol('s'), null, undefined)",
         "log { a: 1 } [ 1, 'x' ] text 5n Symbol(s) null undefined\n"},
        {"console.log('%s is %d years and %i', 'Bob', 42.5, 42.9, 'extra', { a: 1 })",
         "log Bob is 42.5 years and 42 extra { a: 1 }\n"},
        {"console.log('%f %j %o %O %% %c|', '1.5', { a: [1] }, [1], { b: 2 }, 'css')",
         "log 1.5 {\"a\":[1]} [ 1 ] { b: 2 } % |\n"},
        {"console.log('100%', 5, '%s')", "log 100% 5 %s\n"},
        {"console.log('%s')", "log %s\n"},
        {"console.log('%d', {}, '%d'); console.log('%d|%i|%f', 5n, 6n, Symbol())",
         "log NaN %d\nlog 5n|6n|NaN\n"},
        {"console.log('%x %s', 1)", "log %x 1\n"},
        {"console.log('a\\ud800b')", "log a\xEF\xBF\xBD"
                                     "b\n"},
        {"console.log({ get x() { throw 1 } })", "log { x: [Getter] }\n"},
        {"console.log(new Proxy({}, { get() { throw 1 } }))", "log {}\n"},
    };
    CHECK_ROWS(*state, rows);
}

static void values_are_strings_in_the_drop_in_style(void **state) {
    hutch_isolate_options options = program_options();
    options.console = HUTCH_CONSOLE_STRING;
    program_reset(*state, &options);
    static const row rows[] = {
        {"console.log({ a: 1 }, [1, [2]], 'text', 5n, Symbol('s'), null, undefined, () => 1)",
         "log [object Object] 1,2 text 5 Symbol(s) null undefined () => 1\n"},
        {"console.log('%s', 1)", "log %s 1\n"},
        {"console.log({ toString() { throw 1 } }, 'next')", "log [unprintable] next\n"},
        {"console.log(Object.create(null))", "log [unprintable]\n"},
        {"console.error(new TypeError('m'))", "error TypeError: m\n"},
        {"console.log({ toString: () => 'a\\ud800' })", "log a\xEF\xBF\xBD\n"},
    };
    CHECK_ROWS(*state, rows);
}

static void a_value_whose_text_never_comes_meets_the_deadline(void **state) {
    hutch_isolate_options options = program_options();
    options.console = HUTCH_CONSOLE_STRING;
    options.limits.timeout_ms = 50;
    program_reset(*state, &options);
    program_expect_failure(*state, "try { console.log({ toString() { for (;;) ; } }) } catch { }",
                           HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
}

static void logs_and_calls_come_in_the_order_they_were_made(void **state) {
    program_start(*state, "console.log(1); never(); console.log(2); never(); console.log(3)");
    static const hutch_event_type order[] = {HUTCH_EVENT_LOG, HUTCH_EVENT_TOOL_CALL,
                                             HUTCH_EVENT_LOG, HUTCH_EVENT_TOOL_CALL,
                                             HUTCH_EVENT_LOG, HUTCH_EVENT_DONE};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        assert_int_equal(program_next(*state).type, order[i]);
    }
}

static void what_was_logged_before_a_failure_still_arrives(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.timeout_ms = patience_ms(200);
    program_reset(*state, &options);
    program_end end;
    program_run(*state, "console.log('before'); for (;;) ;", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_TIMEOUT);
    assert_string_equal(end.logs, "log before\n");
    program_run(*state, "console.log('before'); throw 1", &end);
    assert_string_equal(end.logs, "log before\n");
}

/* Run a program that logs, under these limits. */
static void run_limited(hutch_isolate *isolate, uint64_t entries, uint64_t units, const char *code,
                        program_end *end) {
    hutch_isolate_options options = program_options();
    options.limits.log_entries = entries;
    options.limits.log_units = units;
    program_reset(isolate, &options);
    program_run(isolate, code, end);
    assert_int_equal(end->type, HUTCH_EVENT_DONE);
}

static void the_default_entries_are_all_told_and_one_more_is_not(void **state) {
    program_end end;
    program_run(*state, "for (let i = 0; i < 10000; i++) console.log(i)", &end);
    assert_int_equal(end.log_count, 10000);
    assert_string_equal(end.last_log, "9999");
    program_run(*state, "for (let i = 0; i < 10005; i++) console.log(i)", &end);
    assert_int_equal(end.log_count, 10001);
    assert_string_equal(end.last_log, "[log output truncated]");
}

static void the_default_length_is_met_exactly(void **state) {
    program_end end;
    program_run(*state, "console.log('日'.repeat(1_000_000))", &end);
    assert_int_equal(end.log_count, 1);
    assert_string_not_equal(end.last_log, "[log output truncated]");
    program_run(*state, "console.log('日'.repeat(1_000_000)); console.log('')", &end);
    assert_int_equal(end.log_count, 2);
    assert_string_equal(end.last_log, "");
    program_run(*state, "console.log('日'.repeat(1_000_000)); console.log('x'); console.log('y')",
                &end);
    assert_int_equal(end.log_count, 2);
    assert_string_equal(end.last_log, "[log output truncated]");
    program_run(*state, "console.log('x'.repeat(1_000_001)); console.log('y')", &end);
    assert_int_equal(end.log_count, 1);
    assert_string_equal(end.last_log, "[log output truncated]");
}

static void length_counts_utf16_units(void **state) {
    program_end end;
    run_limited(*state, 10, 4, "console.log('😀😀')", &end);
    assert_string_equal(end.logs, "log 😀😀\n");
    run_limited(*state, 10, 3, "console.log('😀😀')", &end);
    assert_string_equal(end.logs, "log [log output truncated]\n");
    run_limited(*state, 10, 2, "console.log('é'); console.log('é'); console.log('é')", &end);
    assert_string_equal(end.logs, "log é\nlog é\nlog [log output truncated]\n");
}

static void limits_of_nothing_leave_one_entry(void **state) {
    program_end end;
    run_limited(*state, 0, 100, "console.log(1); console.log(2)", &end);
    assert_string_equal(end.logs, "log [log output truncated]\n");
    run_limited(*state, 10, 0, "console.log(''); console.warn(2); console.log('')", &end);
    assert_string_equal(end.logs, "log \nwarn [log output truncated]\n");
}

static void the_limits_begin_anew_with_each_run(void **state) {
    program_end end;
    run_limited(*state, 1, 100, "console.log(1); console.log(2)", &end);
    assert_int_equal(end.log_count, 2);
    program_run(*state, "console.log(3)", &end);
    assert_string_equal(end.logs, "log 3\n");
}

/* Run a program that logs, under this limit of values. */
static void run_with_values(hutch_isolate *isolate, uint64_t values, const char *code,
                            program_end *end) {
    hutch_isolate_options options = program_options();
    options.limits.log_values = values;
    program_reset(isolate, &options);
    program_run(isolate, code, end);
    assert_int_equal(end->type, HUTCH_EVENT_DONE);
}

static void maxLogValues_counts_what_is_looked_at(void **state) {
    static const struct {
        const char *arguments;
        uint64_t values;
        const char *text;
    } rows[] = {
        {"1, 'a', null", 3, "1 a null"},
        {"[1, [2]]", 4, "[ 1, [ 2 ] ]"},
        {"{ a: { b: 1 } }", 3, "{ a: { b: 1 } }"},
        {"'%s and %d', 'x', 1", 3, "x and 1"},
        {"'%j', [1, { a: 2 }]", 5, "[1,{\"a\":2}]"},
        {"'%c', 'nothing'", 1, ""},
        {"new Set([1])", 2, "Set(1) { 1 }"},
    };
    char code[160];
    char logs[160];
    program_end end;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(code, sizeof code, "console.log(%s)", rows[i].arguments);
        snprintf(logs, sizeof logs, "log %s\n", rows[i].text);
        run_with_values(*state, rows[i].values, code, &end);
        assert_string_equal(end.logs, logs);
        run_with_values(*state, rows[i].values - 1, code, &end);
        assert_string_equal(end.logs, "log [log output truncated]\n");
    }
}

static void maxLogValues_is_a_sum_over_the_run(void **state) {
    program_end end;
    run_with_values(*state, 3, "console.log(1, 2); console.log(3); console.log(4); console.log()",
                    &end);
    assert_string_equal(end.logs, "log 1 2\nlog 3\nlog [log output truncated]\n");
    program_run(*state, "console.log(1, 2, 3)", &end);
    assert_string_equal(end.logs, "log 1 2 3\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(every_method_has_its_level),
        program_test(groups_move_lines_to_the_right),
        program_test(counters_and_timers_go_by_their_labels),
        program_test(values_are_printed_as_node_does_by_default),
        program_test(values_are_strings_in_the_drop_in_style),
        program_test(a_value_whose_text_never_comes_meets_the_deadline),
        program_test(logs_and_calls_come_in_the_order_they_were_made),
        program_test(what_was_logged_before_a_failure_still_arrives),
        program_test(the_default_entries_are_all_told_and_one_more_is_not),
        program_test(the_default_length_is_met_exactly),
        program_test(length_counts_utf16_units),
        program_test(limits_of_nothing_leave_one_entry),
        program_test(the_limits_begin_anew_with_each_run),
        program_test(maxLogValues_counts_what_is_looked_at),
        program_test(maxLogValues_is_a_sum_over_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
