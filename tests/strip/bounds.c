/*
 * What a source can cost: nesting, steps, stack and memory.
 */
#include "rows.h"

#include "../base/failing_allocator.h"
#include "base/allocator.h"
#include "strip/names.h"
#include "strip/output.h"
#include "strip/strip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text of its own: `open` as often as told, and then `close`, each time or once. */
typedef struct nest {
    const char *open;
    const char *middle;
    const char *close;
} nest;

static char *nested(const nest *n, size_t times, size_t *length) {
    size_t open = strlen(n->open);
    size_t middle = strlen(n->middle);
    size_t close = strlen(n->close);
    char *text = malloc((open + close) * times + middle + 1);
    assert_non_null(text);
    char *at = text;
    for (size_t i = 0; i < times; i++, at += open) {
        memcpy(at, n->open, open);
    }
    memcpy(at, n->middle, middle);
    at += middle;
    for (size_t i = 0; i < times; i++, at += close) {
        memcpy(at, n->close, close);
    }
    *length = (size_t)(at - text);
    return text;
}

static hutch_status strip_nest(const nest *n, size_t times, hutch_strip_options *options,
                               hutch_strip_problem *problem, size_t *steps) {
    size_t length;
    char *text = nested(n, times, &length);
    hutch_strip_output output = {0};
    options->goal = HUTCH_STRIP_MODULE;
    hutch_status status = strip_run(text, length, options, &output, problem, steps);
    hutch_strip_output_free(&output, options->allocator);
    free(text);
    return status;
}

/* What is ambiguous for a while, cut off or closed; and what is merely long. */
static const nest ambiguous[] = {
    {"(", "a", ""},
    {"((", "a", "))"},
    {"a<(", "b", ""},
    {"a<", "b", ""},
    {"a<", "b", ">"},
    {"a<b, c<d>, ", "e", ""},
    {"a<b<c>[d], ", "e", ">"},
    {"a<{ b: c<d>, ", "e", ""},
    {"a<() => { b<", "c", ""},
    {"a << ", "b", ""},
    {"x = a<(", "b", ")"},
    {"a ? (b) : c => ", "d", ""},
    {"a ? (b) : (c", "", ""},
    {"a ? (b): c => ", "d", " : e"},
    {"a ? (", "b", ") : c => d"},
    {"(a = ", "b", ") => c"},
    {"(a = ", "b", ")"},
    {"({ a = ", "b", " })"},
    {"({ a: [", "b", "] }) => c"},
    {"async (", "a", ")"},
    {"async <a>(", "b", ") => c"},
    {"<a>(", "b", ")"},
    {"<", "a", ""},
    {"let x: (", "a", ")"},
    {"let x: (a: (", "b", ") => c"},
    {"let x: A extends (infer B extends ", "C", ")"},
    {"let x: A extends B ? C : ", "D", ""},
    {"type A = B<", "C", ">;"},
    {"x = `${a<", "b", ""},
    {"class A { [a<b]", "", ""},
    {"if (a) ", "b", ""},
    {"a as b<", "c", ""},
    {"- <a>", "b", ""},
    {"f(a => ", "b", ")"},
    {"yield ", "a", ""},
    {"enum A { B = ", "1", " }"},
    {"namespace A { ", "f()", " }"},
    {"a => { let b: c = ", "d", " }"},
};

static void twice_the_source_takes_twice_the_steps(void **state) {
    (void)state;
    size_t times = HUTCH_STRIP_DEPTH_MAX / 8;
    for (size_t i = 0; i < sizeof ambiguous / sizeof ambiguous[0]; i++) {
        hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
        size_t once;
        size_t twice;
        (void)strip_nest(&ambiguous[i], times, &options, NULL, &once);
        (void)strip_nest(&ambiguous[i], 2 * times, &options, NULL, &twice);
        if (twice > 2 * once + 16) {
            fail_msg("'%s' %zu times: %zu steps; twice as often: %zu", ambiguous[i].open, times,
                     once, twice);
        }
    }
}

