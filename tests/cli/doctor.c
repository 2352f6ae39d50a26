/* `hutch doctor`: what holds the workers, for people and for programs. */
#include "cli/spawn.h"

#include "support/cmocka.h"

#include <hutch/confinement.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    bool required;
} layers[] = {
#define LAYER(constant, bit, name, required, stops) {name, required},
    HUTCH_LAYER_TABLE(LAYER)
#undef LAYER
};

#define LAYER_COUNT (sizeof layers / sizeof layers[0])

#ifdef HUTCH_LOCKDOWN_SECCOMP
#define EXPECTED_STATUS 0
#else
#define EXPECTED_STATUS 4
#endif

static void
each_layer_has_a_line_and_the_status_says_whether_the_required_ones_are_on(void **state) {
    (void)state;
    spawned run = HUTCH(NULL, "doctor");
    const char *line = run.output;
    assert_string_equal(run.errors, "");
    assert_int_equal(run.status, EXPECTED_STATUS);
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        char on[8];
        char name[32];
        assert_int_equal(sscanf(line, "%7s %31s", on, name), 2);
        assert_string_equal(name, layers[i].name);
        assert_true(strcmp(on, "on") == 0 || strcmp(on, "OFF") == 0);
        if (layers[i].required && EXPECTED_STATUS == 0) {
            assert_string_equal(on, "on");
        }
        line = strchr(line, '\n') + 1;
    }
    spawned_free(&run);
}

static void json_has_the_same_layers(void **state) {
    (void)state;
    spawned run = HUTCH(NULL, "doctor", "--json");
    assert_int_equal(run.status, EXPECTED_STATUS);
    assert_string_equal(run.errors, "");
    const char *complete = EXPECTED_STATUS == 0 ? "{\"complete\":true," : "{\"complete\":false,";
    assert_memory_equal(run.output, complete, strlen(complete));
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        char name[64];
        snprintf(name, sizeof name, "{\"name\":\"%s\",\"on\":", layers[i].name);
        assert_non_null(strstr(run.output, name));
    }
    assert_string_equal(run.output + run.output_length - 4, "}]}\n");
    spawned_free(&run);
}

static void the_help_names_every_layer(void **state) {
    (void)state;
    spawned long_form = HUTCH(NULL, "doctor", "--help");
    spawned word = HUTCH(NULL, "help", "doctor");
    assert_int_equal(long_form.status, 0);
    assert_string_equal(long_form.output, word.output);
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        assert_non_null(strstr(word.output, layers[i].name));
    }
    spawned_free(&long_form);
    spawned_free(&word);
}

static void assert_misuse(spawned run, const char *expected) {
    assert_string_equal(run.output, "");
    assert_string_equal(run.errors, expected);
    assert_int_equal(run.status, 2);
    spawned_free(&run);
}

static void what_it_does_not_know_it_says(void **state) {
    (void)state;
    assert_misuse(HUTCH(NULL, "doctor", "--jsn"),
                  "hutch: unknown option '--jsn'; did you mean --json?\n"
                  "Try 'hutch doctor --help'.\n");
    assert_misuse(HUTCH(NULL, "doctor", "program.js"),
                  "hutch: unexpected argument 'program.js'; expected none\n"
                  "Try 'hutch doctor --help'.\n");
}

int main(int count, char **texts) {
    (void)count;
    spawn_use(texts[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            each_layer_has_a_line_and_the_status_says_whether_the_required_ones_are_on),
        cmocka_unit_test(json_has_the_same_layers),
        cmocka_unit_test(the_help_names_every_layer),
        cmocka_unit_test(what_it_does_not_know_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
