/*
 * The command `hutch`: which subcommand it is.
 *
 * Threads: this one; the pool of `hutch run` has a thread of its own.
 */
#include "check.h"
#include "doctor.h"
#include "exit_code.h"
#include "help.h"
#include "options.h"
#include "report.h"
#include "run.h"
#include "strip.h"

#include <hutch/version.h>

#include <stdio.h>
#include <string.h>

static int explain(int count, char **texts);

/* The commands, and what `hutch help` says of each. */
static const struct command {
    const char *name;
    int (*run)(int count, char **texts);
    void (*help)(cli_bytes *out);
} commands[] = {
    {"run", cli_run, cli_help_run},       {"strip", cli_strip, cli_help_strip},
    {"check", cli_check, cli_help_check}, {"doctor", cli_doctor, cli_help_doctor},
    {"help", explain, cli_help_command},
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

static int print_help(void (*help)(cli_bytes *), FILE *file, int code) {
    cli_bytes text = {.data = NULL};
    help(&text);
    fwrite(text.data, 1, text.length, file);
    cli_bytes_free(&text);
    return code;
}

static int refer_to_help(void) {
    fputs("Try 'hutch --help'.\n", stderr);
    return CLI_EXIT_USAGE;
}

static int complain_unknown(const char *word) {
    const char *words[COMMANDS + 2] = {"--help", "--version"};
    for (size_t i = 0; i < COMMANDS; i++) {
        words[i + 2] = commands[i].name;
    }
    const char *nearest = cli_nearest(word, words, sizeof words / sizeof words[0]);
    cli_complain_about("unknown command '%s'%s%s%s\n", word,
                       nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                       nearest != NULL ? "?" : "");
    return refer_to_help();
}

/* `hutch help [COMMAND]` */
static int explain(int count, char **texts) {
    const struct command *command = command_of(count > 0 ? texts[0] : "help");
    if (count > 1) {
        cli_complain_about("unexpected argument '%s'; expected one COMMAND\n", texts[1]);
        return refer_to_help();
    }
    return command != NULL ? print_help(command->help, stdout, CLI_EXIT_DONE)
                           : complain_unknown(texts[0]);
}

int main(int count, char **texts) {
    if (count < 2) {
        return print_help(cli_help_command, stderr, CLI_EXIT_USAGE);
    }
    const char *word = texts[1];
    const struct command *command = command_of(word);
    if (command != NULL) {
        return command->run(count - 2, texts + 2);
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        return print_help(cli_help_command, stdout, CLI_EXIT_DONE);
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        printf("hutch %s\n", hutch_version());
        return CLI_EXIT_DONE;
    }
    return complain_unknown(word);
}