static void rows_of_ambiguous_sources_take_steps_by_their_number(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof ambiguous / sizeof ambiguous[0]; i++) {
        size_t length;
        char *text = nested(&ambiguous[i], 8, &length);
        char *line = malloc(length + 2);
        assert_non_null(line);
        memcpy(line, text, length);
        memcpy(line + length, "\n", 2);
        nest row = {line, "", ""};
        hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
        size_t once;
        size_t twice;
        (void)strip_nest(&row, 200, &options, NULL, &once);
        (void)strip_nest(&row, 400, &options, NULL, &twice);
        assert_true(twice <= 2 * once + 16);
        free(line);
        free(text);
    }
}

/* Text put before ever earlier places, then the same places once more. @return comparisons */
static size_t insert_backwards(size_t count) {
    unsigned char *source = malloc(count + 1);
    assert_non_null(source);
    memset(source, ' ', count);
    strip_output out = {.source = source, .length = count};
    out.text = malloc(count + 1);
    assert_non_null(out.text);
    memcpy(out.text, source, count);
    for (size_t i = 0; i < 2 * count; i++) {
        strip_output_insert(&out, count - 1 - i % count, i < count ? "a" : "b", 1);
    }
    size_t length;
    assert_true(strip_output_finish(&out, &length));
    assert_int_equal(length, 3 * count);
    for (size_t i = 0; i < length; i += 3) {
        assert_memory_equal(out.text + i, "ab ", 3);
    }
    size_t comparisons = out.comparisons;
    strip_output_release(&out);
    free(out.text);
    free(source);
    return comparisons;
}

static void insertions_in_any_order_are_sorted_in_few_comparisons(void **state) {
    (void)state;
    for (size_t count = 1; count < 40; count++) {
        (void)insert_backwards(count);
    }
    /* n log n: of 2 * 1024 and 2 * 32768 insertions, at most 11 and 16 for each */
    assert_true(insert_backwards(1024) <= (size_t)2 * 1024 * 11);
    assert_true(insert_backwards(32768) <= (size_t)2 * 32768 * 16);
}

/* Which row of an empty table a name takes. */
static size_t row_of(uint32_t seed, const char *name) {
    strip_names names = {.seed = seed};
    const strip_name *row =
        strip_names_add(&names, NULL, (const unsigned char *)name, strlen(name), 0);
    assert_non_null(row);
    size_t at = (size_t)(row - names.rows);
    hutch_allocator_release(NULL, names.rows);
    return at;
}

static void names_that_share_a_row_by_one_seed_do_not_by_another(void **state) {
    (void)state;
    size_t shared = 0;
    size_t still_shared = 0;
    for (unsigned i = 0; i < 10000; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%u", i);
        if (row_of(1, name) == 0) {
            shared++;
            still_shared += row_of(2, name) == row_of(2, "a");
        }
    }
    assert_true(shared >= 100);
    assert_true(still_shared <= shared / 10);
}

static const nest deep[] = {
    {"[", "", "]"},
    {"(", "a", ")"},
    {"f(", "a", ")"},
    {"{", "", "}"},
    {"x = { a: ", "1", "}"},
    {"let x: (", "A", ")"},
    {"let x: A<", "B", ">"},
    {"() => ", "a", ""},
    {"`${", "a", "}`"},
    {"if (a) ", "b", ""},
    {"class extends (", "a", ") {}"},
    {"a ? ", "b", " : c"},
    {"declare namespace A { ", "", "}"},
};

static void nesting_up_to_the_limit_is_taken_and_more_is_refused(void **state) {
    (void)state;
    nest brackets = {"[", "", "]"};
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    hutch_strip_problem problem = {0};
    assert_int_equal(strip_nest(&brackets, HUTCH_STRIP_DEPTH_MAX, &options, &problem, NULL),
                     HUTCH_OK);
    assert_int_equal(strip_nest(&brackets, HUTCH_STRIP_DEPTH_MAX + 1, &options, &problem, NULL),
                     HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(problem.message, "expected less nesting"));
    assert_int_equal(problem.column, HUTCH_STRIP_DEPTH_MAX + 1);
}

