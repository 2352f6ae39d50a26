/*
 * What a worker does with the frames that it gets.
 */
#include "harness.h"
#include "plat/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIG_BYTES ((size_t)10 << 20)

static const char *const one_tool[] = {"tool", NULL};

static void a_program_runs_to_its_result(void **state) {
    worker *used = worker_start(*state);
    run_to_done(used, "return 1 + 1", "2");
    start_run(used, "return undefined");
    expect_done(used, "");
    close_context(used);
    worker_end(*state, used);
}

static void a_program_that_throws_fails_with_all_of_its_error(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, NULL);
    start_run(used, "\n  throw new RangeError('too far')");
    expect_failed(used, HUTCH_FAILURE_GUEST);
    const hutch_frame_failed *failed = &used->reader.fixed.failed;
    assert_int_equal(failed->usable, 1);
    assert_int_equal(failed->line, 2);
    assert_int_equal(failed->name_length, strlen("RangeError"));
    assert_memory_equal(used->body, "RangeErrortoo far", strlen("RangeErrortoo far"));
    worker_end(*state, used);
}

static void a_tool_is_called_by_its_index_and_its_answer_arrives(void **state) {
    static const char *const tools[] = {"first", "second", NULL};
    worker *used = worker_start(*state);
    open_context(used, NULL, tools);
    start_run(used, "return (await second({ a: [1] })).b + await first()");
    uint32_t call = expect_call(used, 1, "{\"a\":[1]}");
    expect_frame(used, HUTCH_FRAME_WAITING);
    assert_int_equal(used->reader.fixed.waiting.answers, 0);
    send_reply(used, call, "{\"b\":40}");
    call = expect_call(used, 0, "{}");
    expect_frame(used, HUTCH_FRAME_WAITING);
    assert_int_equal(used->reader.fixed.waiting.answers, 1);
    send_reply(used, call, "2");
    expect_done(used, "42");
    worker_end(*state, used);
}

static void a_rejected_call_throws_inside(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "try { await tool() } catch (e) { return [e.name, e.message, e.code] }");
    uint32_t call = expect_call(used, 0, "{}");
    send_reject(used, call, "KeyError", "no such key", "E_KEY");
    expect_done(used, "[\"KeyError\",\"no such key\",\"E_KEY\"]");
    worker_end(*state, used);
}

static void answers_in_any_order_reach_their_calls(void **state) {
    worker *used = worker_start(*state);
    uint32_t calls[50];
    char json[32];
    open_context(used, NULL, one_tool);
    start_run(used, "return (await Promise.all(Array.from({ length: 50 }, (_, i) => tool(i))))"
                    ".every((x, i) => x === i)");
    for (size_t i = 0; i < 50; i++) {
        (void)snprintf(json, sizeof json, "%zu", i);
        calls[i] = expect_call(used, 0, json);
    }
    expect_frame(used, HUTCH_FRAME_WAITING);
    for (size_t i = 50; i-- > 0;) {
        (void)snprintf(json, sizeof json, "%zu", i);
        send_reply(used, calls[i], json);
    }
    expect_done(used, "true");
    worker_end(*state, used);
}

static void console_output_comes_in_order(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, NULL);
    start_run(used, "console.log('one'); console.error('two'); return 3");
    expect_frame(used, HUTCH_FRAME_LOG);
    assert_int_equal(used->reader.fixed.log.level, HUTCH_LOG_LOG);
    assert_string_equal(used->body, "one");
    expect_frame(used, HUTCH_FRAME_LOG);
    assert_int_equal(used->reader.fixed.log.level, HUTCH_LOG_ERROR);
    assert_string_equal(used->body, "two");
    expect_done(used, "3");
    worker_end(*state, used);
}

static void globals_last_for_the_context_and_no_longer(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "globalThis.kept = 1; Array.prototype.odd = 2; Math.abs = null");
    expect_done(used, "");
    start_run(used, "return [kept, [].odd]");
    expect_done(used, "[1,2]");
    close_context(used);
    run_to_done(used, "return [typeof kept, typeof [].odd, typeof tool, Math.abs(-1)]",
                "[\"undefined\",\"undefined\",\"undefined\",1]");
    close_context(used);
    worker_end(*state, used);
}

static void the_seed_of_a_context_decides_its_random_numbers(void **state) {
    worker *used = worker_start(*state);
    char *first[3];
    for (size_t i = 0; i < 3; i++) {
        hutch_frame_open open = open_defaults();
        open.options[PLACE_random_seed] = i < 2 ? 77 : 78;
        open_context(used, &open, NULL);
        start_run(used, "return [Math.random(), Math.random()]");
        expect_frame(used, HUTCH_FRAME_DONE);
        first[i] = strdup(used->body);
        close_context(used);
    }
    assert_string_equal(first[0], first[1]);
    assert_string_not_equal(first[0], first[2]);
    for (size_t i = 0; i < 3; i++) {
        free(first[i]);
    }
    worker_end(*state, used);
}

