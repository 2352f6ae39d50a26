/*
 * A sink takes logs, and the calls before them, while the guest is running.
 */
#include "program.h"

#include "isolate/driver.h"

#include <stdio.h>
#include <string.h>

/* What has come: "log text;", "call input;". */
typedef struct taken {
    char texts[512];
} taken;

static void take(void *user, const hutch_event *event) {
    taken *all = user;
    bool is_log = event->type == HUTCH_EVENT_LOG;
    hutch_text text = is_log ? event->as.log.text : event->as.tool_call.input;
    size_t length = strlen(all->texts);
    (void)snprintf(all->texts + length, sizeof all->texts - length, "%s %.*s;",
                   is_log ? "log" : "call", (int)text.length, text.data);
}

static void logs_come_while_the_guest_is_running(void **state) {
    taken all = {""};
    hutch_isolate_set_sink(*state, take, &all);
    program_start(*state, "console.log('a'); await 0; console.error('b', 1); return 2");
    assert_string_equal(all.texts, "");
    hutch_event event = program_next(*state);
    assert_string_equal(all.texts, "log a;log b 1;");
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
}

static void calls_come_too_in_the_order_of_all(void **state) {
    taken all = {""};
    hutch_isolate_set_sink(*state, take, &all);
    program_start(*state, "const one = echo(1); console.log('between'); const two = echo(2);"
                          "return [await one, await two]");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    assert_string_equal(all.texts, "call 1;log between;call 2;");
    /* The first calls of an isolate. */
    program_reply(*state, 2, "\"two\"");
    program_reply(*state, 1, "\"one\"");
    hutch_event event = program_next(*state);
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    assert_true(program_text_is(event.as.done.json, "[\"one\",\"two\"]"));
}

static void the_note_that_logs_are_missing_comes_too(void **state) {
    taken all = {""};
    hutch_isolate_options options = program_options();
    options.limits.log_entries = 2;
    program_reset(*state, &options);
    hutch_isolate_set_sink(*state, take, &all);
    program_start(*state, "for (let i = 0; i < 9; i++) console.log(i)");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_DONE);
    assert_string_equal(all.texts, "log 0;log 1;log [log output truncated];");
}

static void without_a_sink_they_wait_again(void **state) {
    taken all = {""};
    hutch_isolate_set_sink(*state, take, &all);
    program_reset(*state, NULL);
    program_start(*state, "console.log('through')");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_DONE);
    hutch_isolate_set_sink(*state, NULL, NULL);
    program_start(*state, "console.log('waits')");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_LOG);
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_DONE);
    assert_string_equal(all.texts, "log through;");
}

/* Asks the run to stop as soon as it hears "stop", and notes what it hears. */
typedef struct stopper {
    taken all;
    hutch_isolate *isolate;
} stopper;

static void take_and_stop(void *user, const hutch_event *event) {
    stopper *asked = user;
    take(&asked->all, event);
    if (event->type == HUTCH_EVENT_LOG && program_text_is(event->as.log.text, "stop")) {
        hutch_isolate_stop(asked->isolate);
    }
}

/* Wherever the guest's code runs on the way to a call or a log, nothing comes of either once the run
 * was stopped there; and neither does more of the program. */
static void a_stop_on_the_way_to_a_call_or_a_log_is_the_end(void **state) {
    static const char *const programs[] = {
        "await echo({ toJSON() { console.log('stop'); console.log('no'); return 1 } })",
        "await echo({ get x() { console.log('stop'); return 1 } }); console.log('no')",
        /* The engine goes on when this function fails. */
        "Error.prepareStackTrace = () => console.log('stop'); await echo(1)",
        "console.log('%j', { toJSON() { console.log('stop'); return 'no' } }); console.log('no')",
        "console.count({ toString() { console.log('stop'); return 'no' } }); console.log('no')",
        "return { toJSON() { console.log('stop'); echo('no'); return 1 } }",
        "throw { get message() { console.log('stop'); echo('no') }, get code() { echo('no') } }",
    };
    stopper asked = {.isolate = *state};
    hutch_isolate_set_sink(*state, take_and_stop, &asked);
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        program_end end;
        asked.all.texts[0] = '\0';
        program_reset(*state, NULL);
        program_run(*state, programs[i], &end);
        if (end.type != HUTCH_EVENT_FAILED || end.failure != HUTCH_FAILURE_STOPPED ||
            strcmp(asked.all.texts, "log stop;") != 0) {
            fail_msg("%s\n gave %s %s, after %s", programs[i], end.name, end.message,
                     asked.all.texts);
        }
    }
}

/* A run that is asked to stop while it hands over a call makes no other one. */
static void take_and_stop_at_a_call(void *user, const hutch_event *event) {
    stopper *asked = user;
    take(&asked->all, event);
    hutch_isolate_stop(asked->isolate);
}

static void a_stop_while_a_call_is_sent_is_seen_at_once(void **state) {
    stopper asked = {.isolate = *state};
    program_end end;
    hutch_isolate_set_sink(*state, take_and_stop_at_a_call, &asked);
    program_run(*state, "for (let i = 0; i < 9; i++) echo(i)", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_STOPPED);
    assert_string_equal(asked.all.texts, "call 0;");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(a_stop_on_the_way_to_a_call_or_a_log_is_the_end),
        program_test(a_stop_while_a_call_is_sent_is_seen_at_once),
        program_test(logs_come_while_the_guest_is_running),
        program_test(calls_come_too_in_the_order_of_all),
        program_test(the_note_that_logs_are_missing_comes_too),
        program_test(without_a_sink_they_wait_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
