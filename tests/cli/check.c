/* `hutch check`: what it finds, and what it hands on. What the script of the package then does is tested
 * in tests/js. */
#include "cli/spawn.h"

#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKAGE "node_modules/@hutch/isolate/dist"

static void assert_run(spawned run, int status, const char *output, const char *errors) {
    assert_string_equal(run.errors, errors);
    assert_string_equal(run.output, output);
    assert_int_equal(run.status, status);
    spawned_free(&run);
}

static void assert_misused(spawned run, const char *part) {
    assert_string_equal(run.output, "");
    assert_non_null(strstr(run.errors, part));
    assert_non_null(strstr(run.errors, "\nTry 'hutch check --help'.\n"));
    assert_int_equal(run.status, 2);
    spawned_free(&run);
}

/* A folder of the scratch folder, with all above it. */
static void make_folder(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", spawn_folder(), name);
    for (char *slash = path + strlen(spawn_folder()) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    mkdir(path, 0700);
}

/* A program of the PATH that says how it was called. */
static void make_runtime(const char *folder, const char *name) {
    char file[256];
    snprintf(file, sizeof file, "%s/%s", folder, name);
    const char *path = spawn_file(file, "#!/bin/sh\necho \"${0##*/}\" \"$@\"\n/bin/cat\nexit 1\n");
    assert_int_equal(chmod(path, 0700), 0);
}

/* The only folder of the PATH is this one, which is empty or has runtimes. */
static void use_path(const char *name) {
    char path[512];
    make_folder(name);
    snprintf(path, sizeof path, "%s/%s", spawn_folder(), name);
    assert_int_equal(setenv("PATH", path, 1), 0);
}

/* Go to a folder of the scratch folder. */
static void go_to(const char *name) {
    char path[512];
    make_folder(name);
    snprintf(path, sizeof path, "%s/%s", spawn_folder(), name);
    assert_int_equal(chdir(path), 0);
}

static void without_the_package_it_says_what_to_install(void **state) {
    (void)state;
    go_to("empty");
    use_path("none");
    spawned run = HUTCH(NULL, "check", "a.ts");
    assert_string_equal(run.output, "");
    assert_non_null(strstr(run.errors, "npm install --save-dev @hutch/isolate typescript\n"));
    assert_int_equal(run.status, 4);
    spawned_free(&run);
}

static void without_a_runtime_it_says_which_there_could_be(void **state) {
    (void)state;
    make_folder("project/" PACKAGE);
    spawn_file("project/" PACKAGE "/check-command.js", "// nobody runs this\n");
    go_to("project");
    use_path("none");
    spawned run = HUTCH(NULL, "check", "a.ts");
    assert_string_equal(run.output, "");
    assert_non_null(strstr(run.errors, "hutch: 'check' needs Node.js, Bun or Deno"));
    assert_int_equal(run.status, 4);
    spawned_free(&run);
}

/* The script of the package, as the runtime hears of it; borrowed. */
static const char *script(void) {
    static char path[512];
    snprintf(path, sizeof path, "%s/project/" PACKAGE "/check-command.js", spawn_folder());
    return path;
}

static void assert_called(spawned run, const char *before, const char *after) {
    char expected[1024];
    snprintf(expected, sizeof expected, "%s%s%s\nthe program", before, script(), after);
    assert_run(run, 1, expected, "");
}

static void the_first_runtime_runs_the_script_of_the_package_from_any_folder_below(void **state) {
    (void)state;
    go_to("project/src/deep");
    use_path("denos");
    make_runtime("denos", "deno");
    assert_called(HUTCH("the program", "check", "-"), "deno run --allow-all --quiet ", " -- -");
    use_path("buns");
    make_runtime("buns", "bun");
    make_runtime("buns", "deno");
    assert_called(HUTCH("the program", "check", "-"), "bun run ", " -- -");
    use_path("nodes");
    make_runtime("nodes", "node");
    make_runtime("nodes", "bun");
    assert_called(HUTCH("the program", "check", "-"), "node ", " -- -");
}

static void options_are_handed_on_in_one_form(void **state) {
    (void)state;
    go_to("project");
    use_path("nodes");
    make_runtime("nodes", "node");
    static const char all[] = " --json --tools t.d.ts --timeout 2000 -- a.ts";
    assert_called(
        HUTCH("the program", "check", "--json", "--tools", "t.d.ts", "--timeout", "2s", "a.ts"),
        "node ", all);
    assert_called(HUTCH("the program", "check", "a.ts", "-tt.d.ts", "--timeout=2000", "--json"),
                  "node ", all);
    assert_called(HUTCH("the program", "check", "-t", "-", "--", "--json"), "node ",
                  " --tools - -- --json");
}

static void mistakes_on_the_command_line_end_with_2(void **state) {
    (void)state;
    assert_misused(HUTCH(NULL, "check"), "no program; expected a FILE, or - for standard input");
    assert_misused(HUTCH(NULL, "check", "--tool", "x", "-"), "'--tool'; did you mean --tools?");
    assert_misused(HUTCH(NULL, "check", "-x", "-"), "unknown option '-x'");
    assert_misused(HUTCH(NULL, "check", "a", "b"), "unexpected argument 'b'; expected one FILE");
    assert_misused(HUTCH(NULL, "check", "-", "--tools"), "no value after '--tools'");
    assert_misused(HUTCH(NULL, "check", "-", "--timeout", "0"), "'0' is not a duration from 1ms");
    assert_misused(HUTCH(NULL, "check", "-", "--timeout", "soon"), "'soon' is not a duration");
    assert_misused(HUTCH(NULL, "check", "-", "--timeout", "2147483648"), "is not a duration");
    assert_misused(HUTCH(NULL, "check", "-", "-t", "-"), "standard input can be one of them");
}

static void help_needs_nothing_but_the_command(void **state) {
    (void)state;
    go_to("empty");
    use_path("none");
    spawned run = HUTCH(NULL, "check", "--help");
    assert_int_equal(run.status, 0);
    assert_memory_equal(run.output, "Usage: hutch check ", 19);
    spawned again = HUTCH(NULL, "help", "check");
    assert_string_equal(again.output, run.output);
    spawned_free(&run);
    spawned_free(&again);
    spawned all = HUTCH(NULL, "--help");
    assert_non_null(strstr(all.output, "\n  check FILE "));
    spawned_free(&all);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_package_it_says_what_to_install),
        cmocka_unit_test(without_a_runtime_it_says_which_there_could_be),
        cmocka_unit_test(the_first_runtime_runs_the_script_of_the_package_from_any_folder_below),
        cmocka_unit_test(options_are_handed_on_in_one_form),
        cmocka_unit_test(mistakes_on_the_command_line_end_with_2),
        cmocka_unit_test(help_needs_nothing_but_the_command),
    };
    if (argc != 2) {
        fprintf(stderr, "usage: %s PATH_OF_HUTCH\n", argv[0]);
        return 2;
    }
    spawn_use(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
