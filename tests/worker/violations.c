/*
 * A pool that breaks the protocol: the worker ends with a status that says how,
 * and the zygote goes on.
 */
#include "harness.h"

#include <string.h>

/* Runs one case: `act` makes a fresh worker end with this status. */
static void ends_with(zygote *from, void (*act)(worker *), int exit_status) {
    worker *used = worker_start(from);
    act(used);
    worker_expect_exit(from, used, exit_status);
    used = worker_start(from);
    run_to_done(used, "return 1", "1");
    worker_end(from, used);
}

static void send_header(worker *to, uint32_t type, uint64_t length) {
    hutch_frame_header header = {.type = type, .run = 1, .length = length};
    send_raw(to, &header, sizeof header);
}

static void unknown_type(worker *to) {
    send_header(to, 77, 0);
}

static void own_type(worker *to) {
    send_header(to, HUTCH_FRAME_READY, 0);
}

static void short_struct(worker *to) {
    send_header(to, HUTCH_FRAME_OPEN, sizeof(hutch_frame_open) - 1);
}

static void endless_length(worker *to) {
    open_context(to, NULL, NULL);
    send_header(to, HUTCH_FRAME_RUN, UINT64_MAX);
}

static void close_with_a_body(worker *to) {
    open_context(to, NULL, NULL);
    send_header(to, HUTCH_FRAME_CLOSE, 1);
}

static void a_malformed_frame_ends_the_worker(void **state) {
    ends_with(*state, unknown_type, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, own_type, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, short_struct, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, endless_length, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, close_with_a_body, HUTCH_WORKER_EXIT_FRAME);
}

static void run_before_open(worker *to) {
    start_run(to, "return 1");
}

static void close_before_open(worker *to) {
    send_frame(to, HUTCH_FRAME_CLOSE, 0, NULL, 0, NULL, 0);
}

static void reply_before_open(worker *to) {
    send_reply(to, 1, "1");
}

static void open_twice(worker *to) {
    open_context(to, NULL, NULL);
    open_context(to, NULL, NULL);
}

static void run_while_running(worker *to) {
    static const char *const tools[] = {"tool", NULL};
    open_context(to, NULL, tools);
    start_run(to, "await tool()");
    (void)expect_call(to, 0, "{}");
    start_run(to, "return 1");
}

static void run_number_again(worker *to) {
    open_context(to, NULL, NULL);
    start_run(to, "return 1");
    expect_done(to, "1");
    to->run--;
    start_run(to, "return 1");
}

static void a_frame_that_is_not_due_ends_the_worker(void **state) {
    ends_with(*state, run_before_open, HUTCH_WORKER_EXIT_STATE);
    ends_with(*state, close_before_open, HUTCH_WORKER_EXIT_STATE);
    ends_with(*state, reply_before_open, HUTCH_WORKER_EXIT_STATE);
    ends_with(*state, open_twice, HUTCH_WORKER_EXIT_STATE);
    ends_with(*state, run_while_running, HUTCH_WORKER_EXIT_STATE);
    ends_with(*state, run_number_again, HUTCH_WORKER_EXIT_STATE);
}

static void send_open(worker *to, uint32_t tool_count, const void *list, size_t length) {
    hutch_frame_open open = open_defaults();
    open.tool_count = tool_count;
    send_frame(to, HUTCH_FRAME_OPEN, 0, &open, sizeof open, list, length);
}

static void more_tools_than_names(worker *to) {
    send_open(to, 2, "\1\0\0\0a\0\0\0\0", 9);
}

static void tools_without_names(worker *to) {
    send_open(to, UINT32_MAX, NULL, 0);
}

static void more_names_than_tools(worker *to) {
    send_open(to, 1, "\1\0\0\0a\0\0\0\0\1\0\0\0b\0\0\0\0", 18);
}

static void name_beyond_the_end(worker *to) {
    send_open(to, 1, "\5\0\0\0a", 5);
}

static void name_of_endless_length(worker *to) {
    send_open(to, 1, "\377\377\377\377a", 5);
}

static void name_without_binding(worker *to) {
    send_open(to, 1, "\1\0\0\0a", 5);
}

