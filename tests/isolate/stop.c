/*
 * Stopping a run, and that nothing of it goes on afterwards.
 */
#include "program.h"

#include "isolate/driver.h"
#include "support/patience.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* For the next run only: those that shall get through may take their time on a busy machine. */
static void set_short_deadline(hutch_isolate *isolate) {
    hutch_isolate_set_deadline(isolate, now_ns() + patience_ms(30) * 1000000U);
}

/* Programs that leave something behind which would set `hit`, and then spin until the deadline. */
static const char *const leftovers[] = {
    "Promise.resolve().then(() => { hit = 1 }); for (;;) ;",
    "queueMicrotask(() => { hit = 1 }); for (;;) ;",
    "(async () => { await 0; hit = 1 })(); for (;;) ;",
    "(async () => { try { await 0 } finally { hit = 1 } })(); for (;;) ;",
    "(async () => { try { await 0 } catch { hit = 1 } })(); for (;;) ;",
    "Promise.reject(1).catch(() => { hit = 1 }); for (;;) ;",
    "Promise.resolve().finally(() => { hit = 1 }); for (;;) ;",
    "Promise.all([Promise.resolve(1)]).then(() => { hit = 1 }, () => { hit = 2 }); for (;;) ;",
    "Promise.resolve({ then(f) { hit = 1; f() } }); for (;;) ;",
    "Promise.resolve(Object.defineProperty({}, 'then', { get() { return () => { hit = 1 } } }));"
    "for (;;) ;",
    "(async () => ({ then() { hit = 1 } }))(); for (;;) ;",
    "const p = new Promise((f) => { globalThis.settle = f }); p.then(() => { hit = 1 }); settle({"
    " get then() { queueMicrotask(() => { hit = 1 }); } }); for (;;) ;",
    "(async function* () { try { yield 1; hit = 1 } finally { hit = 1 } })().next(); const g = "
    "(async function* () { await 0; hit = 1; yield 1 })(); g.next(); g.next(); g.return();"
    "for (;;) ;",
    "(async () => { for await (const x of (async function* () { await 0; hit = 1; yield 1 })())"
    " hit = 1 })(); for (;;) ;",
    "(async () => { for await (const x of { [Symbol.iterator]() { return { next() { hit = hit"
    " === 0 ? 0 : 1; return { value: 0 } }, return() { hit = 1; return {} } } } }) await 0 })();"
    "hit = 0; for (;;) ;",
    "(async () => { await using r = { async [Symbol.asyncDispose]() { hit = 1 } }; await 0 })();"
    "for (;;) ;",
    "const r = new FinalizationRegistry(() => { hit = 1 }); globalThis.r = r;"
    "(() => { r.register({}, 1) })(); for (;;) ;",
    "import('x').catch(() => { hit = 1 }); for (;;) ;",
    "import({ toString() { hit = 0; return 'x' } }).catch(() => { hit = 1 }); for (;;) ;",
    "Promise.resolve().then(new Proxy(() => {}, { apply() { hit = 1 } })); for (;;) ;",
    "Promise.resolve().then((() => { hit = 1 }).bind(null)); for (;;) ;",
    "class P extends Promise { constructor(f) { super(f); hit ||= started ? 1 : 0 }"
    " static get [Symbol.species]() { hit ||= started ? 1 : 0; return P } };"
    "globalThis.started = false; P.resolve().then(() => {}).then(() => {}); started = true;"
    "for (;;) ;",
    "Promise.resolve().then(eval, eval).then(Function).then(setHit = () => { hit = 1 }); for (;;) "
    ";",
    "Promise.resolve('hit = 1').then(eval); for (;;) ;",
    "Promise.resolve().then(echo).then(() => { hit = 1 }); for (;;) ;",
    "Promise.resolve('late').then(console.log); for (;;) ;",
    "echo(1).then(() => { hit = 1 }); never(2).then(() => { hit = 1 }); for (;;) ;",
    "Array.fromAsync([1, 2], () => { hit = 1 }); for (;;) ;",
};

static void stale_jobs_of_a_run_that_timed_out_never_run(void **state) {
    for (size_t i = 0; i < sizeof leftovers / sizeof leftovers[0]; i++) {
        program_reset(*state, NULL);
        program_expect(*state, "globalThis.hit = 0", "");
        set_short_deadline(*state);
        program_end end;
        program_run(*state, leftovers[i], &end);
        if (end.failure != HUTCH_FAILURE_TIMEOUT || !end.usable) {
            fail_msg("%s\n  gave %s: %s", leftovers[i], end.name, end.message);
        }
        assert_int_equal(end.log_count, 0);
        memset(&end, 0, sizeof end);
        program_run(*state, "await 0; await 0; await echo(); await 0; return hit", &end);
        if (strcmp(end.json, "0") != 0 || end.call_count != 1 || end.log_count != 0) {
            fail_msg("%s\n  then gave %s %s", leftovers[i], end.json, end.message);
        }
    }
}