/* A text of `length` bytes between a head and a tail. */
static char *long_text(const char *head, size_t length, const char *tail) {
    char *text = malloc(strlen(head) + length + strlen(tail) + 1);
    assert_non_null(text);
    memcpy(text, head, strlen(head));
    memset(text + strlen(head), 'x', length);
    strcpy(text + strlen(head) + length, tail);
    return text;
}

static void ten_megabytes_go_through_the_ring_in_every_frame(void **state) {
    worker *used = worker_start(*state);
    hutch_frame_open open = open_defaults();
    open.options[PLACE_code_bytes] = 64 * HUTCH_MIB;
    open_context(used, &open, one_tool);
    char *code = long_text("const s = '", BIG_BYTES,
                           "'; const r = await tool(s); console.log(r.length); return r");
    start_run(used, code);
    expect_frame(used, HUTCH_FRAME_CALL);
    assert_int_equal(used->body_length, BIG_BYTES + 2);
    char *reply = long_text("\"", BIG_BYTES, "\"");
    send_reply(used, used->reader.fixed.call.call_id, reply);
    expect_frame(used, HUTCH_FRAME_LOG);
    assert_string_equal(used->body, "10485760");
    expect_frame(used, HUTCH_FRAME_DONE);
    assert_int_equal(used->body_length, BIG_BYTES + 2);
    assert_string_equal(used->body, reply);
    free(code);
    free(reply);
    close_context(used);
    run_to_done(used, "return 1", "1");
    worker_end(*state, used);
}

/* Both rings full: the worker writes a long CALL that nobody reads, while a long answer to its
 * first call is on the way in. */
static void a_worker_that_waits_for_room_takes_what_arrives(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "const big = 'x'.repeat(1 << 20);"
                    "const [a, b] = await Promise.all([tool(1), tool(big)]);"
                    "return [a.length, b]");
    uint32_t call = expect_call(used, 0, "1");
    char *reply = long_text("\"", 1 << 20, "\"");
    send_reply(used, call, reply);
    free(reply);
    expect_frame(used, HUTCH_FRAME_CALL);
    assert_int_equal(used->body_length, (1 << 20) + 2);
    send_reply(used, used->reader.fixed.call.call_id, "2");
    expect_done(used, "[1048576,2]");
    worker_end(*state, used);
}

/* The worker has taken all that was sent to it. */
static void await_taken(worker *used) {
    size_t room = 0;
    uint64_t naps = 0;
    while (room < HUTCH_RING_SIZE) {
        assert_int_equal(hutch_ring_writable(&used->ring_out, &room), HUTCH_RING_SOUND);
        assert_true(patience_nap(&naps));
    }
}

/* The guest stands in console.log(), as the ring has no room for its text. The pool must not hear that it
 * waits: the answer is there. */
static void an_answer_that_comes_while_the_guest_is_logging_is_given_to_it(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "const asked = tool(1); console.log('x'.repeat(100000)); return await asked");
    uint32_t call = expect_call(used, 0, "1");
    send_reply(used, call, "\"answer\"");
    await_taken(used);
    assert_int_equal(take_frame(used), HUTCH_FRAME_LOG);
    assert_int_equal(used->body_length, 100000);
    assert_int_equal(take_frame(used), HUTCH_FRAME_DONE);
    close_context(used);
    run_to_done(used, "return 1", "1");
    worker_end(*state, used);
}

static void a_context_closed_while_its_guest_is_logging_leaves_a_ready_worker(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "const asked = tool(1); console.log('x'.repeat(100000)); return await asked");
    (void)expect_call(used, 0, "1");
    send_frame(used, HUTCH_FRAME_CLOSE, 0, NULL, 0, NULL, 0);
    await_taken(used);
    assert_int_equal(take_frame(used), HUTCH_FRAME_LOG);
    hutch_frame_type last;
    while ((last = take_frame(used)) != HUTCH_FRAME_READY) {
        assert_true(last == HUTCH_FRAME_WAITING || last == HUTCH_FRAME_FAILED);
    }
    run_to_done(used, "return typeof asked", "\"undefined\"");
    worker_end(*state, used);
}

