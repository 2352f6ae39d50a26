/*
 * No nest ends the process: whatever is 200,000 levels deep is a value or an
 * error that a program can catch, and the isolate works afterwards. In a
 * process of one's own a fault of the engine would be the host's; the same
 * table in confined workers is tests/abuse/nesting.c.
 */
#include "program.h"

#include "support/nests.h"

#include <string.h>

static const char *table_path;

/* The nest runs inside of an async function, so that its error is caught. */
#define CAUGHT_HEAD "const nest = async () => { "
#define CAUGHT_TAIL                                                                                \
    "\n}; let end = 'done'; try { await nest() } catch (e) { end = `${e.name}: ${e.message}` }\n"  \
    "return [end, [1, 2, 3].map((x) => x * 2)]"

static bool is_right(const nest *tried, const program_end *end) {
    if (end->type != HUTCH_EVENT_DONE || strstr(end->json, ",[2,4,6]]") == NULL) {
        return false;
    }
    bool done = strncmp(end->json, "[\"done\"", 7) == 0;
    bool out_of_stack = !done && strstr(end->json, "stack") != NULL;
    return tried->end == NEST_ANY || (tried->end == NEST_DONE ? done : out_of_stack);
}

static bool take_nest(hutch_isolate *isolate, const nest *tried) {
    char code[sizeof tried->code + sizeof CAUGHT_HEAD + sizeof CAUGHT_TAIL];
    program_end end;
    (void)snprintf(code, sizeof code, CAUGHT_HEAD "%s" CAUGHT_TAIL, tried->code);
    program_reset(isolate, NULL);
    program_run(isolate, code, &end);
    bool right = is_right(tried, &end);
    if (!right) {
        print_error("%s: %s\n", tried->name, end.type == HUTCH_EVENT_DONE ? end.json : end.message);
    }
    return right;
}

static void every_nest_is_a_value_or_an_error_to_catch(void **state) {
    const char *problem = NULL;
    unsigned right = 0;
    unsigned wrong = 0;
    nest tried;
    FILE *table = fopen(table_path, "r");
    hutch_isolate_options options = program_options();
    options.limits.memory_bytes = 1024 * HUTCH_MIB;
    options.limits.timeout_ms = INT32_MAX; /* ctest's own is the one */
    program_reset(*state, &options);
    assert_non_null(table);
    while (nests_read(table, &tried, &problem)) {
        bool passed = take_nest(*state, &tried);
        right += passed;
        wrong += !passed;
    }
    fclose(table);
    assert_null(problem);
    assert_int_equal(wrong, 0);
    assert_true(right > 100);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        program_test(every_nest_is_a_value_or_an_error_to_catch),
    };
    if (argc != 2) {
        return 2;
    }
    table_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