static void functions_that_were_stopped_can_be_called_again(void **state) {
    program_expect(
        *state,
        "globalThis.spin = true; globalThis.f = () => { while (spin) ; return 'free' };"
        "globalThis.g = async () => { await 0; while (spin) ; return 'too' };"
        "globalThis.it = (function* () { yield 1; while (spin) ; yield 2 })(); it.next()",
        "");
    set_short_deadline(*state);
    program_expect_failure(*state, "f()", HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
    set_short_deadline(*state);
    program_expect_failure(*state, "await g()", HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
    program_expect(*state, "spin = false; return [f(), await g()]", "[\"free\",\"too\"]");
}

static void no_handler_of_the_guests_sees_its_end(void **state) {
    set_short_deadline(*state);
    program_expect_failure(*state,
                           "globalThis.seen = 0; for (;;) { try { for (;;) ; }"
                           " catch { seen = 1 } finally { seen = 2 } }",
                           HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
    program_expect(*state, "return seen", "0");
}

static void endless_microtasks_meet_the_deadline(void **state) {
    static const char *const codes[] = {
        "for (;;) await 0",
        "(function f() { Promise.resolve().then(f) })(); return 1",
        "(function f() { queueMicrotask(f) })(); await new Promise(() => {})",
        "const t = { then(f) { f(t) } }; await t",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        set_short_deadline(*state);
        program_expect_failure(*state, codes[i], HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
    }
    program_expect(*state, "return 1", "1");
}

static void long_native_loops_meet_the_deadline(void **state) {
    static const char *const codes[] = {
        "/(a*)*b/.exec('a'.repeat(40))",
        "[].includes.call({ length: 2 ** 52 }, 1)",
        "Array.from({ length: 2 ** 32 - 1 }, () => 0)",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        set_short_deadline(*state);
        program_expect_failure(*state, codes[i], HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
    }
}

static void stop_ends_a_run_and_is_nothing_without_one(void **state) {
    hutch_isolate_stop(*state);
    program_expect(*state, "return 1", "1");
    program_start(*state, "await never()");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_TOOL_CALL);
    hutch_isolate_stop(*state);
    program_end end;
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_STOPPED);
    assert_string_equal(end.name, "AbortError");
    assert_true(end.usable);
    program_expect(*state, "return 2", "2");
}

static void the_stop_word_ends_runs_and_survives_a_reset(void **state) {
    _Atomic uint32_t word = 0;
    hutch_isolate_watch_stop(*state, &word, 7);
    program_expect(*state, "return 1", "1");
    atomic_store(&word, 7);
    program_expect_failure(*state, "for (;;) ;", HUTCH_FAILURE_STOPPED, "AbortError", "");
    program_reset(*state, NULL);
    program_expect_failure(*state, "for (;;) ;", HUTCH_FAILURE_STOPPED, "AbortError", "");
    atomic_store(&word, 8);
    program_expect(*state, "return 1", "1");
    atomic_store(&word, 7);
    hutch_isolate_watch_stop(*state, NULL, 0);
    program_expect(*state, "return 1", "1");
}

static void a_deadline_from_outside_holds_for_one_run(void **state) {
    hutch_isolate_set_deadline(*state, now_ns() + 20 * 1000000U);
    program_expect_failure(*state, "for (;;) ;", HUTCH_FAILURE_TIMEOUT, "TimeoutError", "20 ms");
    program_expect(*state, "let s = 0; for (let i = 0; i < 1e6; i++) s += i; return s",
                   "499999500000");
    hutch_isolate_set_deadline(*state, 1);
    program_expect_failure(*state, "return 1", HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
    program_expect(*state, "return 1", "1");
}

static void a_stop_behind_the_deadline_is_a_timeout(void **state) {
    _Atomic uint32_t word = 7;
    hutch_isolate_watch_stop(*state, &word, 7);
    hutch_isolate_set_deadline(*state, 1);
    program_expect_failure(*state, "for (;;) ;", HUTCH_FAILURE_TIMEOUT, "TimeoutError", "");
}

static void answers_to_a_run_that_ends_are_dropped(void **state) {
    program_start(*state, "await echo(1)");
    uint32_t id = program_next(*state).as.tool_call.id;
    hutch_isolate_stop(*state);
    program_reply(*state, id, "1");
    program_end end;
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_STOPPED);
    program_expect(*state, "return 1", "1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(stale_jobs_of_a_run_that_timed_out_never_run),
        program_test(functions_that_were_stopped_can_be_called_again),
        program_test(no_handler_of_the_guests_sees_its_end),
        program_test(endless_microtasks_meet_the_deadline),
        program_test(long_native_loops_meet_the_deadline),
        program_test(stop_ends_a_run_and_is_nothing_without_one),
        program_test(the_stop_word_ends_runs_and_survives_a_reset),
        program_test(a_deadline_from_outside_holds_for_one_run),
        program_test(a_stop_behind_the_deadline_is_a_timeout),
        program_test(answers_to_a_run_that_ends_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
