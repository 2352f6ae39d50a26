/* `hutch run` as a user meets it: results, console, errors, limits, exit codes. */
#include "cli/spawn.h"

#include "support/cmocka.h"

#include "commands.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Compare all of what a run did; frees it. */
static void assert_run(spawned run, int status, const char *output, const char *errors) {
    assert_string_equal(run.errors, errors);
    assert_string_equal(run.output, output);
    assert_int_equal(run.status, status);
    spawned_free(&run);
}

static void assert_contains(const char *text, const char *part) {
    if (strstr(text, part) == NULL) {
        fail_msg("expected '%s' in\n%s", part, text);
    }
}

/* Standard error has these parts, standard output is empty; frees the run. */
static void assert_fails(spawned run, int status, const char *part, const char *other) {
    assert_contains(run.errors, part);
    assert_contains(run.errors, other);
    assert_string_equal(run.output, "");
    assert_int_equal(run.status, status);
    spawned_free(&run);
}

static void a_value_is_printed_as_json_and_a_line_feed(void **state) {
    (void)state;
    assert_run(HUTCH("return 6 * 7", "run", "-"), 0, "42\n", "");
    assert_run(HUTCH("return { a: [1, 'two', null], d: new Date(0) }", "run", "-"), 0,
               "{\"a\":[1,\"two\",null],\"d\":\"1970-01-01T00:00:00.000Z\"}\n", "");
    assert_run(HUTCH("return 'é\\u2028'", "run", "-"), 0, "\"é\\u2028\"\n", "");
}

static void a_program_comes_in_a_wrapping(void **state) {
    static const char *const codes[] = {
        "Here it is:\n```ts\nreturn 5 as number\n```\n",
        "async () => 5",
        "async function main() { return 5 }\nmain().then(console.log)",
        "async function main() { return 5 }\ntry { await main() } catch { }",
        "module.exports = async () => 5",
        "export default async function main(): Promise<number> { return 5 }",
        "const a = 2\na + 3",
    };
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        spawned run = HUTCH(codes[i], "run", "-");
        assert_contains(run.errors, "The program was unwrapped: ");
        assert_string_equal(run.output, "5\n");
        assert_int_equal(run.status, 0);
        spawned_free(&run);
        assert_fails(HUTCH(codes[i], "run", "--wrapping", "refuse", "-"), 1, "SyntaxError", "");
    }
    assert_run(HUTCH("async () => 5", "run", "--wrapping", "as-is", "-"), 0, "", "");
}

static void undefined_prints_nothing(void **state) {
    (void)state;
    assert_run(HUTCH("", "run", "-"), 0, "", "");
    assert_run(HUTCH("return undefined", "run", "-"), 0, "", "");
}

static void a_program_comes_from_a_file(void **state) {
    (void)state;
    const char *path = spawn_file("await.js", "await null\nreturn 'from a file'\n");
    assert_run(HUTCH(NULL, "run", path), 0, "\"from a file\"\n", "");
    path = spawn_file("shebang.js", "#!/usr/bin/env -S hutch run\nreturn 1\n");
    assert_run(HUTCH(NULL, "run", path), 0, "1\n", "");
}

static void the_console_goes_to_standard_error(void **state) {
    (void)state;
    static const char program[] = "console.log('a', { b: 1 })\nconsole.info('i')\n"
                                  "console.warn('w')\nconsole.error('e')\nconsole.debug('d')\n"
                                  "return 1\n";
    assert_run(HUTCH(program, "run", "-"), 0, "1\n",
               "a { b: 1 }\nINFO: i\nWARN: w\nERROR: e\nDEBUG: d\n");
    assert_run(HUTCH(program, "run", "--quiet", "-"), 0, "1\n", "");
}

