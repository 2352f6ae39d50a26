/*
 * What a guest leaves behind: nothing. A marker goes through the worker on every
 * way there is, the context is closed, and the marker is searched for in all of
 * the worker's memory.
 */
#include "harness.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKER "HutchMarker!7q3z"

static const char *const tools[] = {"tool", NULL};

static void expect_no_trace(worker *used) {
    memory_search found = memory_search_for(used->pid, MARKER);
    if (found.hits > 0) {
        print_message("%zu times, first at %s\n", found.hits, found.where);
    }
    assert_true(found.bytes > 100000);
    assert_int_equal(found.hits, 0);
}

/* The search itself works: the marker is there while the guest holds it. */
static void expect_a_trace(worker *used) {
    assert_true(memory_search_for(used->pid, MARKER).hits > 0);
}

/* Runs a program whose marker is in its source, answers its calls with the marker, and drops all
 * that comes back until it ends. */
static void run_marked(worker *used, const char *code) {
    hutch_frame_type type;
    start_run(used, code);
    while ((type = take_frame(used)) != HUTCH_FRAME_DONE && type != HUTCH_FRAME_FAILED) {
        if (type == HUTCH_FRAME_CALL && used->reader.fixed.call.call_id % 2 == 1) {
            send_reply(used, used->reader.fixed.call.call_id, "[\"" MARKER "\"]");
        } else if (type == HUTCH_FRAME_CALL) {
            send_reject(used, used->reader.fixed.call.call_id, MARKER, MARKER, MARKER);
        }
    }
}

static void leaves_nothing(void **state, const char *code) {
    if (!memory_can_search()) {
        skip();
    }
    worker *used = worker_start(*state);
    open_context(used, NULL, tools);
    run_marked(used, code);
    expect_a_trace(used);
    close_context(used);
    expect_no_trace(used);
    worker_end(*state, used);
}

static void its_source_and_its_strings_go(void **state) {
    leaves_nothing(state, "globalThis.kept = '" MARKER "'; return kept");
}

static void a_heap_full_of_it_goes(void **state) {
    leaves_nothing(state, "globalThis.all = []; const s = '" MARKER "';"
                          "for (let i = 0; i < 2000; i++) all.push(s.repeat(1 + i));"
                          "globalThis.bytes = new Uint8Array(1 << 20);"
                          "for (let i = 0; i < bytes.length; i++) bytes[i] = s.charCodeAt(i % 16);"
                          "globalThis.wide = (s + '\\u4e00').repeat(1000)");
}

static void its_console_output_goes(void **state) {
    leaves_nothing(state, "globalThis.k = '" MARKER "';"
                          "for (let i = 0; i < 100; i++) console.log(k, { [k]: k })");
}

static void its_errors_go(void **state) {
    leaves_nothing(state, "function f() { const e = new Error('" MARKER "');"
                          "e.name = '" MARKER "'; e.code = '" MARKER "';"
                          "globalThis.e = e; throw e } f()");
}

static void its_tool_calls_and_their_answers_go(void **state) {
    leaves_nothing(state, "globalThis.got = []; for (let i = 0; i < 20; i++) {"
                          "try { got.push(await tool({ m: '" MARKER "' })) }"
                          "catch (e) { got.push(e) } }");
}

static void what_native_code_left_on_the_stack_goes(void **state) {
    leaves_nothing(state, "globalThis.s = '" MARKER "'; const r = /(H.*?(u.)t)+(c.*!)(7q3z)/;"
                          "function deep(n) { return n === 0 ? JSON.stringify({ s }) + s.replace(r,"
                          "'$4') + encodeURIComponent(s) : deep(n - 1) + n }"
                          "globalThis.r = [deep(300), s.match(r), JSON.parse('\"' + s + '\"'),"
                          "Number.parseFloat('0.1' + s), new Date(s).getTime(),"
                          "BigInt(2) ** 3000n, s.split('').sort().join('')]");
}

static void a_run_that_ran_out_of_memory_goes(void **state) {
    leaves_nothing(state, "globalThis.a = []; let s = '" MARKER "'.repeat(1000);"
                          "while (true) a.push(s + a.length)");
}

static void a_run_that_ran_out_of_stack_goes(void **state) {
    leaves_nothing(state, "globalThis.s = '" MARKER "';"
                          "function f(a) { const b = a + 1; return f(b) + s } f(0)");
}

static void answers_that_nobody_took_go(void **state) {
    if (!memory_can_search()) {
        skip();
    }
    worker *used = worker_start(*state);
    open_context(used, NULL, tools);
    start_run(used, "tool(); return 1");
    uint32_t call = expect_call(used, 0, "{}");
    expect_done(used, "1");
    send_reply(used, call, "\"" MARKER "\"");
    close_context(used);
    expect_no_trace(used);
    worker_end(*state, used);
}

static void tool_names_go(void **state) {
    static const char *const marked[] = {"a", "HutchMarkerInAName", NULL};
    if (!memory_can_search()) {
        skip();
    }
    worker *used = worker_start(*state);
    open_context(used, NULL, marked);
    start_run(used, "return typeof HutchMarkerInAName");
    expect_done(used, "\"function\"");
    assert_true(memory_search_for(used->pid, "HutchMarkerInAName").hits > 0);
    close_context(used);
    assert_int_equal(memory_search_for(used->pid, "HutchMarkerInAName").hits, 0);
    worker_end(*state, used);
}

/* After a few guests it has touched what every guest makes it touch; what still comes is the pages of
 * the rings, each of which is written once around. */
static void a_worker_that_served_many_guests_is_no_larger(void **state) {
    enum { WARM = 5, GUESTS = 50 };
    worker *used = worker_start(*state);
    size_t length;
    long before = 0;
    long after = 0;
    for (int i = 0; i < GUESTS; i++) {
        open_context(used, NULL, tools);
        run_marked(used, "globalThis.a = []; for (let i = 0; i < 50000; i++) a.push('x' + i)");
        close_context(used);
        char *statm = proc_read(used->pid, "statm", &length);
        assert_non_null(statm);
        assert_int_equal(sscanf(statm, "%*d %ld", &after), 1);
        free(statm);
        before = i == WARM ? after : before;
    }
    assert_true(after <= before + 16);
    worker_end(*state, used);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_source_and_its_strings_go),
        cmocka_unit_test(a_heap_full_of_it_goes),
        cmocka_unit_test(its_console_output_goes),
        cmocka_unit_test(its_errors_go),
        cmocka_unit_test(its_tool_calls_and_their_answers_go),
        cmocka_unit_test(what_native_code_left_on_the_stack_goes),
        cmocka_unit_test(a_run_that_ran_out_of_memory_goes),
        cmocka_unit_test(a_run_that_ran_out_of_stack_goes),
        cmocka_unit_test(answers_that_nobody_took_go),
        cmocka_unit_test(tool_names_go),
        cmocka_unit_test(a_worker_that_served_many_guests_is_no_larger),
    };
    return cmocka_run_group_tests(tests, zygote_setup, zygote_teardown);
}