static void any_nesting_far_beyond_the_limit_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof deep / sizeof deep[0]; i++) {
        hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
        hutch_strip_problem problem = {0};
        assert_int_equal(strip_nest(&deep[i], 100000, &options, &problem, NULL),
                         HUTCH_INVALID_ARGUMENT);
    }
}

static void long_rows_take_no_nesting(void **state) {
    (void)state;
    static const nest rows[] = {
        {"a + ", "b", ""},      {"a ? b : ", "c", ""}, {"a = ", "b", ""},
        {"- ", "a", ""},        {"a, ", "b", ""},      {"a\n", "", ""},
        {"await ", "a", ""},    {"new ", "A", ""},     {"if (a) b; else ", "c", ""},
        {"<A> ", "b", ""},      {"", "a", ".b(c)[d]"}, {"", "a", " as B"},
        {"", "a", "!"},         {"", "a", "<B>(c)"},   {"", "let a: B", " | C"},
        {"", "let a: B", "[]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
        hutch_strip_problem problem = {0};
        if (strip_nest(&rows[i], 100000, &options, &problem, NULL) != HUTCH_OK) {
            fail_msg("'%s%s%s': %s", rows[i].open, rows[i].middle, rows[i].close, problem.message);
        }
    }
}

static void a_small_stack_is_kept_to(void **state) {
    (void)state;
    nest parentheses = {"(", "a", ")"};
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    hutch_strip_problem problem = {0};
    options.stack_bytes = 16384;
    assert_int_equal(strip_nest(&parentheses, 4, &options, &problem, NULL), HUTCH_OK);
    assert_int_equal(strip_nest(&parentheses, HUTCH_STRIP_DEPTH_MAX / 2, &options, &problem, NULL),
                     HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(problem.message, "expected less nesting"));
}

static const char *const growing[] = {
    "let a = 1",
    "let a: b = 1",
    "let \xc3\xa4: \xc3\xb6 = 1",
    ("enum E { A, B, C } namespace N { export const a = 1; export let b; export class C {} }\n"
     "class D { constructor(private a, private b) {} }"),
    "class A { a = class { constructor(private b) {} }; constructor(private c) {} }",
    "let a: ;",
};

static void out_of_memory_is_a_clean_error_at_every_allocation(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof growing / sizeof growing[0]; i++) {
        hutch_status status = HUTCH_OUT_OF_MEMORY;
        for (size_t countdown = 0; status == HUTCH_OUT_OF_MEMORY; countdown++) {
            failing_allocator source;
            failing_allocator_init(&source, countdown);
            hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
            options.goal = HUTCH_STRIP_MODULE;
            options.allocator = &source.allocator;
            hutch_strip_output output = {0};
            status = hutch_strip(growing[i], strlen(growing[i]), &options, &output, NULL);
            assert_true(status != HUTCH_OUT_OF_MEMORY || source.failures > 0);
            assert_true(status != HUTCH_OUT_OF_MEMORY || output.text == NULL);
            assert_int_equal(source.live, output.text != NULL ? 1 : 0);
            hutch_strip_output_free(&output, &source.allocator);
            assert_int_equal(source.live, 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_the_source_takes_twice_the_steps),
        cmocka_unit_test(rows_of_ambiguous_sources_take_steps_by_their_number),
        cmocka_unit_test(insertions_in_any_order_are_sorted_in_few_comparisons),
        cmocka_unit_test(names_that_share_a_row_by_one_seed_do_not_by_another),
        cmocka_unit_test(nesting_up_to_the_limit_is_taken_and_more_is_refused),
        cmocka_unit_test(any_nesting_far_beyond_the_limit_is_refused),
        cmocka_unit_test(long_rows_take_no_nesting),
        cmocka_unit_test(a_small_stack_is_kept_to),
        cmocka_unit_test(out_of_memory_is_a_clean_error_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