static void what_a_terminal_would_obey_is_written_out(void **state) {
    (void)state;
    assert_run(HUTCH("console.log('\\x1b[2J\\r\\u202e', 1); return 1", "run", "-"), 0, "1\n",
               "\\x1b[2J\\x0d\\u{202e} 1\n");
    assert_run(HUTCH("return '\\u009b31m\\x7f'", "run", "-"), 0, "\"\\u009b31m\\u007f\"\n", "");
    assert_fails(HUTCH("throw new Error('\\x1b[31m' + '\\x07')", "run", "-"), 1,
                 "Error: \\x1b[31m\\x07\n", "");
    assert_fails(HUTCH("throw Object.assign(new Error('m'), { name: '\\x1bN', code: '\\x1bC' })",
                       "run", "-"),
                 1, "\\x1bN [\\x1bC]: m\n", "");
}

static void an_error_shows_its_place(void **state) {
    (void)state;
    char expected[512];
    const char *path = spawn_file("place.js", "const rows = []\n\tconst é = 1; throw new "
                                              "TypeError('no rows')\n");
    /* A tab takes one column; é is two bytes and one column as well. */
    snprintf(expected, sizeof expected,
             "TypeError: no rows\n"
             "  at %s:2:21\n"
             "    1 | const rows = []\n"
             "  > 2 |  const é = 1; throw new TypeError('no rows')\n"
             "      |                     ^^^\n",
             path);
    assert_run(HUTCH(NULL, "run", path), 1, "", expected);
}

static void an_error_in_a_function_shows_the_calls(void **state) {
    (void)state;
    static const char program[] = "function inner() { throw new RangeError('deep') }\n"
                                  "function outer() { inner() }\n"
                                  "outer()\n";
    const char *path = spawn_file("calls.js", program);
    spawned run = HUTCH(NULL, "run", path);
    assert_contains(run.errors, "RangeError: deep\n");
    assert_contains(run.errors, "    at inner (");
    assert_contains(run.errors, "    at outer (");
    assert_contains(run.errors, "/calls.js:2:");
    assert_contains(run.errors, "/calls.js:3:");
    assert_null(strstr(run.errors, "program.ts"));
    spawned_free(&run);
}

static void a_long_line_is_cut_around_the_mark(void **state) {
    (void)state;
    char program[5000];
    snprintf(program, sizeof(program), "/*%2000s*/ throw new Error('here') /*%2000s*/", "", "");
    spawned run = HUTCH(program, "run", "-");
    const char *source = strstr(run.errors, "  > 1 | ");
    assert_non_null(source);
    assert_in_range(strcspn(source, "\n"), 50, 120);
    assert_contains(source, "throw new Error('here')");
    const char *mark = strchr(source, '\n') + 1;
    /* The sign of the cut has three bytes in one column. */
    assert_memory_equal(source + strcspn(mark, "^") + 2, "new Error('here')", 17);
    spawned_free(&run);
}

static void a_syntax_error_shows_its_place(void **state) {
    (void)state;
    assert_fails(HUTCH("const a = 1\nconst = 2\n", "run", "-"), 1, "SyntaxError: ",
                 "  at stdin:2:7\n    1 | const a = 1\n  > 2 | const = 2\n      |       ^\n");
}

static void thrown_values_keep_their_text(void **state) {
    (void)state;
    assert_fails(HUTCH("throw 'just text'", "run", "-"), 1, "just text", "");
    assert_fails(HUTCH("throw { name: 'Custom', message: 'own words' }", "run", "-"), 1,
                 "Custom: own words\n", "");
    assert_fails(HUTCH("throw Object.assign(new Error('gone'), { code: 'E_GONE' })", "run", "-"), 1,
                 "Error [E_GONE]: gone\n", "");
}

static void a_program_that_waits_for_nothing_fails(void **state) {
    (void)state;
    assert_fails(HUTCH("await new Promise(() => {})", "run", "-"), 1, "StalledError",
                 "no host work");
}

static void each_limit_ends_with_3(void **state) {
    (void)state;
    assert_fails(HUTCH("while (true) {}", "run", "--timeout", "100ms", "-"), 3,
                 "TimeoutError: ", "");
    assert_fails(HUTCH("while (true) {}", "run", "--cpu-time", "50ms", "-"), 3, "TimeoutError", "");
    assert_fails(HUTCH("const a = []; while (true) a.push('x'.repeat(10000) + a.length)", "run",
                       "--memory", "8MB", "-"),
                 3, "MemoryLimitError: ", "memory limit");
    assert_fails(HUTCH("const f = () => f() + 1; f()", "run", "--stack", "64KB", "-"), 3,
                 "StackOverflowError: ", "stack");
    assert_fails(HUTCH("return 'x'.repeat(70000000)", "run", "--memory", "1GB", "-"), 3,
                 "LimitError: ", "");
}

