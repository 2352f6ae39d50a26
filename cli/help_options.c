/* Reading help texts; see help_options.h. */
#include "help_options.h"

#include <ctype.h>
#include <string.h>

/* What goes on over several lines stands far to the right. */
#define CONTINUED "          "

static void put(cli_bytes *into, const char *text, size_t length) {
    cli_bytes_append(into, text, length);
    cli_bytes_append(into, "", 1);
    into->length--;
}

static const char *next_line(const char *at) {
    const char *end = strchr(at, '\n');
    return end != NULL ? end + 1 : at + strlen(at);
}

/* The rest of the line, and of those that continue it, as one. @return where the next one begins */
static const char *read_text(const char *at, cli_bytes *text) {
    do {
        at += strspn(at, " ");
        size_t length = strcspn(at, "\n");
        put(text, text->length > 0 && length > 0 ? " " : "",
            text->length > 0 && length > 0 ? 1 : 0);
        put(text, at, length);
        at = next_line(at);
    } while (strncmp(at, CONTINUED, sizeof CONTINUED - 1) == 0);
    return at;
}

/* A word in capitals after one space. */
static const char *read_value(const char *at, cli_bytes *value) {
    size_t length = 0;
    if (at[0] == ' ' && isupper((unsigned char)at[1]) != 0) {
        at++;
        length = strcspn(at, " \n");
    }
    put(value, at, length);
    return at + length;
}

/* What begins at a name. @return where the next line begins */
static const char *read_rest(const char *at, cli_help_option *option) {
    size_t length = strcspn(at, " \n");
    put(&option->name, at, length);
    return read_text(read_value(at + length, &option->value), &option->text);
}

bool cli_help_option_next(const char **at, cli_help_option *option) {
    *option = (cli_help_option){.letter = '\0'};
    for (const char *line = *at; *line != '\0'; line = next_line(line)) {
        bool has_letter = strncmp(line, "  -", 3) == 0 && strncmp(line + 4, ", --", 4) == 0;
        if (has_letter || strncmp(line, "      --", 8) == 0) {
            if (has_letter) {
                option->letter = line[3];
            }
            *at = read_rest(line + 8, option);
            return true;
        }
    }
    return false;
}

bool cli_help_command_next(const char **at, cli_help_option *command) {
    *command = (cli_help_option){.letter = '\0'};
    for (const char *line = *at; *line != '\0'; line = next_line(line)) {
        if (strncmp(line, "  ", 2) == 0 && islower((unsigned char)line[2]) != 0 &&
            strstr(line, "Options:") != NULL) {
            *at = read_rest(line + 2, command);
            return true;
        }
    }
    return false;
}

void cli_help_option_free(cli_help_option *option) {
    cli_bytes_free(&option->name);
    cli_bytes_free(&option->value);
    cli_bytes_free(&option->text);
}
