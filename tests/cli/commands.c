/* Tools that are commands: what goes in, what comes out, and that none is left behind. */
#include "cli/spawn.h"

#include "support/cmocka.h"
#include "support/patience.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What the program sees of a tool call that fails. */
static void assert_error(const char *tool, const char *expected) {
    assert_run(HUTCH("try { await t() } catch (e) { return [e.name, e.message, e.code] }", "run",
                     "-t", tool, "-"),
               0, expected, "");
}

static void input_and_result_are_json(void **state) {
    (void)state;
    assert_run(HUTCH("return await t({ a: [1, 'é'] })", "run", "-t", "t=cat", "-"), 0,
               "{\"a\":[1,\"é\"]}\n", "");
    assert_run(HUTCH("return await t('text')", "run", "-t", "t=cat", "-"), 0, "\"text\"\n", "");
    assert_run(HUTCH("return await t()", "run", "-t", "t=cat", "-"), 0, "{}\n", "");
    assert_run(HUTCH("return await t()", "run", "-t", "t=echo '  [1, 2] '", "-"), 0, "[1,2]\n", "");
}

static void the_input_is_one_line(void **state) {
    (void)state;
    assert_run(HUTCH("return await t(7)", "run", "-t", "t=read -r n; echo $((n * 6))", "-"), 0,
               "42\n", "");
}

static void nothing_written_is_undefined(void **state) {
    (void)state;
    assert_run(HUTCH("return typeof await t()", "run", "-t", "t=true", "-"), 0, "\"undefined\"\n",
               "");
    assert_run(HUTCH("return typeof await t()", "run", "-t", "t=echo", "-"), 0, "\"undefined\"\n",
               "");
}

static void standard_error_of_a_tool_that_works_is_dropped(void **state) {
    (void)state;
    assert_run(HUTCH("return await t()", "run", "-t", "t=echo warning >&2; echo 1", "-"), 0, "1\n",
               "");
}

static void a_status_other_than_0_is_an_error_with_standard_error(void **state) {
    (void)state;
    assert_error("t=echo '  no such row ' >&2; exit 3", "[\"Error\",\"no such row\",\"EXIT_3\"]\n");
    assert_error("t=echo '{}'; exit 1",
                 "[\"Error\",\"tool t: its command ended with status 1\",\"EXIT_1\"]\n");
    assert_error("t=/no/such/command 2>/dev/null",
                 "[\"Error\",\"tool t: its command ended with status 127\",\"EXIT_127\"]\n");
    assert_error("t=kill -TERM $$",
                 "[\"Error\",\"tool t: its command was ended by SIGTERM\",\"SIGTERM\"]\n");
}

static void only_the_end_of_a_long_standard_error_is_kept(void **state) {
    (void)state;
    assert_run(HUTCH("try { await t() } catch (e) { return [e.message.length, "
                     "e.message.slice(-3)] }",
                     "run", "-t",
                     "t=head -c 1000000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 1", "-"),
               0, "[4095,\"end\"]\n", "");
}

static void what_is_no_json_is_an_error_that_shows_it(void **state) {
    (void)state;
    assert_error("t=echo hello", "[\"Error\",\"tool t: its command must write JSON, or nothing, to "
                                 "its standard output; it wrote: hello\",\"TOOL_OUTPUT\"]\n");
    assert_error("t=printf '{\"a\":1}{}'",
                 "[\"Error\",\"tool t: its command must write JSON, or nothing, to its standard "
                 "output; it wrote: {\\\"a\\\":1}{}\",\"TOOL_OUTPUT\"]\n");
    assert_error("t=printf '\\033[31m'",
                 "[\"Error\",\"tool t: its command must write JSON, or nothing, to its standard "
                 "output; it wrote: \\\\x1b[31m\",\"TOOL_OUTPUT\"]\n");
}

static void an_uncaught_tool_error_ends_with_1(void **state) {
    (void)state;
    spawned run = HUTCH("const a = 1\nawait t(a)", "run", "-t", "t=echo broken >&2; exit 9", "-");
    assert_contains(run.errors, "Error [EXIT_9]: broken\n  at stdin:2:");
    assert_contains(run.errors, "  > 2 | await t(a)\n");
    assert_int_equal(run.status, 1);
    spawned_free(&run);
}