static void below_a_met_limit_stands_how_it_is_changed(void **state) {
    (void)state;
    static const char none[] = "no option changes this limit";
    assert_fails(HUTCH("while (true) {}", "run", "--timeout", "100ms", "-"), 3,
                 "TimeoutError: ", "\n  --timeout changes this limit");
    /* A stack that this depth does not fill in builds with sanitizers either. */
    assert_fails(HUTCH("let a = []; for (let i = 0; i < 10001; i++) a = [a]; return a", "run",
                       "--stack", "8MB", "-"),
                 3, "LimitError: ", none);
    /* Those that the program could have caught. */
    assert_fails(HUTCH("await t('x'.repeat(2 ** 20))", "run", "--max-open-input", "1MB", "-t",
                       "t=wc -c", "-"),
                 1, "RangeError: ", "\n  --max-open-input changes this limit");
    assert_fails(HUTCH("let a = []; for (let i = 0; i < 2e6; i++) a.push(1); await t(a)", "run",
                       "-t", "t=wc -c", "-"),
                 1, "maxToolInputValues", none);
    spawned run = HUTCH("throw new RangeError('timeout must be above 0')", "run", "-");
    assert_null(strstr(run.errors, "this limit"));
    spawned_free(&run);
}

#ifndef HUTCH_SANITIZED
static void little_address_space_names_the_option(void **state) {
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    struct rlimit little = {.rlim_cur = (rlim_t)4 << 30, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
    spawned run = HUTCH("return 1", "run", "--memory", "4GB", "-");
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_contains(run.errors, "ulimit -v");
    assert_fails(run, 4, "WorkerDiedError: ", "\n  --memory changes this limit");
}
#endif

static void a_program_that_is_too_long_meets_a_limit(void **state) {
    enum { LENGTH = 4 * 1024 * 1024 + 1 };
    (void)state;
    char *program = malloc(2 * (size_t)LENGTH + 1);
    assert_non_null(program);
    memset(program, ' ', 2 * (size_t)LENGTH);
    program[2 * (size_t)LENGTH] = '\0';
    assert_fails(HUTCH(program, "run", "-"), 3,
                 "LimitError: The program has 8388610 bytes, more than maxCodeSize", "");
    program[LENGTH] = '\0';
    assert_fails(HUTCH(program, "run", "-"), 3,
                 "LimitError: The program has 4194305 bytes, more than maxCodeSize", "");
    program[LENGTH - 1] = '\0';
    assert_run(HUTCH(program, "run", "-"), 0, "", "");
    free(program);
}

static void json_is_one_object_on_standard_output(void **state) {
    (void)state;
    spawned run =
        HUTCH("console.log('a'); console.warn('b\\n\"'); return [1]", "run", "--json", "-");
    assert_contains(
        run.output,
        "{\"success\":true,\"value\":[1],\"logs\":[\"a\",\"WARN: b\\u000a\\\"\"],\"ms\":");
    assert_string_equal(run.output + run.output_length - 2, "}\n");
    assert_null(strchr(run.output, '\n') + 1 < run.output + run.output_length ? run.output : NULL);
    assert_string_equal(run.errors, "");
    assert_int_equal(run.status, 0);
    spawned_free(&run);
    run = HUTCH("", "run", "--json", "-");
    assert_contains(run.output, "{\"success\":true,\"logs\":[],\"ms\":");
    spawned_free(&run);
}

static void json_tells_errors_as_well(void **state) {
    (void)state;
    spawned run = HUTCH("throw Object.assign(new TypeError('\"no\"\\x1b'), { code: 'E_NO' })",
                        "run", "--json", "-");
    assert_contains(run.output, "{\"success\":false,\"error\":{\"name\":\"TypeError\",\"message\":"
                                "\"\\\"no\\\"\\u001b\",\"code\":\"E_NO\",\"stack\":\"");
    assert_contains(run.output, ",\"line\":1,\"column\":");
    assert_contains(run.output, "},\"logs\":[],\"ms\":");
    assert_string_equal(run.errors, "");
    assert_int_equal(run.status, 1);
    spawned_free(&run);
    run = HUTCH("while (true) {}", "run", "--json", "--timeout=50", "-");
    assert_contains(run.output, "\"error\":{\"name\":\"TimeoutError\"");
    assert_int_equal(run.status, 3);
    spawned_free(&run);
}

static void mistakes_on_the_command_line_end_with_2(void **state) {
    (void)state;
    assert_run(HUTCH(NULL, "run"), 2, "",
               "hutch: no program; expected a FILE, or - for standard input\n"
               "Try 'hutch run --help'.\n");
    assert_run(HUTCH(NULL, "run", "--timout", "1", "-"), 2, "",
               "hutch: unknown option --timout; did you mean --timeout?\n"
               "Try 'hutch run --help'.\n");
    assert_run(HUTCH(NULL, "rnu"), 2, "",
               "hutch: unknown command 'rnu'; did you mean run?\nTry 'hutch --help'.\n");
    assert_run(HUTCH(NULL, "help", "me"), 2, "",
               "hutch: unknown command 'me'\nTry 'hutch --help'.\n");
    assert_run(HUTCH(NULL, "help", "run", "strip"), 2, "",
               "hutch: unexpected argument 'strip'; expected one COMMAND\nTry 'hutch --help'.\n");
    assert_run(HUTCH(NULL, "run", "/no/such/file.js"), 2, "",
               "hutch: cannot read /no/such/file.js: No such file or directory\n");
    assert_run(HUTCH(NULL, "run", "/"), 2, "", "hutch: cannot read /: Is a directory\n");
}

/* `help` tells of itself what it tells of the command as a whole, and what that lists is there. */
static void each_command_that_help_lists_is_explained(void **state) {
    (void)state;
#define NAME(name, operand, run, help, meaning) name,
    static const char *const listed[] = {CLI_COMMAND_TABLE(NAME)};
#undef NAME
    spawned all = HUTCH(NULL, "help");
    for (size_t i = 0; i < sizeof listed / sizeof listed[0]; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "\n  %s ", listed[i]);
        assert_contains(all.output, text);
        spawned one = HUTCH(NULL, "help", listed[i]);
        (void)snprintf(text, sizeof text, "Usage: hutch %s",
                       strcmp(listed[i], "help") == 0 ? "COMMAND" : listed[i]);
        assert_int_equal(strncmp(one.output, text, strlen(text)), 0);
        assert_string_equal(one.errors, "");
        assert_int_equal(one.status, 0);
        spawned_free(&one);
    }
    spawned_free(&all);
}

