/* `hutch strip` as a user meets it, and programs in TypeScript for `hutch run`. */
#include "cli/spawn.h"

#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

/* Compare all of what a run did; frees it. */
static void assert_run(spawned run, int status, const char *output, const char *errors) {
    assert_string_equal(run.errors, errors);
    assert_string_equal(run.output, output);
    assert_int_equal(run.status, status);
    spawned_free(&run);
}

/* A mistake of the command line: status 2, one complaint, nothing on standard output. */
static void assert_misused(spawned run, const char *complaint) {
    if (strstr(run.errors, complaint) == NULL) {
        fail_msg("expected '%s' in\n%s", complaint, run.errors);
    }
    assert_string_equal(run.output, "");
    assert_int_equal(run.status, 2);
    spawned_free(&run);
}

static void types_become_blanks(void **state) {
    (void)state;
    assert_run(HUTCH("const é: '日' = x as any\n", "strip", "-"), 0, "const é      = x;      \n",
               "");
    const char *path = spawn_file("types.ts", "let a: number;\r\nreturn a!\n");
    assert_run(HUTCH(NULL, "strip", path), 0, "let a        ;\r\nreturn a \n", "");
}

static void javascript_comes_out_as_it_went_in(void **state) {
    (void)state;
    assert_run(HUTCH("a ? b : c /* \t*/", "strip", "-"), 0, "a ? b : c /* \t*/", "");
    assert_run(HUTCH("", "strip", "-"), 0, "", "");
}

static void the_line_for_the_loader_stays(void **state) {
    (void)state;
    assert_run(HUTCH("#!/usr/bin/env -S hutch run\nlet a: 1\n", "strip", "-"), 0,
               "#!/usr/bin/env -S hutch run\nlet a   \n", "");
    assert_run(HUTCH("#!/bin/hutch run\nlet a\n", "strip", "-"), 0, "#!/bin/hutch run\nlet a\n",
               "");
}

static void a_source_that_is_neither_ends_with_1_and_shows_the_place(void **state) {
    (void)state;
    assert_run(HUTCH("const a = 1\nlet b: = 2\n", "strip", "-"), 1, "",
               "SyntaxError: expected a type, found '='\n"
               "  at stdin:2:8\n"
               "    1 | const a = 1\n"
               "  > 2 | let b: = 2\n"
               "      |        ^\n");
}

static void programs_and_modules_differ(void **state) {
    (void)state;
    static const char module[] = "import type { A } from 'a'\nexport const a: A = 1\n";
    assert_run(HUTCH(module, "strip", "--module", "-"), 0,
               "                          \nexport const a    = 1\n", "");
    spawned run = HUTCH(module, "strip", "-");
    assert_int_equal(run.status, 1);
    spawned_free(&run);
}

static void json_is_one_object(void **state) {
    (void)state;
    assert_run(HUTCH("let a: 1", "strip", "--json", "-"), 0,
               "{\"success\":true,\"changed\":true,\"code\":\"let a   \"}\n", "");
    assert_run(HUTCH("let a", "strip", "--json", "-"), 0,
               "{\"success\":true,\"changed\":false,\"code\":\"let a\"}\n", "");
    assert_run(
        HUTCH("let a: ;", "strip", "--json", "-"), 1,
        "{\"success\":false,\"error\":{\"name\":\"SyntaxError\",\"message\":\"expected a type, "
        "found ';'\",\"line\":1,\"column\":8}}\n",
        "");
}

static void output_goes_to_a_file(void **state) {
    (void)state;
    char path[512];
    char text[64];
    snprintf(path, sizeof path, "%s/out.js", spawn_folder());
    assert_run(HUTCH("let a: 1\n", "strip", "-o", path, "-"), 0, "", "");
    spawn_wait_for(path, text, sizeof(text));
    assert_string_equal(text, "let a   \n");
    spawned run = HUTCH("let a: 1\n", "strip", "--output=/nowhere/out.js", "-");
    assert_int_equal(run.status, 4);
    assert_non_null(strstr(run.errors, "hutch: cannot write /nowhere/out.js: "));
    spawned_free(&run);
}

static void mistakes_on_the_command_line_end_with_2(void **state) {
    (void)state;
    assert_misused(HUTCH(NULL, "strip"), "no source; expected a FILE");
    assert_misused(HUTCH(NULL, "strip", "--modul", "-"), "unknown option '--modul'; did you mean");
    assert_misused(HUTCH(NULL, "strip", "-x", "-"), "unknown option '-x'");
    assert_misused(HUTCH(NULL, "strip", "a", "b"), "unexpected argument 'b'; expected one FILE");
    assert_misused(HUTCH(NULL, "strip", "-", "-o"), "no value after '-o'; expected a FILE");
    assert_misused(HUTCH(NULL, "strip", "/nowhere.ts"), "cannot read /nowhere.ts: ");
    spawned run = HUTCH(NULL, "strip", "--help");
    assert_int_equal(run.status, 0);
    assert_memory_equal(run.output, "Usage: hutch strip ", 19);
    spawned again = HUTCH(NULL, "help", "strip");
    assert_string_equal(again.output, run.output);
    spawned_free(&run);
    spawned_free(&again);
}

static void a_program_in_typescript_runs(void **state) {
    (void)state;
    const char *path = spawn_file("program.ts", "interface P { x: number }\n"
                                                "enum E { A = 2 }\n"
                                                "const p: P = { x: E.A }\n"
                                                "return p.x as number\n");
    assert_run(HUTCH(NULL, "run", path), 0, "2\n", "");
}

static void a_program_with_two_meanings_is_javascript_if_told(void **state) {
    (void)state;
    static const char program[] = "const f = (x) => [x], number = 0; return f<number>(5)";
    assert_run(HUTCH(program, "run", "-"), 0, "[5]\n", "");
    assert_run(HUTCH(program, "run", "--javascript", "-"), 0, "false\n", "");
}

static void an_error_in_typescript_shows_the_source(void **state) {
    (void)state;
    spawned run =
        HUTCH("interface P {\n  x: number\n}\nreturn (undefined as any as P).x\n", "run", "-");
    assert_non_null(strstr(run.errors, "  at stdin:4:"));
    assert_non_null(strstr(run.errors, "  > 4 | return (undefined as any as P).x\n"));
    assert_int_equal(run.status, 1);
    spawned_free(&run);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_become_blanks),
        cmocka_unit_test(javascript_comes_out_as_it_went_in),
        cmocka_unit_test(the_line_for_the_loader_stays),
        cmocka_unit_test(a_source_that_is_neither_ends_with_1_and_shows_the_place),
        cmocka_unit_test(programs_and_modules_differ),
        cmocka_unit_test(json_is_one_object),
        cmocka_unit_test(output_goes_to_a_file),
        cmocka_unit_test(mistakes_on_the_command_line_end_with_2),
        cmocka_unit_test(a_program_in_typescript_runs),
        cmocka_unit_test(a_program_with_two_meanings_is_javascript_if_told),
        cmocka_unit_test(an_error_in_typescript_shows_the_source),
    };
    if (argc != 2) {
        fprintf(stderr, "usage: %s PATH_OF_HUTCH\n", argv[0]);
        return 2;
    }
    spawn_use(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
