/* The place of an error; see frame.h. */
#include "frame.h"

#include "text.h"

#include <string.h>

/* What the library calls the program in stacks. */
#define LIBRARY_NAME "program.ts"

/* A line of the program, without its line feed. */
static bool find_line(const cli_program *program, uint32_t number, const char **text,
                      size_t *length) {
    const char *at = program->code.data;
    const char *end = at + program->code.length;
    const char *feed = NULL;
    for (uint32_t line = 1; at < end; line++, at = feed + 1) {
        feed = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = feed != NULL ? feed : end;
        if (line == number) {
            *text = at;
            *length = (size_t)(line_end - at) - (line_end > at && line_end[-1] == '\r' ? 1 : 0);
            return true;
        }
        if (feed == NULL) {
            break;
        }
    }
    return false;
}

/* The part of a long line that holds the mark. @param mark  [in, out] bytes before it */
static void cut_line(const char **text, size_t *length, size_t *mark) {
    if (*length <= CLI_FRAME_COLUMNS) {
        return;
    }
    size_t start = *mark > CLI_FRAME_COLUMNS / 2 ? *mark - CLI_FRAME_COLUMNS / 2 : 0;
    /* Not in the middle of a character. */
    while (start > 0 && ((unsigned char)(*text)[start] & 0xC0) == 0x80) {
        start--;
    }
    size_t end = start + CLI_FRAME_COLUMNS < *length ? start + CLI_FRAME_COLUMNS : *length;
    while (end > start && end < *length && ((unsigned char)(*text)[end] & 0xC0) == 0x80) {
        end--;
    }
    *text += start;
    *length = end - start;
    *mark -= start;
}

/* What stands above the mark is printed anew as blanks of the same width. */
static void append_blanks(cli_bytes *out, const char *text, size_t length) {
    cli_bytes shown = {.data = NULL};
    cli_text_append_safe(&shown, text, length);
    for (size_t i = 0; i < shown.length; i++) {
        if (shown.data[i] == '\t') {
            shown.data[i] = ' ';
        }
    }
    for (size_t columns = cli_text_columns(shown.data, shown.length); columns > 0; columns--) {
        cli_bytes_append_text(out, " ");
    }
    cli_bytes_free(&shown);
}

/* The line with tabs as single blanks, so that the mark stands where it should. */
static void append_line(cli_bytes *out, const char *text, size_t length) {
    const size_t start = out->length;
    cli_text_append_safe(out, text, length);
    for (size_t i = start; i < out->length; i++) {
        if (out->data[i] == '\t') {
            out->data[i] = ' ';
        }
    }
    cli_bytes_append_text(out, "\n");
}

void cli_frame_append(cli_bytes *out, const cli_program *program, uint32_t line, uint32_t column) {
    const char *text;
    size_t length;
    cli_bytes gutter = {.data = NULL};
    cli_bytes_append_text(out, "  at ");
    cli_text_append_safe(out, program->name, strlen(program->name));
    cli_bytes_format(out, ":%u", line);
    if (column > 0) {
        cli_bytes_format(out, ":%u", column);
    }
    cli_bytes_append_text(out, "\n");
    if (!find_line(program, line, &text, &length)) {
        return;
    }
    size_t mark = cli_text_bytes_of_units(text, length, column > 0 ? column - 1 : 0);
    cut_line(&text, &length, &mark);
    cli_bytes_format(&gutter, "%5u", line);
    cli_bytes_append(out, gutter.data, gutter.length);
    cli_bytes_append_text(out, " | ");
    append_line(out, text, length);
    if (column > 0) {
        for (size_t i = 0; i < gutter.length; i++) {
            cli_bytes_append_text(out, " ");
        }
        cli_bytes_append_text(out, " | ");
        append_blanks(out, text, mark);
        cli_bytes_append_text(out, "^\n");
    }
    cli_bytes_free(&gutter);
}

static void append_stack_line(cli_bytes *out, const cli_program *program, const char *line,
                              size_t length) {
    static const char own[] = LIBRARY_NAME ":";
    const char *name = memmem(line, length, own, sizeof(own) - 1);
    if (name == NULL) {
        cli_text_append_safe(out, line, length);
    } else {
        const char *rest = name + sizeof(LIBRARY_NAME) - 1;
        cli_text_append_safe(out, line, (size_t)(name - line));
        cli_text_append_safe(out, program->name, strlen(program->name));
        cli_text_append_safe(out, rest, (size_t)(line + length - rest));
    }
    cli_bytes_append_text(out, "\n");
}

void cli_frame_append_stack(cli_bytes *out, const cli_program *program, const char *stack,
                            size_t length) {
    if (length == 0 || memchr(stack, '\n', length) == NULL) {
        return;
    }
    while (length > 0) {
        const char *feed = memchr(stack, '\n', length);
        const size_t line = feed != NULL ? (size_t)(feed - stack) : length;
        append_stack_line(out, program, stack, line);
        stack += line + (feed != NULL ? 1 : 0);
        length -= line + (feed != NULL ? 1 : 0);
    }
}