static void tool_names_that_cannot_be_called_end_with_2(void **state) {
    (void)state;
    assert_fails(HUTCH("", "run", "-t", "Object=true", "-"), 2, "hutch: tool name \"Object\"", "");
    assert_fails(HUTCH("", "run", "-t", "console=true", "-"), 2, "hutch: tool name \"console\"",
                 "");
    assert_fails(HUTCH("", "run", "-t", "a-b=true", "-t", "a.b=true", "-"), 2,
                 "hutch: tools \"a-b\" and \"a.b\" would both be called a_b", "");
}

/* A file's name may be somebody else's, and a terminal would obey it. */
static void what_a_message_quotes_is_written_out(void **state) {
    (void)state;
    assert_fails(HUTCH("", "\x1b[31m"), 2, "hutch: unknown command '\\x1b[31m'", "--help");
    assert_fails(HUTCH("", "run", "--\x1b[31mx", "-"), 2, "--\\x1b[31mx", "");
    assert_fails(HUTCH("", "run", "--detached", "\x1b[31m", "-"), 2, "\\x1b[31m", "");
    assert_fails(HUTCH("", "run", "/no/such\x1b[31m"), 2, "/no/such\\x1b[31m", "");
    assert_fails(HUTCH("", "strip", "/no/such\xe2\x80\xae"), 2, "/no/such\\u{202e}", "");
    assert_fails(HUTCH("", "run", "/no/such\nhutch: ok"), 2, "/no/such\\x0ahutch: ok: ", "");
    assert_fails(HUTCH("", "strip", "--\x1b"), 2, "'--\\x1b'", "");
    assert_fails(HUTCH("", "strip", "--\n"), 2, "'--\\x0a'", "");
    assert_fails(HUTCH("", "check", "--\x1b"), 2, "'--\\x1b'", "");
    assert_fails(HUTCH("", "check", "--\n"), 2, "'--\\x0a'", "");
    assert_fails(HUTCH("", "doctor", "\x1b"), 2, "'\\x1b'", "");
    assert_fails(HUTCH("", "doctor", "a\tb\n"), 2, "'a\\x09b\\x0a'", "");
    assert_fails(HUTCH("", "help", "\n"), 2, "'\\x0a'", "");
}

