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

static const char *const words[] = {"run",  "strip",  "check",    "doctor",
                                    "help", "--help", "--version"};

static int print_help(void (*help)(cli_bytes *), FILE *file, int code) {
    cli_bytes text = {.data = NULL};
    help(&text);
    fwrite(text.data, 1, text.length, file);
    cli_bytes_free(&text);
    return code;
}

static int complain_unknown(const char *word) {
    const char *nearest = cli_nearest(word, words, sizeof(words) / sizeof(words[0]));
    cli_complain_about("unknown command '%s'%s%s%s\n", word,
                       nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                       nearest != NULL ? "?" : "");
    fputs("Try 'hutch --help'.\n", stderr);
    return CLI_EXIT_USAGE;
}

static int help_for(int count, char **texts) {
    if (count == 0) {
        return print_help(cli_help_command, stdout, CLI_EXIT_DONE);
    }
    if (count > 1) {
        cli_complain("unexpected argument; expected one command");
        return CLI_EXIT_USAGE;
    }
    if (strcmp(texts[0], "run") == 0) {
        return print_help(cli_help_run, stdout, CLI_EXIT_DONE);
    }
    if (strcmp(texts[0], "strip") == 0) {
        return print_help(cli_help_strip, stdout, CLI_EXIT_DONE);
    }
    if (strcmp(texts[0], "check") == 0) {
        return print_help(cli_help_check, stdout, CLI_EXIT_DONE);
    }
    if (strcmp(texts[0], "doctor") == 0) {
        return print_help(cli_help_doctor, stdout, CLI_EXIT_DONE);
    }
    return complain_unknown(texts[0]);
}

int main(int count, char **texts) {
    if (count < 2) {
        return print_help(cli_help_command, stderr, CLI_EXIT_USAGE);
    }
    const char *word = texts[1];
    if (strcmp(word, "run") == 0) {
        return cli_run(count - 2, texts + 2);
    }
    if (strcmp(word, "strip") == 0) {
        return cli_strip(count - 2, texts + 2);
    }
    if (strcmp(word, "check") == 0) {
        return cli_check(count - 2, texts + 2);
    }
    if (strcmp(word, "doctor") == 0) {
        return cli_doctor(count - 2, texts + 2);
    }
    if (strcmp(word, "help") == 0) {
        return help_for(count - 2, texts + 2);
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
