/*
 * Running out of memory everywhere: the same scenario with the first, second,
 * … allocation failing, until none does. Each time it ends with a clean event,
 * and after a reset the isolate is as new.
 */
#include "program.h"

#include "isolate/guest.h"

#include <stdio.h>
#include <string.h>

/* The engine asks the arena for blocks of 4 KiB, which it divides; in a build with AddressSanitizer
 * it asks for each object, so that there every single allocation is swept. */
#if defined(__SANITIZE_ADDRESS__)
#define LEAST_ALLOCATIONS 300
#else
#define LEAST_ALLOCATIONS 10
#endif

/* Tool calls, logs, errors, JSON both ways, promises, generators, regular expressions, types. */
static const char scenario[] =
    "const rows = await echo({ list: [1, 2, { deep: 'é日😀' }], text: 'x'.repeat(100) });\n"
    "console.log('rows', rows, new Map([[1, { a: 2 }]]));\n"
    "console.group('g'); console.warn('%s is %d', 'x', 5, [1, 2]); console.groupEnd();\n"
    "console.count('c'); console.time('t'); console.timeEnd('t');\n"
    "let caught = '';\n"
    "try { await fail({ name: 'N', message: 'm', code: 'C' }) } catch (e) { caught = e.stack }\n"
    "try { await echo(10n) } catch (e) { caught += e.message }\n"
    "class A { #p: number = 1; get p(): number { return this.#p }; #m() {}\n"
    "  static read(a: A) { a.#m() } static has(a: any) { return #p in a } }\n"
    "for (const bad of [() => JSON.parse('[1,]'), () => new RegExp('('), () => Math.max(...5), () "
    "=> 'a' in 5,"
    " () => { class B extends rows {} }, () => ({}).x.y, () => new Map([1]), () => { throw new "
    "AggregateError([1], 'agg') },"
    " () => { const c = { a: [{}] }; c.a[0].b = c; JSON.stringify(c) }, () => A.read({}), () => "
    "A.read(null), () => A.has(5), () => 'x'.contains('y')]) {\n"
    "  try { bad() } catch (e) { caught += e.stack; e.message = 'other'; caught += e.stack } }\n"
    "const all = await Promise.all([1, 2, 3].map(async (n) => (await echo(n)) * 2));\n"
    "enum E { One = 1, Two } namespace N { export const three: number = E.Two + 1 }\n"
    "function* g() { yield* [1, 2] }\n"
    "const text = 'a-b-c'.replace(/-/g, () => new A().p) + [...g()].join();\n"
    "return { three: N.three, rows, all, caught: caught.length > 0, text, math: Math.random() < 1 "
    "};";

/* Ends that a lack of memory may lead to: the guest's own catch clauses turn a failed allocation
 * into anything, but never into a broken isolate. */
static void check_end(hutch_isolate *isolate, const program_end *end, size_t countdown) {
    bool clean = end->type == HUTCH_EVENT_DONE || end->type == HUTCH_EVENT_FAILED;
    if (!clean) {
        fail_msg("allocation %zu: the run waits", countdown);
    }
    if (end->type == HUTCH_EVENT_FAILED && end->name[0] == '\0') {
        fail_msg("allocation %zu: a failure without a name", countdown);
    }
    const char *what = NULL;
    if (!hutch_arena_check(isolate->arena, &what)) {
        fail_msg("allocation %zu: the arena is broken: %s", countdown, what);
    }
}

/* Go on without an answer from the host that would need memory: the host itself has none of this. */
static void run_short_of_memory(hutch_isolate *isolate, const char *code, size_t countdown,
                                program_end *end) {
    hutch_arena_fail_after(isolate->arena, countdown);
    program_start(isolate, code);
    program_finish(isolate, end);
    if (end->type == HUTCH_EVENT_WAITING) {
        /* Lost jobs: only the deadline ends such a run. */
        hutch_isolate_stop(isolate);
        program_finish(isolate, end);
    }
    hutch_arena_fail_after(isolate->arena, SIZE_MAX);
}

/* Whether an allocation of the run has failed. */
static bool was_short(const hutch_isolate *isolate) {
    return isolate->guest->run.refused || hutch_arena_take_refusal(isolate->arena);
}

#define COUNT_FAILURE(...) 1 +

/* @return the number of allocations that the scenario needs */
static size_t sweep(hutch_isolate *isolate, const hutch_isolate_options *options,
                    const char *code) {
    size_t failures[HUTCH_FAILURE_TABLE(COUNT_FAILURE) 0] = {0};
    for (size_t countdown = 0;; countdown++) {
        program_end end;
        program_reset(isolate, options);
        run_short_of_memory(isolate, code, countdown, &end);
        check_end(isolate, &end, countdown);
        if (!was_short(isolate) && end.type == HUTCH_EVENT_DONE) {
            return countdown;
        }
        if (end.type == HUTCH_EVENT_FAILED) {
            failures[end.failure]++;
            assert_int_equal(end.usable, end.failure != HUTCH_FAILURE_MEMORY);
        }
        if (countdown % 64 == 0) {
            program_reset(isolate, NULL);
            program_expect(isolate, "return await echo([1])", "[1]");
        }
        assert_true(countdown < 100000);
    }
}