static void tools_with_names_of_mcp_are_called_by_identifiers(void **state) {
    (void)state;
    assert_run(HUTCH("return [await list_issues(), await globalThis['1st'](), await await_()]",
                     "run", "-t", "list-issues=echo 5", "-t", "1st=echo 6", "-t", "await=echo 7",
                     "-"),
               0, "[5,6,7]\n", "");
}

static void help_and_version_end_with_0(void **state) {
    static const char *const helps[][3] = {{"--help", NULL},     {"-h", NULL},
                                           {"help", NULL},       {"help", "--help", NULL},
                                           {"help", "-h", NULL}, {"help", "help", NULL}};
    static const char *const run_helps[][3] = {
        {"run", "--help", NULL}, {"help", "run", NULL}, {"run", "-h", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof helps / sizeof helps[0]; i++) {
        spawned run = spawn_hutch(NULL, helps[i]);
        assert_contains(run.output, "Usage: hutch COMMAND");
        assert_int_equal(run.status, 0);
        spawned_free(&run);
    }
    for (size_t i = 0; i < sizeof run_helps / sizeof run_helps[0]; i++) {
        spawned run = spawn_hutch(NULL, run_helps[i]);
        assert_contains(run.output, "Usage: hutch run [OPTION]... FILE");
        assert_contains(run.output, "--tool NAME=COMMAND");
        assert_contains(run.output, "Exit status:");
        assert_int_equal(run.status, 0);
        spawned_free(&run);
    }
    assert_run(HUTCH(NULL, "--version"), 0, "hutch 0.1.0\n", "");
    assert_run(HUTCH(NULL, "-V"), 0, "hutch 0.1.0\n", "");
}

static void without_arguments_the_help_goes_to_standard_error(void **state) {
    static const char *const none[] = {NULL};
    (void)state;
    assert_fails(spawn_hutch(NULL, none), 2, "Usage: hutch COMMAND", "");
}

static void a_result_that_cannot_be_written_ends_with_4(void **state) {
    (void)state;
    char command[512];
    char text[256];
    const char *path = spawn_file("full.js", "return 1");
    snprintf(command, sizeof command, "%s run %s 2>&1 >/dev/full; echo $?", spawn_path(), path);
    FILE *shell = popen(command, "r");
    assert_non_null(shell);
    size_t length = fread(text, 1, sizeof(text) - 1, shell);
    text[length] = '\0';
    assert_int_equal(pclose(shell), 0);
    assert_string_equal(text, "hutch: cannot write the result: No space left on device\n4\n");
}

/* Run on a terminal. @return all that it showed; freed by the caller */
static char *on_terminal(const char *file, const char *no_color, const char *keys) {
    int terminal;
    size_t length = 0;
    char *shown = calloc(1, 65536);
    assert_non_null(shown);
    pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
    assert_true(pid >= 0);
    if (pid == 0) {
        signal(SIGINT, SIG_DFL);
        setenv("TERM", "xterm", 1);
        if (no_color != NULL) {
            setenv("NO_COLOR", no_color, 1);
        } else {
            unsetenv("NO_COLOR");
        }
        execl(spawn_path(), "hutch", "run", file, (char *)NULL);
        _exit(126);
    }
    for (ssize_t got; (got = read(terminal, shown + length, 65535 - length)) > 0;) {
        length += (size_t)got;
        if (keys != NULL && strstr(shown, "ready") != NULL) {
            assert_int_equal(write(terminal, keys, strlen(keys)), strlen(keys));
            keys = NULL;
        }
    }
    close(terminal);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    snprintf(shown + length, 65536 - length, "[%d]", WEXITSTATUS(status));
    return shown;
}

static void colors_are_for_terminals_only_and_no_color_wins(void **state) {
    (void)state;
    const char *file = spawn_file("color.js", "console.warn('w'); throw new Error('e')");
    char *shown = on_terminal(file, NULL, NULL);
    assert_contains(shown, "\x1b[33mWARN: \x1b[0mw");
    assert_contains(shown, "\x1b[1;31mError\x1b[0m: e");
    free(shown);
    shown = on_terminal(file, "1", NULL);
    assert_null(strchr(shown, '\x1b'));
    assert_contains(shown, "WARN: w");
    free(shown);
    /* An empty NO_COLOR is as none. */
    shown = on_terminal(file, "", NULL);
    assert_non_null(strchr(shown, '\x1b'));
    free(shown);
}

static void control_c_ends_the_run_with_130(void **state) {
    (void)state;
    const char *file =
        spawn_file("endless.js", "console.log('ready'); await null; while (true) {}");
    char *shown = on_terminal(file, NULL, "\x03");
    assert_contains(shown, "hutch: interrupted\r\n[130]");
    assert_null(strstr(shown, "WorkerDiedError"));
    free(shown);
}

static void a_signal_ends_the_run_with_128_and_its_number(void **state) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        char text[16];
        const char *file = spawn_file("waits.js", "await ready(); while (true) {}");
        char tool[512];
        snprintf(tool, sizeof tool, "ready=echo 1 > %s/ready%zu", spawn_folder(), i);
        const char *const arguments[] = {"run", "-t", tool, file, NULL};
        spawning run = spawn_start(arguments);
        char path[256];
        snprintf(path, sizeof path, "%s/ready%zu", spawn_folder(), i);
        spawn_wait_for(path, text, sizeof(text));
        kill(run.pid, signals[i]);
        spawned ended = spawn_finish(&run, NULL, 0);
        assert_run(ended, 128 + signals[i], "", "hutch: interrupted\n");
    }
}