/* So many milliseconds on a fast machine, and more on a slow one; as text. */
static const char *ample(uint64_t milliseconds) {
    static char text[32];
    snprintf(text, sizeof(text), "%" PRIu64, patience_ms(milliseconds));
    return text;
}

/* Each of two commands ends only when it has seen the other: they must run at the same time. */
static void commands_run_at_the_same_time(void **state) {
    (void)state;
    char tools[2][512];
    for (int i = 0; i < 2; i++) {
        snprintf(tools[i], sizeof tools[i],
                 "t%d=touch %s/par%d; until [ -e %s/par%d ]; do sleep 0.01; done; echo %d", i,
                 spawn_folder(), i, spawn_folder(), 1 - i, i);
    }
    assert_run(
        HUTCH("return await Promise.all([t0(), t1()])", "run", "-t", tools[0], "-t", tools[1], "-"),
        0, "[0,1]\n", "");
}

/* With one job a second command never finds a first one still there. */
static void jobs_bounds_how_many_run_at_the_same_time(void **state) {
    (void)state;
    char tool[512];
    snprintf(tool, sizeof tool, "t=mkdir %s/lock || exit 1; sleep 0.02; rmdir %s/lock; cat",
             spawn_folder(), spawn_folder());
    assert_run(HUTCH("return await Promise.all([1, 2, 3, 4, 5].map((n) => t(n)))", "run", "-j", "1",
                     "-t", tool, "-"),
               0, "[1,2,3,4,5]\n", "");
}

/* A pipe holds little: a command that writes more than that waits for the oldest one to end. */
static void output_beyond_its_limit_waits_in_the_pipes(void **state) {
    (void)state;
    char first[512];
    char second[512];
    snprintf(first, sizeof first, "first=sleep 0.3; [ -e %s/wrote ] && echo 1 || echo 0",
             spawn_folder());
    snprintf(second, sizeof second,
             "second=printf '\"'; head -c 3000000 /dev/zero | tr '\\0' x; "
             "touch %s/wrote; printf '\"'",
             spawn_folder());
    assert_run(HUTCH("const [a, b] = await Promise.all([first(), second()]); return [a, b.length]",
                     "run", "--max-tool-output", "64KB", "-t", first, "-t", second, "-"),
               0, "[0,3000000]\n", "");
}

static void inputs_of_calls_that_wait_have_a_sum(void **state) {
    (void)state;
    assert_run(HUTCH("const ask = () => t('x'.repeat(2 ** 20)).then((n) => n, (e) => e.name)\n"
                     "return (await Promise.all([ask(), ask(), ask()])).join()",
                     "run", "--timeout", ample(60000), "--max-open-input", "33MB", "-j", "1", "-t",
                     "t=wc -c", "-"),
               0, "\"1048579,1048579,1048579\"\n", "");
    assert_run(HUTCH("return t('x'.repeat(2 ** 20)).catch((e) => e.message)", "run",
                     "--max-open-input", "1MB", "-t", "t=wc -c", "-"),
               0,
               "\"The input has 1048578 bytes of JSON, more than maxOpenToolInputSize, which is "
               "1048576 bytes\"\n",
               "");
    assert_run(HUTCH("const ask = () => t('x'.repeat(30 * 2 ** 20)).then((n) => n, (e) => e.name)\n"
                     "return (await Promise.all([ask(), ask(), ask()])).join()",
                     "run", "--timeout", ample(60000), "-j", "1", "-t", "t=wc -c", "-"),
               0, "\"31457283,31457283,RangeError\"\n", "");
}

static void hundreds_of_calls_at_once_all_end(void **state) {
    (void)state;
    assert_run(HUTCH("const all = await Promise.all(Array.from({ length: 300 }, (_, i) => t(i)))\n"
                     "return all.reduce((a, b) => a + b)",
                     "run", "--timeout", ample(60000), "-t", "t=read -r n; echo $n", "-"),
               0, "44850\n", "");
}

static void the_budget_of_tool_calls_is_an_error_inside(void **state) {
    (void)state;
    assert_run(HUTCH("await t(); try { await t() } catch (e) { return e.message }", "run",
                     "--max-tool-calls", "1", "-t", "t=true", "-"),
               0, "\"Exceeded the maximum of 1 tool calls per execution\"\n", "");
}