static void
an_answer_beyond_the_memory_limit_fails_the_run_and_the_next_context_works(void **state) {
    worker *used = worker_start(*state);
    hutch_frame_open open = open_defaults();
    open.options[PLACE_memory_bytes] = 4 * HUTCH_MIB;
    open_context(used, &open, one_tool);
    start_run(used, "return (await tool()).length");
    uint32_t call = expect_call(used, 0, "{}");
    char *reply = long_text("\"", BIG_BYTES, "\"");
    send_reply(used, call, reply);
    free(reply);
    expect_failed(used, HUTCH_FAILURE_MEMORY);
    assert_int_equal(used->reader.fixed.failed.usable, 0);
    close_context(used);
    run_to_done(used, "return 1", "1");
    worker_end(*state, used);
}

static void code_beyond_the_memory_limit_fails_the_run(void **state) {
    worker *used = worker_start(*state);
    hutch_frame_open open = open_defaults();
    open.options[PLACE_memory_bytes] = 4 * HUTCH_MIB;
    open.options[PLACE_code_bytes] = 64 * HUTCH_MIB;
    open_context(used, &open, NULL);
    char *code = long_text("return '", BIG_BYTES, "'.length");
    start_run(used, code);
    free(code);
    expect_failed(used, HUTCH_FAILURE_MEMORY);
    close_context(used);
    worker_end(*state, used);
}

static void tools_beyond_the_memory_limit_fail_the_run(void **state) {
    worker *used = worker_start(*state);
    hutch_frame_open open = open_defaults();
    open.options[PLACE_memory_bytes] = 2 * HUTCH_MIB;
    static char names[4096][256];
    static const char *tools[4097];
    for (size_t i = 0; i < 4096; i++) {
        memset(names[i], 'a', 255);
        (void)snprintf(names[i], 16, "t%zu", i);
        names[i][strlen(names[i])] = '_';
        tools[i] = names[i];
    }
    open_context(used, &open, tools);
    start_run(used, "return 1");
    expect_failed(used, HUTCH_FAILURE_MEMORY);
    close_context(used);
    run_to_done(used, "return 1", "1");
    worker_end(*state, used);
}

static void a_reply_beyond_its_own_limit_is_told_apart_from_memory(void **state) {
    worker *used = worker_start(*state);
    hutch_frame_open open = open_defaults();
    open.options[PLACE_tool_result_bytes] = 1000;
    open_context(used, &open, one_tool);
    start_run(used,
              "try { await tool() } catch (e) { return [e.name, e.message.includes('1001')] }");
    uint32_t call = expect_call(used, 0, "{}");
    char *reply = long_text("\"", 999, "\"");
    send_reply(used, call, reply);
    free(reply);
    expect_done(used, "[\"RangeError\",true]");
    start_run(used, "return (await tool()).length");
    call = expect_call(used, 0, "{}");
    reply = long_text("\"", 998, "\"");
    send_reply(used, call, reply);
    free(reply);
    expect_done(used, "998");
    worker_end(*state, used);
}

static void answers_for_a_run_that_has_ended_are_dropped(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "tool(); return 1");
    uint32_t call = expect_call(used, 0, "{}");
    expect_done(used, "1");
    char *reply = long_text("\"", 1 << 20, "\"");
    send_reply(used, call, reply);
    send_reject(used, call, "Error", "late", "");
    start_run(used, "return await tool()");
    uint32_t next = expect_call(used, 0, "{}");
    assert_true(next > call);
    used->run--;
    send_reply(used, call, reply);
    used->run++;
    send_reply(used, next, "2");
    expect_done(used, "2");
    free(reply);
    worker_end(*state, used);
}

static void an_answer_whose_run_ends_in_the_middle_of_it_is_dropped(void **state) {
    worker *used = worker_start(*state);
    struct {
        hutch_frame_header header;
        hutch_frame_reply fixed;
    } head = {.header = {.type = HUTCH_FRAME_REPLY, .run = 1, .length = 4 + 3}};
    open_context(used, NULL, one_tool);
    start_run(used, "await tool()");
    head.fixed.call_id = expect_call(used, 0, "{}");
    send_raw(used, &head.header, sizeof head.header);
    send_raw(used, &head.fixed, sizeof head.fixed);
    send_raw(used, "12", 2);
    stop_run(used);
    expect_failed(used, HUTCH_FAILURE_STOPPED);
    send_raw(used, "3", 1);
    start_run(used, "return await tool()");
    uint32_t call = expect_call(used, 0, "{}");
    send_reply(used, call, "2");
    expect_done(used, "2");
    worker_end(*state, used);
}

static void a_running_guest_stops_when_it_is_asked_to(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, NULL);
    start_run(used, "while (true) {}");
    assert_int_equal(take_frame_within(used, 20), 0);
    stop_run(used);
    expect_failed(used, HUTCH_FAILURE_STOPPED);
    assert_int_equal(used->reader.fixed.failed.usable, 1);
    start_run(used, "return 1");
    expect_done(used, "1");
    close_context(used);
    assert_int_equal(atomic_load(&used->shared->stop_run), 0);
    run_to_done(used, "return 2", "2");
    worker_end(*state, used);
}