static void without_a_reader_the_run_ends_with_141(void **state) {
    char command[1024];
    char status[16];
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s",
             spawn_file("endless.js", "for (;;) { console.log(1); await null }"));
    snprintf(command, sizeof command,
             "{ %s run --timeout 600s %s; echo $? > %s/status; } 2>&1 | head -1 > /dev/null",
             spawn_path(), path, spawn_folder());
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/status", spawn_folder());
    spawn_wait_for(path, status, sizeof status);
    assert_string_equal(status, "141\n");
}

/* What a shell prints after a command of this form, in which %1$s is the path of hutch, %2$s a program. */
static void assert_shell(const char *form, const char *file, const char *expected) {
    char command[1024];
    char text[512];
    snprintf(command, sizeof command, form, spawn_path(), file);
    FILE *shell = popen(command, "r");
    assert_non_null(shell);
    size_t length = fread(text, 1, sizeof(text) - 1, shell);
    text[length] = '\0';
    assert_int_equal(pclose(shell), 0);
    assert_string_equal(text, expected);
}

static void a_pipe_that_nobody_reads_is_no_complaint(void **state) {
    (void)state;
    /* The reader is gone before there is anything to write. */
    assert_shell("{ { sleep 0.1; echo 'return 1'; } | { %s run -; echo $? >&2; } | true; } 2>&1",
                 "", "141\n");
    assert_shell("{ { sleep 0.1; echo 'let a: 1'; } | { %s strip -; echo $? >&2; } | true; } 2>&1",
                 "", "141\n");
}

