/*
 * How numbers are written: numbers.golden has the texts of Node.js, made by
 * numbers.mjs; its path is the program's argument.
 */
#include "program.h"

#include <stdio.h>

static const char *golden_path;

static void expect_text(hutch_isolate *isolate, const char *number, const char *text) {
    char code[2048];
    char json[2048];
    (void)snprintf(code, sizeof code, "return %s", number);
    (void)snprintf(json, sizeof json, "\"%s\"", text);
    program_expect(isolate, code, json);
}

static void numbers_are_written_as_in_node(void **state) {
    assert_true(program_check_rows(*state, golden_path, expect_text) > 300);
}

/* What is written is read back as the same number: the digits are enough. */
static void numbers_survive_their_text(void **state) {
    program_expect(
        *state,
        "const f = new Float64Array(1), u = new Uint32Array(f.buffer); let wrong = 0;"
        "for (let i = 0; i < 20000; i++) { u[0] = Math.random() * 2 ** 32;"
        " u[1] = i % 3 ? Math.random() * 2 ** 32 : (i % 2047) << 20; if (i % 3 === 0) u[0] = 0;"
        " const x = f[0]; wrong += !Object.is(Number(String(x)), x) && x === x && x !== 0;"
        " wrong += String(x).replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length > 17 }"
        "return wrong",
        "0");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        program_test(numbers_are_written_as_in_node),
        program_test(numbers_survive_their_text),
    };
    if (argc != 2) {
        return 2;
    }
    golden_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
