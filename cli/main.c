/*
 * The command `hutch`: which subcommand it is.
 *
 * Threads: this one; the pool of `hutch run` has a thread of its own.
 */
#include "check.h"
#include "commands.h"
#include "completion.h"
#include "doctor.h"
#include "exit_code.h"
#include "help.h"
#include "man.h"
#include "options.h"
#include "report.h"
#include "run.h"
#include "strip.h"

#include <hutch/version.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int explain(int count, char **texts);

/* The commands; what `hutch help` says of each is in the table of help.c. */
static const struct command {
    const char *name;
    int (*run)(int count, char **texts);
    void (*help)(cli_bytes *out);
} commands[] = {
#define COMMAND(name, operand, run, help, meaning) {name, run, help},
    CLI_COMMAND_TABLE(COMMAND)
#undef COMMAND
};

#define COMMANDS (sizeof commands / sizeof commands[0])

/* NULL: there is no such command. */
static const struct command *command_of(const char *name) {
    size_t i = 0;
    while (i < COMMANDS && strcmp(commands[i].name, name) != 0) {
        i++;
    }
    return i < COMMANDS ? &commands[i] : NULL;
}

static bool is_help(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int print_help(void (*help)(cli_bytes *), FILE *file, int code) {
    cli_bytes text = {.data = NULL};
    help(&text);
    fwrite(text.data, 1, text.length, file);
    cli_bytes_free(&text);
    return code;
}

static int complain_unknown(const char *word) {
    const char *words[COMMANDS + 2] = {"--help", "--version"};
    for (size_t i = 0; i < COMMANDS; i++) {
        words[i + 2] = commands[i].name;
    }
    const char *nearest = cli_nearest(word, words, sizeof words / sizeof words[0]);
    cli_complain_about("unknown command '%s'%s%s%s", word, nearest != NULL ? "; did you mean " : "",
                       nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    cli_refer_to_help(NULL);
    return CLI_EXIT_USAGE;
}

/* `hutch help [COMMAND]`, `hutch help --man`, and with --help itself, as every command takes it. */
static int explain(int count, char **texts) {
    bool itself = count == 0 || is_help(texts[0]);
    const struct command *command = command_of(itself ? "help" : texts[0]);
    if (count > 1) {
        cli_complain_about("unexpected argument '%s'; expected one COMMAND", texts[1]);
        cli_refer_to_help(NULL);
        return CLI_EXIT_USAGE;
    }
    if (count == 1 && strcmp(texts[0], "--man") == 0) {
        return print_help(cli_man, stdout, CLI_EXIT_DONE);
    }
    return command != NULL ? print_help(command->help, stdout, CLI_EXIT_DONE)
                           : complain_unknown(texts[0]);
}

/* Where one of the three was closed, the next descriptor that is opened would be it, and what the guest
 * writes to its console would go there. Reading finds the end, and writing fails, as if it were closed. */
static bool open_standard(void) {
    static const int modes[] = {[STDIN_FILENO] = O_RDWR, O_RDONLY, O_RDONLY};
    bool open_all = true;
    for (int number = 0; number <= STDERR_FILENO; number++) {
        if (fcntl(number, F_GETFD) < 0) {
            open_all = open("/dev/null", modes[number]) == number && open_all;
        }
    }
    return open_all;
}

int main(int count, char **texts) {
    if (!open_standard()) {
        return CLI_EXIT_HOST;
    }
    if (count < 2) {
        return print_help(cli_help_command, stderr, CLI_EXIT_USAGE);
    }
    const char *word = texts[1];
    const struct command *command = command_of(word);
    if (command != NULL) {
        return command->run(count - 2, texts + 2);
    }
    if (is_help(word)) {
        return print_help(cli_help_command, stdout, CLI_EXIT_DONE);
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        printf("hutch %s\n", hutch_version());
        return CLI_EXIT_DONE;
    }
    return complain_unknown(word);
}
