/* Completions and the man page: every option of every command is in all of them, and shells take them. */
#include "cli/spawn.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka.h"

static const char *const commands[] = {"run", "strip", "check", "doctor", "completion"};
#define COMMANDS (sizeof commands / sizeof commands[0])

static char *output_of(spawned run) {
    assert_string_equal(run.errors, "");
    assert_int_equal(run.status, 0);
    char *output = strdup(run.output);
    assert_non_null(output);
    spawned_free(&run);
    return output;
}

/* Each "--name" that begins an option of a command's help. @return how many there are */
static int each_option(const char *command, const char *form, const char *text) {
    char *help = output_of(HUTCH(NULL, "help", command));
    int count = 0;
    for (char *line = strtok(help, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        bool is_option = strncmp(line, "      --", 8) == 0 ||
                         (strncmp(line, "  -", 3) == 0 && strncmp(line + 4, ", --", 4) == 0);
        if (is_option) {
            char wanted[128];
            snprintf(wanted, sizeof wanted, form, (int)strcspn(line + 8, " "), line + 8);
            if (strstr(text, wanted) == NULL) {
                fail_msg("no %s for %s", wanted, command);
            }
            count++;
        }
    }
    free(help);
    return count;
}

static void every_option_is_everywhere(void **state) {
    static const struct {
        const char *name;
        const char *form; /* of an option there */
    } shells[] = {{"bash", "--%.*s"}, {"zsh", "--%.*s"}, {"fish", "-l %.*s"}};
    (void)state;
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        char *text = output_of(HUTCH(NULL, "completion", shells[i].name));
        for (size_t j = 0; j + 1 < COMMANDS; j++) {
            assert_in_range(each_option(commands[j], shells[i].form, text), 2, 100);
        }
        free(text);
    }
}

static void the_man_page_has_every_option_as_a_paragraph(void **state) {
    (void)state;
    char *text = output_of(HUTCH(NULL, "help", "--man"));
    assert_int_equal(strncmp(text, ".TH HUTCH 1 ", 12), 0);
    char *plain = strdup(text);
    assert_non_null(plain);
    char *to = plain;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '\\') {
            *to++ = *from;
        }
    }
    *to = '\0';
    for (size_t i = 0; i < COMMANDS; i++) {
        assert_in_range(each_option(commands[i], "fB--%.*sfR", plain), 1, 100);
    }
    assert_non_null(
        strstr(text, "\\fB\\-j\\fR, \\fB\\-\\-jobs\\fR \\fICOUNT\\fR\nmost tool commands"));
    free(plain);
    free(text);
}

/* What bash completes at the end of a command line. */
static void assert_completes(const char *words, const char *expected) {
    char command[1024];
    char text[4096];
    snprintf(command, sizeof command,
             "bash -c 'source <(%s completion bash); COMP_WORDS=(%s); "
             "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _hutch; echo ${COMPREPLY[*]}'",
             spawn_path(), words);
    FILE *shell = popen(command, "r");
    assert_non_null(shell);
    size_t length = fread(text, 1, sizeof text - 1, shell);
    text[length] = '\0';
    assert_int_equal(pclose(shell), 0);
    assert_string_equal(text, expected);
}

static void bash_completes_commands_options_and_values(void **state) {
    (void)state;
    assert_completes("hutch st", "strip\n");
    assert_completes("hutch run --time", "--timeout\n");
    assert_completes("hutch strip --mo", "--module\n");
    assert_completes("hutch run --detached \"\"", "wait deliver fail\n");
    assert_completes("hutch run --jobs \"\"", "\n");
    assert_completes("hutch completion z", "zsh\n");
    assert_completes("hutch help do", "doctor\n");
    char words[256];
    char expected[256];
    const char *file = spawn_file("whole.ts", "return 1");
    snprintf(words, sizeof words, "hutch run --json %.*s", (int)strlen(file) - 3, file);
    snprintf(expected, sizeof expected, "%s\n", file);
    assert_completes(words, expected);
}

/* Where the shell is installed. */
static void other_shells_can_read_theirs(void **state) {
    static const char *const forms[] = {
        "command -v zsh >/dev/null || exit 0; %1$s completion zsh >%2$s; zsh -n %2$s",
        "command -v fish >/dev/null || exit 0; %1$s completion fish >%2$s; fish -n %2$s",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char command[1024];
        snprintf(command, sizeof command, forms[i], spawn_path(), spawn_file("script", ""));
        assert_int_equal(system(command), 0);
    }
}

static void a_shell_that_it_does_not_know_ends_with_2(void **state) {
    (void)state;
    spawned run = HUTCH(NULL, "completion", "tcsh");
    assert_int_equal(run.status, 2);
    assert_string_equal(run.errors, "hutch: unknown shell 'tcsh'; expected bash, zsh or fish\n"
                                    "Try 'hutch completion --help'.\n");
    spawned_free(&run);
    run = HUTCH(NULL, "completion");
    assert_int_equal(run.status, 2);
    spawned_free(&run);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_everywhere),
        cmocka_unit_test(the_man_page_has_every_option_as_a_paragraph),
        cmocka_unit_test(bash_completes_commands_options_and_values),
        cmocka_unit_test(other_shells_can_read_theirs),
        cmocka_unit_test(a_shell_that_it_does_not_know_ends_with_2),
    };
    spawn_use(argc > 1 ? argv[1] : "");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
