/*
 * What becomes of the text of a program in a wrapping: what is blanked, what is written and where, and that
 * types are left where that is asked for. tests/isolate/wrapping.c runs such programs.
 */
#include <hutch/strip.h>

#include "../support/cmocka.h"

#include <string.h>

typedef struct shape_row {
    const char *what;
    const char *source;
    const char *text; /* NULL: as the source */
    const char *head;
    uint32_t wrappers; /* a bit each */
} shape_row;

#define MAIN "async function main() {}\n"
#define BIT(wrapper) (UINT32_C(1) << (wrapper))
#define NONE 0

static const shape_row rows[] = {
    {"a fence", "```js\nreturn 1\n```\n", "     \nreturn 1\n   \n", NULL, BIT(HUTCH_WRAPPER_FENCE)},
    {"prose", "So:\n~~~\nreturn 1\n~~~\nBye", "   \n   \nreturn 1\n   \n   ", NULL,
     BIT(HUTCH_WRAPPER_FENCE)},
    {"a first line", "#!x\nreturn 1", "   \nreturn 1", NULL, BIT(HUTCH_WRAPPER_SHEBANG)},
    {"a lone arrow", "async () => 5", "async () => 5)()", "return(", BIT(HUTCH_WRAPPER_FUNCTION)},
    {"a lone function", "function f() {}", "function f() {})()", "return(",
     BIT(HUTCH_WRAPPER_FUNCTION)},
    {"a variable", "const f = () => 5", "const f = () => 5;return f()", NULL,
     BIT(HUTCH_WRAPPER_FUNCTION)},
    {"main is not called", MAIN, "async function main() {};return main()\n", NULL,
     BIT(HUTCH_WRAPPER_MAIN)},
    {"main comes last", MAIN "main();", "async function main() {};return(\nmain());", NULL,
     BIT(HUTCH_WRAPPER_VALUE)},
    {"a last expression", "const a = 1\na + 2", "const a = 1;return(\na + 2)", NULL,
     BIT(HUTCH_WRAPPER_VALUE)},
    {"after a semicolon", "const a = 1; a + 2;", "const a = 1;return( a + 2);", NULL,
     BIT(HUTCH_WRAPPER_VALUE)},
    {"a chain", "f().then(g)", "f().then(_=>__hutch=_).then(g))))()",
     "return(async __hutch=>(_=>_===void 0?__hutch:_)(await(", BIT(HUTCH_WRAPPER_CHAIN)},
    {"an export", "export const a = 1", "       const a = 1", NULL, BIT(HUTCH_WRAPPER_EXPORT)},
    {"a list", "const a = 1\nexport { a }", "const a = 1\n            ", NULL,
     BIT(HUTCH_WRAPPER_EXPORT)},
    {"a default function", "export default function () {}",
     "var __hutch=(  function () {});return __hutch()", NULL, BIT(HUTCH_WRAPPER_DEFAULT)},
    {"a default name", MAIN "export default main;", MAIN "var __hutch=(  main);;return __hutch()",
     NULL, BIT(HUTCH_WRAPPER_DEFAULT)},
    {"module.exports", "module.exports = () => 5", "var __hutch=(    () => 5);return __hutch()",
     NULL, BIT(HUTCH_WRAPPER_DEFAULT)},
    {"of a name", MAIN "module.exports = main;", MAIN "var __hutch=(    main);;return __hutch()",
     NULL, BIT(HUTCH_WRAPPER_DEFAULT)},
    {"of an object with main", MAIN "module.exports = { main }",
     MAIN "var __hutch=(    { main });return main()", NULL, BIT(HUTCH_WRAPPER_DEFAULT)},
    {"exports.default", "exports.default = 5", "var __hutch=(     5);return __hutch", NULL,
     BIT(HUTCH_WRAPPER_DEFAULT)},
    {"main in a last try", MAIN "try { main() } catch {}", MAIN "try {;return( main()) } catch {}",
     NULL, BIT(HUTCH_WRAPPER_VALUE)},
    {"main of the started", MAIN "if (require.main === module) { main() }",
     MAIN "if (true)                    {;return( main()) }", NULL,
     BIT(HUTCH_WRAPPER_MAIN) | BIT(HUTCH_WRAPPER_VALUE)},
    {"an export that is called", MAIN "module.exports = main\nmain()",
     MAIN "var __hutch=(    main);return(\nmain())", NULL,
     BIT(HUTCH_WRAPPER_DEFAULT) | BIT(HUTCH_WRAPPER_VALUE)},
    {"a return", MAIN "module.exports = main; return 1", NULL, NULL, NONE},
    {"a member", "module.exports.other = 5", NULL, NULL, NONE},
    {"another try", "try { f() } catch {}", NULL, NULL, NONE},
    {"a parameter", "function f(a) {}", NULL, NULL, NONE},
    {"an assignment", "a = 5", NULL, NULL, NONE},
};

static void strip(const shape_row *row, const char *source, bool keeps_types,
                  hutch_strip_output *output) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    hutch_strip_problem problem = {0};
    options.wrapping = HUTCH_WRAPPING_UNWRAP;
    options.keeps_types = keeps_types;
    if (hutch_strip(source, strlen(source), &options, output, &problem) != HUTCH_OK) {
        fail_msg("%s: %u:%u: %s", row->what, problem.line, problem.column, problem.message);
    }
}

static void expect(const shape_row *row, const char *source, const hutch_strip_output *output) {
    const char *expected = row->text != NULL ? row->text : source;
    const char *text = output->is_unchanged ? source : output->text;
    const char *head = output->head != NULL ? output->head : "";
    if (strcmp(text, expected) != 0 || strcmp(head, row->head != NULL ? row->head : "") != 0) {
        fail_msg("%s:\n%s\n%s\nexpected\n%s", row->what, head, text, expected);
    }
    assert_int_equal(output->wrappers, row->wrappers);
}

static void each_shape_becomes_what_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int keeps_types = 0; keeps_types <= 1; keeps_types++) {
            hutch_strip_output output = {0};
            strip(&rows[i], rows[i].source, keeps_types, &output);
            expect(&rows[i], rows[i].source, &output);
            hutch_strip_output_free(&output, NULL);
        }
    }
}

/* What was written is told, so that a column of the source can be found. */
static void what_was_written_on_a_line_is_told(void **state) {
    (void)state;
    static const char source[] = "const a = 1; a + 2";
    hutch_strip_output output = {0};
    strip(&rows[0], source, false, &output);
    assert_int_equal(output.move_count, 2);
    assert_int_equal(output.moves[0].offset, strlen("const a = 1;"));
    assert_int_equal(output.moves[0].length, strlen("return("));
    assert_true(output.is_found_value);
    hutch_strip_output_free(&output, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shape_becomes_what_the_table_says),
        cmocka_unit_test(what_was_written_on_a_line_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