static void a_waiting_guest_stops_when_it_is_asked_to(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "await tool()");
    (void)expect_call(used, 0, "{}");
    expect_frame(used, HUTCH_FRAME_WAITING);
    assert_int_equal(take_frame_within(used, 50), 0);
    stop_run(used);
    expect_failed(used, HUTCH_FAILURE_STOPPED);
    worker_end(*state, used);
}

static void a_guest_stops_at_its_deadline(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, NULL);
    static const char code[] = "while (true) {}";
    start_long_run(used, code, strlen(code), hutch_clock_now() + 20 * HUTCH_NS_PER_MS);
    expect_failed(used, HUTCH_FAILURE_TIMEOUT);
    worker_end(*state, used);
}

static void a_context_closed_in_the_middle_of_a_run_leaves_a_ready_worker(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, one_tool);
    start_run(used, "for (let i = 0; i < 5000; i++) console.log('x'.repeat(100));"
                    "globalThis.left = 1; await tool()");
    close_context(used);
    run_to_done(used, "return typeof left", "\"undefined\"");
    worker_end(*state, used);
}

static void frames_sent_ahead_wait_for_their_turn(void **state) {
    worker *used = worker_start(*state);
    open_context(used, NULL, NULL);
    start_run(used, "return 1");
    expect_done(used, "1");
    send_frame(used, HUTCH_FRAME_CLOSE, 0, NULL, 0, NULL, 0);
    open_context(used, NULL, NULL);
    start_run(used, "return 2");
    expect_frame(used, HUTCH_FRAME_READY);
    expect_done(used, "2");
    worker_end(*state, used);
}

static void a_worker_with_nothing_to_do_sleeps(void **state) {
    worker *used = worker_start(*state);
    uint64_t before;
    uint64_t after;
    open_context(used, NULL, one_tool);
    start_run(used, "await tool()");
    (void)expect_call(used, 0, "{}");
    expect_frame(used, HUTCH_FRAME_WAITING);
    await_rest(used->pid);
    assert_true(hutch_clock_of_process(used->pid, &before));
    assert_int_equal(take_frame_within(used, 300), 0);
    assert_true(hutch_clock_of_process(used->pid, &after));
    assert_int_equal(after, before);
    worker_end(*state, used);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_runs_to_its_result),
        cmocka_unit_test(a_program_that_throws_fails_with_all_of_its_error),
        cmocka_unit_test(a_tool_is_called_by_its_index_and_its_answer_arrives),
        cmocka_unit_test(a_rejected_call_throws_inside),
        cmocka_unit_test(answers_in_any_order_reach_their_calls),
        cmocka_unit_test(console_output_comes_in_order),
        cmocka_unit_test(globals_last_for_the_context_and_no_longer),
        cmocka_unit_test(the_seed_of_a_context_decides_its_random_numbers),
        cmocka_unit_test(ten_megabytes_go_through_the_ring_in_every_frame),
        cmocka_unit_test(a_worker_that_waits_for_room_takes_what_arrives),
        cmocka_unit_test(an_answer_that_comes_while_the_guest_is_logging_is_given_to_it),
        cmocka_unit_test(a_context_closed_while_its_guest_is_logging_leaves_a_ready_worker),
        cmocka_unit_test(
            an_answer_beyond_the_memory_limit_fails_the_run_and_the_next_context_works),
        cmocka_unit_test(code_beyond_the_memory_limit_fails_the_run),
        cmocka_unit_test(tools_beyond_the_memory_limit_fail_the_run),
        cmocka_unit_test(a_reply_beyond_its_own_limit_is_told_apart_from_memory),
        cmocka_unit_test(answers_for_a_run_that_has_ended_are_dropped),
        cmocka_unit_test(an_answer_whose_run_ends_in_the_middle_of_it_is_dropped),
        cmocka_unit_test(a_running_guest_stops_when_it_is_asked_to),
        cmocka_unit_test(a_waiting_guest_stops_when_it_is_asked_to),
        cmocka_unit_test(a_guest_stops_at_its_deadline),
        cmocka_unit_test(a_context_closed_in_the_middle_of_a_run_leaves_a_ready_worker),
        cmocka_unit_test(frames_sent_ahead_wait_for_their_turn),
        cmocka_unit_test(a_worker_with_nothing_to_do_sleeps),
    };
    return cmocka_run_group_tests(tests, zygote_setup, zygote_teardown);
}