static void a_command_need_not_read_its_input(void **state) {
    (void)state;
    assert_run(HUTCH("return await t('x'.repeat(5000000))", "run", "-t", "t=echo 1", "-"), 0, "1\n",
               "");
    assert_run(HUTCH("return await t('x'.repeat(5000000))", "run", "-t",
                     "t=exec <&-; sleep 0.05; echo 1", "-"),
               0, "1\n", "");
}

static void large_inputs_and_results_pass_whole(void **state) {
    (void)state;
    assert_run(HUTCH("const text = 'é\\n'.repeat(2000000); const back = await t({ text })\n"
                     "return back.text === text",
                     "run", "-t", "t=cat", "-"),
               0, "true\n", "");
}

static void a_command_that_writes_too_much_is_killed(void **state) {
    (void)state;
    assert_error("t=yes", "[\"Error\",\"tool t: its command wrote more than 64 MB and was "
                          "killed\",\"TOOL_OUTPUT_LIMIT\"]\n");
}

static pid_t read_pid(const char *name) {
    char path[256];
    char text[32];
    snprintf(path, sizeof path, "%s/%s", spawn_folder(), name);
    spawn_wait_for(path, text, sizeof(text));
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    assert_true(pid > 1);
    return pid;
}

/* Commands that write the ids of themselves and of a process they start, then never end. */
static const char *endless_tool(const char *name) {
    static char tool[512];
    snprintf(tool, sizeof tool, "t=sleep 1000 & echo $! > %s/%s.child; echo $$ > %s/%s.shell; wait",
             spawn_folder(), name, spawn_folder(), name);
    return tool;
}

static void assert_none_left(const char *name) {
    char file[64];
    snprintf(file, sizeof file, "%s.shell", name);
    spawn_wait_for_end(read_pid(file));
    snprintf(file, sizeof file, "%s.child", name);
    spawn_wait_for_end(read_pid(file));
}

static void the_deadline_kills_commands_and_what_they_started(void **state) {
    (void)state;
    spawned run =
        HUTCH("await t()", "run", "--timeout", ample(2000), "-t", endless_tool("deadline"), "-");
    assert_contains(run.errors, "TimeoutError: ");
    assert_int_equal(run.status, 3);
    spawned_free(&run);
    assert_none_left("deadline");
}

static void commands_nobody_waits_for_are_killed_when_the_program_ends(void **state) {
    (void)state;
    char tool[1024];
    char wait[512];
    snprintf(tool, sizeof tool, "%s", endless_tool("forgotten"));
    snprintf(wait, sizeof wait, "until=until [ -s %s/forgotten.shell ]; do sleep 0.01; done",
             spawn_folder());
    assert_run(HUTCH("t(); await until(); return 1", "run", "--detached=deliver", "-t", tool, "-t",
                     wait, "-"),
               0, "1\n", "");
    assert_none_left("forgotten");
}

static void calls_that_nobody_awaits_are_waited_for_or_named(void **state) {
    (void)state;
    assert_run(
        HUTCH("t(1).then(() => console.log('told')); return 1", "run", "-q", "-t", "t=cat", "-"), 0,
        "1\n", "");
    assert_run(HUTCH("t(1); return 1", "run", "--detached=fail", "-t", "t=sleep 100", "-"), 1, "",
               "DetachedCallError: The program returned while 1 tool call (t) had no answer: await "
               "each call, or give `detached` another value\n");
    assert_run(HUTCH("t(1); return 1", "run", "--detached-timeout=1ms", "-t", "t=sleep 100", "-"),
               0, "1\n",
               "WARN: 1 tool call (t) that nobody awaits: the result was taken when the program "
               "returned, and what they do later does not change it\n"
               "WARN: The program returned, and 1 tool call (t) that nobody awaits had no answer "
               "when detachedTimeout was over\n");
}

static void what_a_command_leaves_running_is_killed_when_it_ends(void **state) {
    (void)state;
    char tool[512];
    snprintf(tool, sizeof tool, "t=sleep 1000 & echo $! > %s/left; echo 1", spawn_folder());
    assert_run(HUTCH("return await t()", "run", "-t", tool, "-"), 0, "1\n", "");
    spawn_wait_for_end(read_pid("left"));
}

