/* The page for man(1); see man.h. A paragraph an option; all other text stands as in the help. */
#include "man.h"

#include "help.h"
#include "help_options.h"

#include <hutch/version.h>

#include <stdbool.h>
#include <string.h>

/* Text in which a dash is one that can be copied, and no line is taken for a request. */
static void put_text(cli_bytes *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bool begins = i == 0 || text[i - 1] == '\n';
        if (begins && (text[i] == '.' || text[i] == '\'')) {
            cli_bytes_append_text(out, "\\&");
        }
        if (text[i] == '\\') {
            cli_bytes_append_text(out, "\\e");
        } else {
            cli_bytes_append_text(out, text[i] == '-' ? "\\" : "");
            cli_bytes_append(out, text + i, 1);
        }
    }
}

static void put_option(cli_bytes *out, const cli_help_option *option) {
    cli_bytes_append_text(out, ".TP\n\\fB");
    if (option->letter != '\0') {
        cli_bytes_format(out, "\\-%c\\fR, \\fB", option->letter);
    }
    cli_bytes_append_text(out, "\\-\\-");
    put_text(out, option->name.data, option->name.length);
    cli_bytes_append_text(out, "\\fR");
    if (option->value.length > 0) {
        cli_bytes_append_text(out, " \\fI");
        put_text(out, option->value.data, option->value.length);
        cli_bytes_append_text(out, "\\fR");
    }
    cli_bytes_append_text(out, "\n");
    put_text(out, option->text.data, option->text.length);
    cli_bytes_append_text(out, "\n");
}

static void put_options(cli_bytes *out, const char **at) {
    cli_help_option option;
    const char *begin = *at;
    while (cli_help_option_next(at, &option)) {
        put_option(out, &option);
        cli_help_option_free(&option);
        begin = *at;
    }
    cli_help_option_free(&option);
    *at = begin;
}

static void put_lines(cli_bytes *out, const char *text, size_t length) {
    cli_bytes_append_text(out, ".PP\n.nf\n");
    put_text(out, text, length);
    cli_bytes_append_text(out, ".fi\n");
}

/* Up to the options, the options, and what comes after them. */
static void put_command(cli_bytes *out, const cli_topic *topic) {
    static const char heading[] = "Options:\n";
    cli_bytes text = {.data = NULL};
    topic->help(&text);
    cli_bytes_append(&text, "", 1);
    const char *options = strstr(text.data, heading);
    const char *at = options != NULL ? options + sizeof heading - 1 : text.data;
    cli_bytes_format(out, ".SS hutch %s\n", topic->name);
    if (options != NULL) {
        put_lines(out, text.data, (size_t)(options - text.data));
        put_options(out, &at);
    }
    put_lines(out, at, strlen(at));
    cli_bytes_free(&text);
}

void cli_man(cli_bytes *out) {
    size_t count;
    const cli_topic *topics = cli_topics(&count);
    cli_bytes text = {.data = NULL};
    cli_help_command(&text);
    cli_bytes_format(out, ".TH HUTCH 1 \"\" \"hutch %s\" \"User Commands\"\n", hutch_version());
    cli_bytes_append_text(out, ".SH NAME\nhutch \\- run TypeScript and JavaScript that nobody has "
                               "read, natively and confined\n"
                               ".SH SYNOPSIS\n.B hutch\n.I COMMAND\n[\\fIARGUMENT\\fR]...\n"
                               ".SH DESCRIPTION\n");
    put_lines(out, text.data, text.length);
    cli_bytes_free(&text);
    cli_bytes_append_text(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        if (topics[i].help != cli_help_command) {
            put_command(out, &topics[i]);
        }
    }
}