static void each_allocation_of_a_rich_program_fails_in_turn(void **state) {
    size_t needed = sweep(*state, NULL, scenario);
    assert_true(needed > LEAST_ALLOCATIONS);
    program_reset(*state, NULL);
    program_end end;
    program_run(*state, scenario, &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
}

static void each_allocation_of_a_wrapped_program_fails_in_turn(void **state) {
    static const char *const codes[] = {
        "So:\n```ts\nexport default async (): Promise<number> => 5\n```\nBye",
        "async function main() { return 5 }\nmain().then((n) => console.log(n))",
        "async function main() { return 5 }\ntry { await main() } catch { }",
        "module.exports = async () => echo(5)",
        "const a = {}\na.a = a\na",
        "{ \"a\": 1, \"b\": [2] }",
    };
    hutch_isolate_options options = program_options();
    options.wrapping = HUTCH_WRAPPING_UNWRAP;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_true(sweep(*state, &options, codes[i]) > 0);
    }
}

static void each_allocation_of_a_failing_program_fails_in_turn(void **state) {
    static const char *const codes[] = {
        "throw new TypeError('m')",
        "throw { name: 'N', message: { toString() { return 'x' } }, a: [1] }",
        "let x = ",
        "let x: number = ,",
        "enum E { A = 1, B = nowhere.x }",
        "ecoh({})",
        "return 1 }",
        "/[/]/; }, x",
        "await new Promise(() => {})",
        "return 10n",
        "await import('x')",
        "function f() { f() } f()",
        "'日'; nope",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_end plain;
        program_reset(*state, NULL);
        program_run(*state, codes[i], &plain);
        for (size_t countdown = 0; countdown < 2000; countdown++) {
            program_end end;
            program_reset(*state, NULL);
            run_short_of_memory(*state, codes[i], countdown, &end);
            check_end(*state, &end, countdown);
            assert_int_equal(end.type, HUTCH_EVENT_FAILED);
            if (!was_short(*state)) {
                assert_int_equal(end.failure, plain.failure);
                assert_string_equal(end.message, plain.message);
                break;
            }
        }
    }
}

/* Define tools until there is no memory for one. @return how many there are */
static int define_until_full(hutch_isolate *isolate, hutch_error *error) {
    for (int i = 0;; i++) {
        char name[16];
        int length = snprintf(name, sizeof name, "later%d", i);
        hutch_status status = program_add_tool(isolate, name, (size_t)length, error);
        if (status != HUTCH_OK) {
            assert_int_equal(status, HUTCH_OUT_OF_MEMORY);
            assert_non_null(strstr(error->message, name));
            return i;
        }
    }
}

static void an_isolate_that_cannot_define_a_tool_says_so(void **state) {
    hutch_isolate *isolate = *state;
    for (size_t countdown = 0; countdown < 60; countdown++) {
        hutch_error error = {0};
        program_reset(isolate, NULL);
        hutch_arena_fail_after(isolate->arena, countdown);
        int defined = define_until_full(isolate, &error);
        hutch_arena_fail_after(isolate->arena, SIZE_MAX);
        char code[128];
        snprintf(code, sizeof code, "return [typeof later%d, %d && typeof later%d]", defined,
                 defined, defined - (defined > 0));
        program_expect(isolate, code,
                       defined > 0 ? "[\"undefined\",\"function\"]" : "[\"undefined\",0]");
    }
}

/* A failed allocation while the engine is being interrupted must not let the guest go on. */
static void memory_that_runs_out_at_the_deadline_does_no_harm(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.timeout_ms = 20;
    for (size_t countdown = 0; countdown < 40; countdown++) {
        hutch_isolate *isolate = *state;
        program_end end;
        program_reset(isolate, &options);
        program_start(isolate, "(async () => { await 0; for (;;) ; })(); for (;;) await 0");
        hutch_arena_fail_after(isolate->arena, countdown + 120);
        program_finish(isolate, &end);
        hutch_arena_fail_after(isolate->arena, SIZE_MAX);
        assert_int_equal(end.type, HUTCH_EVENT_FAILED);
        assert_true(end.failure == HUTCH_FAILURE_TIMEOUT || end.failure == HUTCH_FAILURE_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(each_allocation_of_a_rich_program_fails_in_turn),
        program_test(each_allocation_of_a_wrapped_program_fails_in_turn),
        program_test(each_allocation_of_a_failing_program_fails_in_turn),
        program_test(an_isolate_that_cannot_define_a_tool_says_so),
        program_test(memory_that_runs_out_at_the_deadline_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
