/*
 * Compiled code of programs that come again: everything is as if they had been
 * compiled, and nothing is kept of one that came only once.
 */
#include "program.h"

#include "isolate/code_cache.h"
#include "isolate/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state) {
    *state = program_isolate(NULL);
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state) {
    hutch_isolate_free(*state);
    return 0;
}

/* Whether the isolate has the code of this program. */
static bool is_kept(hutch_isolate *isolate, const char *text) {
    JSContext *ctx = isolate->guest->ctx;
    hutch_guest_visit visit = hutch_guest_enter(isolate->guest);
    JSValue code = hutch_code_cache_load(isolate->code_cache, ctx, text, strlen(text), NULL);
    bool kept = !JS_IsUndefined(code) && !JS_IsException(code);
    JS_FreeValue(ctx, code);
    hutch_guest_leave(isolate->guest, visit);
    return kept;
}

static void a_program_is_kept_when_it_comes_again(void **state) {
    static const char program[] = "return [1, 'one secret'].length";
    assert_false(is_kept(*state, program));
    program_expect(*state, program, "2");
    assert_false(is_kept(*state, program));
    program_reset(*state, NULL);
    program_expect(*state, program, "2");
    assert_true(is_kept(*state, program));
    assert_false(is_kept(*state, "return [1, 'one secres'].length"));
    assert_false(is_kept(*state, "return [1, 'one secret'].lengt"));
}

static void one_that_does_not_compile_is_not_kept(void **state) {
    for (int i = 0; i < 3; i++) {
        program_end end;
        program_run(*state, "return }", &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
        assert_false(is_kept(*state, "return }"));
        program_reset(*state, NULL);
    }
}

static void later_programs_of_a_context_are_not_kept(void **state) {
    program_expect(*state, "return 0", "0");
    for (int i = 0; i < 3; i++) {
        program_expect(*state, "return 'later'", "\"later\"");
    }
    assert_false(is_kept(*state, "return 'later'"));
}

/* Programs whose end tells much of how they were compiled. */
static const char *const telling[] = {
    "const f = () => { throw new TypeError('x') }\nawait echo(1)\nf()",
    "return (function named(a, b) { /* comment */ return a }).toString()",
    "let n = 0\nfor (const x of [1, 2]) { n += x }\nconsole.log(n, `t${n}`, /a+/g, 12n)\nreturn n",
    "class A { #p = 1; static s = 2; get p() { return this.#p } }\nreturn [new A().p, A.s]",
    "const wide = '\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80'; null.x",
    "return await Promise.all([1, 2].map(async (v) => (await echo({ v })).v * 2))",
    "function* g() { yield* [1, 2] } const { a = 3, ...r } = { b: 4 }\nreturn [...g(), a, r]",
    "return typeof undeclared + await fail({ message: 'no' }).catch((e) => e.message + e.stack)",
};

static void a_kept_program_does_the_same_in_every_way(void **state) {
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++) {
        program_end first;
        program_reset(*state, NULL);
        program_run(*state, telling[i], &first);
        for (int turn = 0; turn < 3; turn++) {
            program_end again;
            program_reset(*state, NULL);
            program_run(*state, telling[i], &again);
            assert_int_equal(again.type, first.type);
            assert_string_equal(again.json, first.json);
            assert_string_equal(again.message, first.message);
            assert_string_equal(again.stack, first.stack);
            assert_string_equal(again.logs, first.logs);
            assert_int_equal(again.line, first.line);
            assert_int_equal(again.column, first.column);
        }
        assert_true(is_kept(*state, telling[i]));
    }
}

/* More programs than there are places, so that they push each other out. */
static void programs_that_share_a_place_stay_apart(void **state) {
    for (int turn = 0; turn < 4; turn++) {
        for (int i = 0; i < 4 * HUTCH_CODE_CACHE_PROGRAMS; i++) {
            char program[32];
            char json[16];
            snprintf(program, sizeof program, "return %d", i);
            snprintf(json, sizeof json, "%d", i);
            program_reset(*state, NULL);
            program_expect(*state, program, json);
        }
    }
}

static void a_program_beyond_the_size_is_compiled_each_time(void **state) {
    for (size_t size = HUTCH_CODE_CACHE_BYTES - 1; size <= HUTCH_CODE_CACHE_BYTES + 1; size++) {
        char *program = malloc(size + 1);
        assert_non_null(program);
        memset(program, ' ', size);
        memcpy(program, "return 7", 8);
        program[size] = '\0';
        for (int turn = 0; turn < 3; turn++) {
            program_reset(*state, NULL);
            program_expect(*state, program, "7");
        }
        assert_false(is_kept(*state, program));
        free(program);
    }
}

static void a_kept_program_that_finds_no_memory_fails_with_the_memory_limit(void **state) {
    static const char program[] = "return 'some words'";
    for (int turn = 0; turn < 2; turn++) {
        program_reset(*state, NULL);
        program_expect(*state, program, "\"some words\"");
    }
    program_reset(*state, NULL);
    program_start(*state, program);
    hutch_isolate *isolate = *state;
    hutch_arena_fail_after(isolate->arena, 0);
    program_end end;
    program_finish(isolate, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_MEMORY);
}

static void a_text_with_two_meanings_is_kept_with_the_one_it_had(void **state) {
    static const char text[] = "const f = (x) => [x], number = 0; return f<number>(5)";
    hutch_isolate_options options = program_options();
    for (int i = 0; i < 6; i++) {
        options.typescript = i % 4 >= 2;
        program_reset(*state, &options);
        program_expect(*state, text, options.typescript ? "[5]" : "false");
    }
}

static void a_kept_program_in_typescript_fails_where_it_did(void **state) {
    static const char text[] = "const a: { \xC3\xA9: '\xE6\x97\xA5' } = null as any; return a.x";
    for (int i = 0; i < 4; i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, text, &end);
        assert_int_equal(end.line, 1);
        assert_int_equal(end.column, 45);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_program_is_kept_when_it_comes_again, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_does_not_compile_is_not_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(later_programs_of_a_context_are_not_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(a_kept_program_does_the_same_in_every_way, setup, teardown),
        cmocka_unit_test_setup_teardown(programs_that_share_a_place_stay_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(a_program_beyond_the_size_is_compiled_each_time, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_text_with_two_meanings_is_kept_with_the_one_it_had, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_kept_program_in_typescript_fails_where_it_did, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_kept_program_that_finds_no_memory_fails_with_the_memory_limit, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