static void a_signal_kills_commands(void **state) {
    (void)state;
    char tool[1024];
    snprintf(tool, sizeof tool, "%s", endless_tool("signal"));
    const char *file = spawn_file("calls.js", "return await t()");
    const char *const arguments[] = {"run", "-t", tool, file, NULL};
    spawning run = spawn_start(arguments);
    read_pid("signal.shell");
    kill(run.pid, SIGTERM);
    assert_run(spawn_finish(&run, NULL, 0), 143, "", "hutch: interrupted\n");
    assert_none_left("signal");
}

static void commands_do_not_survive_the_command_being_killed(void **state) {
    (void)state;
    char tool[512];
    snprintf(tool, sizeof tool, "%s", endless_tool("orphan"));
    const char *file = spawn_file("orphan.js", "await t()");
    const char *const arguments[] = {"run", "-t", tool, file, NULL};
    spawning run = spawn_start(arguments);
    read_pid("orphan.shell");
    kill(run.pid, SIGKILL);
    spawned ended = spawn_finish(&run, NULL, 0);
    assert_int_equal(ended.status, -1);
    spawned_free(&ended);
    assert_none_left("orphan");
}

static void nothing_of_a_run_with_commands_is_left(void **state) {
    (void)state;
    char text[32];
    char tool[512];
    snprintf(tool, sizeof tool,
             "t=cat /proc/$PPID/task/*/children | tr ' ' '\\n' | sort -n > %s/children; echo 1",
             spawn_folder());
    assert_run(HUTCH("return await t()", "run", "-t", tool, "-"), 0, "1\n", "");
    char path[256];
    snprintf(path, sizeof path, "%s/children", spawn_folder());
    FILE *children = fopen(path, "re");
    assert_non_null(children);
    int count = 0;
    while (fgets(text, sizeof text, children) != NULL) {
        if (atoi(text) > 0) {
            count++;
            spawn_wait_for_end((pid_t)atoi(text));
        }
    }
    assert_int_equal(fclose(children), 0);
    /* The zygote, the keeper, and the command itself. */
    assert_int_equal(count, 3);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_and_result_are_json),
        cmocka_unit_test(the_input_is_one_line),
        cmocka_unit_test(nothing_written_is_undefined),
        cmocka_unit_test(standard_error_of_a_tool_that_works_is_dropped),
        cmocka_unit_test(a_status_other_than_0_is_an_error_with_standard_error),
        cmocka_unit_test(only_the_end_of_a_long_standard_error_is_kept),
        cmocka_unit_test(what_is_no_json_is_an_error_that_shows_it),
        cmocka_unit_test(an_uncaught_tool_error_ends_with_1),
        cmocka_unit_test(commands_run_at_the_same_time),
        cmocka_unit_test(jobs_bounds_how_many_run_at_the_same_time),
        cmocka_unit_test(output_beyond_its_limit_waits_in_the_pipes),
        cmocka_unit_test(inputs_of_calls_that_wait_have_a_sum),
        cmocka_unit_test(hundreds_of_calls_at_once_all_end),
        cmocka_unit_test(the_budget_of_tool_calls_is_an_error_inside),
        cmocka_unit_test(a_command_need_not_read_its_input),
        cmocka_unit_test(large_inputs_and_results_pass_whole),
        cmocka_unit_test(a_command_that_writes_too_much_is_killed),
        cmocka_unit_test(the_deadline_kills_commands_and_what_they_started),
        cmocka_unit_test(commands_nobody_waits_for_are_killed_when_the_program_ends),
        cmocka_unit_test(calls_that_nobody_awaits_are_waited_for_or_named),
        cmocka_unit_test(what_a_command_leaves_running_is_killed_when_it_ends),
        cmocka_unit_test(a_signal_kills_commands),
        cmocka_unit_test(commands_do_not_survive_the_command_being_killed),
        cmocka_unit_test(nothing_of_a_run_with_commands_is_left),
    };
    if (argc != 2) {
        fprintf(stderr, "usage: %s PATH_OF_HUTCH\n", argv[0]);
        return 2;
    }
    spawn_use(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