static void standard_descriptors_that_are_closed_are_opened_to_nothing(void **state) {
    static const char shown[] = "\"/dev/null\"\n";
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s", spawn_file("closed.js", "return t()"));
    assert_shell("%1$s run -t 't=echo \\\"$(readlink /proc/$PPID/fd/0)\\\"' %2$s <&-", path, shown);
    assert_shell("%1$s run -t 't=echo \\\"$(readlink /proc/$PPID/fd/2)\\\"' %2$s 2>&-", path,
                 shown);
    assert_shell(
        "{ %1$s run -t 't=readlink /proc/$PPID/fd/1 >&2; exit 1' %2$s >&-; } 2>&1 | head -1", path,
        "Error [EXIT_1]: /dev/null\n");
}

static void what_is_written_to_a_closed_output_is_not_lost_in_silence(void **state) {
    (void)state;
    assert_shell("{ echo 'return 1' | %s run - >&-; echo $?; } 2>&1", "",
                 "hutch: cannot write the result: Bad file descriptor\n4\n");
}

static void a_mark_before_the_line_for_the_loader_is_passed_over(void **state) {
    (void)state;
    assert_run(HUTCH("\xef\xbb\xbf#!/usr/bin/env -S hutch run\nreturn 1", "run", "-"), 0, "1\n",
               "");
    assert_run(HUTCH("\xef\xbb\xbf#!/bin/x\nlet a: 1", "strip", "-"), 0,
               "\xef\xbb\xbf#!/bin/x\nlet a   ", "");
    assert_run(HUTCH("\xef\xbb\xbfreturn 2", "run", "-"), 0, "2\n", "");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_printed_as_json_and_a_line_feed),
        cmocka_unit_test(undefined_prints_nothing),
        cmocka_unit_test(a_program_comes_in_a_wrapping),
        cmocka_unit_test(a_program_comes_from_a_file),
        cmocka_unit_test(the_console_goes_to_standard_error),
        cmocka_unit_test(what_a_terminal_would_obey_is_written_out),
        cmocka_unit_test(an_error_shows_its_place),
        cmocka_unit_test(an_error_in_a_function_shows_the_calls),
        cmocka_unit_test(a_long_line_is_cut_around_the_mark),
        cmocka_unit_test(a_syntax_error_shows_its_place),
        cmocka_unit_test(thrown_values_keep_their_text),
        cmocka_unit_test(a_program_that_waits_for_nothing_fails),
        cmocka_unit_test(each_limit_ends_with_3),
        cmocka_unit_test(a_program_that_is_too_long_meets_a_limit),
        cmocka_unit_test(below_a_met_limit_stands_how_it_is_changed),
#ifndef HUTCH_SANITIZED
        cmocka_unit_test(little_address_space_names_the_option),
#endif
        cmocka_unit_test(json_is_one_object_on_standard_output),
        cmocka_unit_test(json_tells_errors_as_well),
        cmocka_unit_test(mistakes_on_the_command_line_end_with_2),
        cmocka_unit_test(each_command_that_help_lists_is_explained),
        cmocka_unit_test(tool_names_that_cannot_be_called_end_with_2),
        cmocka_unit_test(what_a_message_quotes_is_written_out),
        cmocka_unit_test(tools_with_names_of_mcp_are_called_by_identifiers),
        cmocka_unit_test(help_and_version_end_with_0),
        cmocka_unit_test(without_arguments_the_help_goes_to_standard_error),
        cmocka_unit_test(a_result_that_cannot_be_written_ends_with_4),
        cmocka_unit_test(without_a_reader_the_run_ends_with_141),
        cmocka_unit_test(a_pipe_that_nobody_reads_is_no_complaint),
        cmocka_unit_test(standard_descriptors_that_are_closed_are_opened_to_nothing),
        cmocka_unit_test(what_is_written_to_a_closed_output_is_not_lost_in_silence),
        cmocka_unit_test(a_mark_before_the_line_for_the_loader_is_passed_over),
        cmocka_unit_test(colors_are_for_terminals_only_and_no_color_wins),
        cmocka_unit_test(control_c_ends_the_run_with_130),
        cmocka_unit_test(a_signal_ends_the_run_with_128_and_its_number),
    };
    if (argc != 2) {
        fprintf(stderr, "usage: %s PATH_OF_HUTCH\n", argv[0]);
        return 2;
    }
    spawn_use(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
