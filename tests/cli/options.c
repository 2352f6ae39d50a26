/* The options table: what the parser takes, what the help says, what mistakes are answered with. */
#include "options.h"

#include "help.h"

#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 12

static bool parse(const char *const *words, cli_arguments *arguments, cli_bytes *error) {
    char *texts[WORDS_MAX];
    int count = 0;
    for (; words[count] != NULL; count++) {
        assert_true(count < WORDS_MAX);
        texts[count] = (char *)words[count];
    }
    return cli_arguments_parse(count, texts, arguments, error);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static cli_arguments parse_well(const char *const *words) {
    cli_arguments arguments;
    cli_bytes error = {.data = NULL};
    if (!parse(words, &arguments, &error)) {
        fail_msg("%.*s", (int)error.length, error.data);
    }
    assert_int_equal(error.length, 0);
    return arguments;
}

static void assert_refused(const char *const *words, const char *expected) {
    cli_arguments arguments;
    cli_bytes error = {.data = NULL};
    assert_false(parse(words, &arguments, &error));
    cli_bytes_append(&error, "", 1);
    assert_string_equal(error.data, expected);
    cli_bytes_free(&error);
    cli_arguments_free(&arguments);
}

static void without_options_all_limits_have_their_defaults(void **state) {
    hutch_limits standard;
    (void)state;
    hutch_limits_init(&standard);
    cli_arguments arguments = parse_well(WORDS("a.js"));
    assert_memory_equal(&arguments.isolate.limits, &standard, sizeof standard);
    assert_string_equal(arguments.file, "a.js");
    assert_int_equal(arguments.jobs, CLI_JOBS_DEFAULT);
    assert_int_equal(arguments.outputs, CLI_OUTPUTS_DEFAULT);
    assert_false(arguments.json || arguments.quiet || arguments.help);
    cli_arguments_free(&arguments);
}

static void options_stand_before_or_behind_the_file_with_or_without_equals(void **state) {
    (void)state;
    cli_arguments arguments =
        parse_well(WORDS("--timeout=2s", "--memory", "64", "a.js", "--json", "-q", "-j3"));
    assert_int_equal(arguments.isolate.limits.timeout_ms, 2000);
    assert_int_equal(arguments.isolate.limits.memory_bytes, 64 * HUTCH_MIB);
    assert_int_equal(arguments.jobs, 3);
    assert_true(arguments.json && arguments.quiet);
    cli_arguments_free(&arguments);
    arguments = parse_well(
        WORDS("--cpu-time", "1s", "--stack", "256KB", "--max-tool-calls", "0", "--", "--help"));
    assert_int_equal(arguments.isolate.limits.cpu_time_ms, 1000);
    assert_int_equal(arguments.isolate.limits.stack_bytes, 256 * HUTCH_KIB);
    assert_int_equal(arguments.isolate.limits.tool_calls, 0);
    assert_string_equal(arguments.file, "--help");
    assert_false(arguments.help);
    cli_arguments_free(&arguments);
    arguments = parse_well(WORDS("-"));
    assert_int_equal(arguments.isolate.proto_keys, HUTCH_PROTO_KEYS_DROP);
    cli_arguments_free(&arguments);
    arguments = parse_well(WORDS("--proto-keys=keep", "-"));
    assert_int_equal(arguments.isolate.proto_keys, HUTCH_PROTO_KEYS_KEEP);
    cli_arguments_free(&arguments);
    arguments = parse_well(WORDS("--proto-keys", "error", "-"));
    assert_int_equal(arguments.isolate.proto_keys, HUTCH_PROTO_KEYS_ERROR);
    cli_arguments_free(&arguments);
}

static void letters_of_flags_stand_together_with_an_option_after_them(void **state) {
    (void)state;
    cli_arguments arguments = parse_well(WORDS("-qj2", "-"));
    assert_true(arguments.quiet);
    assert_int_equal(arguments.jobs, 2);
    cli_arguments_free(&arguments);
    arguments = parse_well(WORDS("-qhj", "5", "-"));
    assert_true(arguments.quiet && arguments.help);
    assert_int_equal(arguments.jobs, 5);
    cli_arguments_free(&arguments);
}

static void of_an_option_given_twice_the_last_one_counts(void **state) {
    (void)state;
    cli_arguments arguments = parse_well(WORDS("--timeout", "1s", "--timeout", "3s", "-"));
    assert_int_equal(arguments.isolate.limits.timeout_ms, 3000);
    assert_string_equal(arguments.file, "-");
    cli_arguments_free(&arguments);
}

static void tools_are_kept_in_order(void **state) {
    (void)state;
    cli_arguments arguments = parse_well(WORDS("--tool", "a=cat x=1", "-t", "b=true", "-"));
    assert_int_equal(arguments.tool_count, 2);
    assert_int_equal(arguments.tools[0].name.length, 1);
    assert_string_equal(arguments.tools[0].command, "cat x=1");
    assert_memory_equal(arguments.tools[1].name.data, "b", 1);
    assert_string_equal(arguments.tools[1].command, "true");
    cli_arguments_free(&arguments);
}

static void help_needs_no_file(void **state) {
    (void)state;
    cli_arguments arguments = parse_well(WORDS("--help"));
    assert_true(arguments.help);
    cli_arguments_free(&arguments);
}

static void mistakes_are_named_with_what_was_expected(void **state) {
    (void)state;
    assert_refused((const char *const[]){NULL},
                   "no program; expected a FILE, or - for standard input");
    assert_refused(WORDS("a.js", "b.js"), "unexpected argument 'b.js'; expected one FILE");
    assert_refused(WORDS("--tmeout", "1", "-"), "unknown option --tmeout; did you mean --timeout?");
    assert_refused(WORDS("--mem=1", "-"), "unknown option --mem; did you mean --memory?");
    assert_refused(WORDS("--frobnicate", "-"), "unknown option --frobnicate");
    assert_refused(WORDS("-x", "-"), "unknown option -x");
    assert_refused(WORDS("--timeout"), "--timeout needs a value; expected DURATION");
    assert_refused(WORDS("--json=1", "-"), "--json takes no value");
    assert_refused(WORDS("-qx", "-"), "unknown option -x");
    assert_refused(WORDS("-qj"), "--jobs needs a value; expected COUNT");
    assert_refused(WORDS("-q=1", "-"), "unknown option -=");
    assert_refused(WORDS("--timeout", "soon", "-"),
                   "--timeout: 'soon' is not a duration: expected 500ms, 2s or 1m");
    assert_refused(WORDS("--memory", "1TB", "-"),
                   "--memory: '1TB' is not a size: expected 64MB or 1GB");
    assert_refused(WORDS("--max-tool-calls", "many", "-"),
                   "--max-tool-calls: 'many' is not a count: expected a whole number");
    assert_refused(WORDS("--memory", "99999999999999999999", "-"),
                   "--memory: '99999999999999999999' is out of range; expected 1B to 4GB");
    assert_refused(WORDS("--proto-keys", "throw", "-"),
                   "--proto-keys: 'throw' is not a choice; expected drop, keep or error");
    assert_refused(WORDS("--tool", "f", "-"), "--tool: 'f' is not NAME=COMMAND");
    assert_refused(WORDS("--tool", "=cat", "-"), "--tool: '=cat' is not NAME=COMMAND");
    assert_refused(WORDS("--tool", "f=", "-"), "--tool: 'f=' is not NAME=COMMAND");
    assert_refused(WORDS("-t", "f=a", "-t", "f=b", "-"),
                   "--tool: 'f' is given twice; each tool needs its own name");
}

/* The least and the most value of each option are taken, what is just beyond is not. */
static void ranges_hold_at_their_edges(void **state) {
    size_t count;
    const cli_option *options = cli_options(&count);
    unsigned checked = 0;
    (void)state;
    for (size_t i = 0; i < count; i++) {
        if (options[i].value == NULL || options[i].kind == CLI_OPTION_TOOL ||
            options[i].kind == CLI_OPTION_CHOICE) {
            continue;
        }
        const char *unit = options[i].kind == CLI_OPTION_SIZE ? "B" : "";
        cli_range range = cli_option_range(&options[i]);
        const struct {
            uint64_t value;
            bool valid;
        } edges[] = {{range.minimum, true},
                     {range.maximum, true},
                     {range.minimum - 1, range.minimum == 0},
                     {range.maximum + 1, range.maximum == UINT64_MAX && range.minimum == 0}};
        for (size_t j = 0; j < sizeof edges / sizeof edges[0]; j++) {
            char word[64];
            cli_arguments arguments;
            cli_bytes error = {.data = NULL};
            if (edges[j].value == UINT64_MAX && range.minimum == 0) {
                continue; /* 0 - 1 is no number to write */
            }
            snprintf(word, sizeof word, "--%s=%llu%s", options[i].name,
                     (unsigned long long)edges[j].value, unit);
            if (parse(WORDS(word, "-"), &arguments, &error) != edges[j].valid) {
                fail_msg("%s: %.*s", word, (int)error.length, error.data);
            }
            assert_int_equal(error.length > 0, !edges[j].valid);
            cli_bytes_free(&error);
            cli_arguments_free(&arguments);
            checked++;
        }
    }
    assert_true(checked > 15);
}

static void the_help_names_every_option_with_its_default(void **state) {
    size_t count;
    const cli_option *options = cli_options(&count);
    cli_bytes help = {.data = NULL};
    (void)state;
    cli_help_run(&help);
    cli_bytes_append(&help, "", 1);
    assert_true(count >= 10);
    for (size_t i = 0; i < count; i++) {
        char text[64];
        snprintf(text, sizeof(text), " --%s", options[i].name);
        assert_non_null(strstr(help.data, text));
    }
    assert_non_null(strstr(help.data, "(default: 30s)"));
    assert_non_null(strstr(help.data, "(default: 128MB)"));
    for (const char *line = help.data; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        assert_in_range(length, 0, 82);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    cli_bytes_free(&help);
}

static void the_nearest_word_is_near(void **state) {
    static const char *const known[] = {"run", "help", "timeout"};
    (void)state;
    assert_string_equal(cli_nearest("rn", known, 3), "run");
    assert_string_equal(cli_nearest("hlep", known, 3), "help");
    assert_string_equal(cli_nearest("time", known, 3), "timeout");
    assert_null(cli_nearest("xyzzy", known, 3));
    assert_null(cli_nearest("", known, 3));
    assert_null(cli_nearest("an-option-name-that-is-longer-than-any-option-could-be", known, 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_all_limits_have_their_defaults),
        cmocka_unit_test(options_stand_before_or_behind_the_file_with_or_without_equals),
        cmocka_unit_test(letters_of_flags_stand_together_with_an_option_after_them),
        cmocka_unit_test(of_an_option_given_twice_the_last_one_counts),
        cmocka_unit_test(tools_are_kept_in_order),
        cmocka_unit_test(help_needs_no_file),
        cmocka_unit_test(mistakes_are_named_with_what_was_expected),
        cmocka_unit_test(ranges_hold_at_their_edges),
        cmocka_unit_test(the_help_names_every_option_with_its_default),
        cmocka_unit_test(the_nearest_word_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