static void binding_beyond_the_end(worker *to) {
    send_open(to, 1, "\1\0\0\0a\2\0\0\0b", 10);
}

static void reject_of_other_lengths(worker *to) {
    static const char *const tools[] = {"tool", NULL};
    open_context(to, NULL, tools);
    start_run(to, "await tool()");
    hutch_frame_reject fixed = {.call_id = expect_call(to, 0, "{}"),
                                .name_length = UINT32_MAX,
                                .message_length = UINT32_MAX,
                                .code_length = 2,
                                .reasons_length = 2};
    send_frame(to, HUTCH_FRAME_REJECT, to->run, &fixed, sizeof fixed, "ab", 2);
}

static void lengths_that_disagree_end_the_worker(void **state) {
    ends_with(*state, more_tools_than_names, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, tools_without_names, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, more_names_than_tools, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, name_beyond_the_end, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, name_of_endless_length, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, name_without_binding, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, binding_beyond_the_end, HUTCH_WORKER_EXIT_FRAME);
    ends_with(*state, reject_of_other_lengths, HUTCH_WORKER_EXIT_FRAME);
}

static void limit_out_of_range(worker *to) {
    hutch_frame_open open = open_defaults();
    open.options[PLACE_memory_bytes] = 0;
    open_context(to, &open, NULL);
}

static void code_beyond_its_limit(worker *to) {
    hutch_frame_open open = open_defaults();
    open.options[PLACE_code_bytes] = 7;
    open_context(to, &open, NULL);
    start_run(to, "return 1");
}

static void name_that_is_taken(worker *to) {
    static const char *const tools[] = {"Object", NULL};
    open_context(to, NULL, tools);
}

static void binding_that_is_no_identifier(worker *to) {
    send_open(to, 1, "\1\0\0\0a\3\0\0\0b-c", 12);
}

static void answer_to_no_call(worker *to) {
    static const char *const tools[] = {"tool", NULL};
    open_context(to, NULL, tools);
    start_run(to, "await tool()");
    send_reply(to, expect_call(to, 0, "{}") + 1, "1");
}

static void answer_given_twice(worker *to) {
    static const char *const tools[] = {"tool", NULL};
    open_context(to, NULL, tools);
    start_run(to, "await tool(); await tool()");
    uint32_t call = expect_call(to, 0, "{}");
    send_reply(to, call, "1");
    (void)expect_call(to, 0, "{}");
    send_reply(to, call, "1");
}

static void what_the_pool_should_have_checked_ends_the_worker(void **state) {
    ends_with(*state, limit_out_of_range, HUTCH_WORKER_EXIT_REFUSED);
    ends_with(*state, code_beyond_its_limit, HUTCH_WORKER_EXIT_REFUSED);
    ends_with(*state, binding_that_is_no_identifier, HUTCH_WORKER_EXIT_REFUSED);
    ends_with(*state, name_that_is_taken, HUTCH_WORKER_EXIT_REFUSED);
    ends_with(*state, answer_to_no_call, HUTCH_WORKER_EXIT_REFUSED);
    ends_with(*state, answer_given_twice, HUTCH_WORKER_EXIT_REFUSED);
}

static void claim_bytes(worker *to) {
    atomic_store(&to->shared->to_worker.written, HUTCH_RING_SIZE + 1);
    stop_run(to);
    send_raw(to, "", 0);
}

static void claim_room(worker *to) {
    atomic_store(&to->shared->to_pool.consumed, 1u << 20);
    open_context(to, NULL, NULL);
    start_run(to, "return 1");
}

static void an_impossible_position_ends_the_worker(void **state) {
    ends_with(*state, claim_bytes, HUTCH_WORKER_EXIT_RING);
    ends_with(*state, claim_room, HUTCH_WORKER_EXIT_RING);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_malformed_frame_ends_the_worker),
        cmocka_unit_test(a_frame_that_is_not_due_ends_the_worker),
        cmocka_unit_test(lengths_that_disagree_end_the_worker),
        cmocka_unit_test(what_the_pool_should_have_checked_ends_the_worker),
        cmocka_unit_test(an_impossible_position_ends_the_worker),
    };
    return cmocka_run_group_tests(tests, zygote_setup, zygote_teardown);
}
