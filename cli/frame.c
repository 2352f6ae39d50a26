/* The place of an error; see frame.h. */
#include "frame.h"

#include "text.h"

#include <hutch/excerpt.h>

#include <string.h>

/* What the library calls the program in stacks. */
#define LIBRARY_NAME "program.ts"

void cli_frame_append(cli_bytes *out, const cli_program *program, uint32_t line, uint32_t column) {
    char excerpt[HUTCH_EXCERPT_SIZE];
    cli_bytes_append_text(out, "  at ");
    cli_text_append_line(out, program->name, strlen(program->name));
    cli_bytes_format(out, ":%u", line);
    if (column > 0) {
        cli_bytes_format(out, ":%u", column);
    }
    cli_bytes_append_text(out, "\n");
    hutch_excerpt_write(program->code.data, program->code.length, line, column, excerpt,
                        sizeof excerpt);
    for (const char *at = excerpt; *at != '\0';) {
        size_t length = strcspn(at, "\n") + 1;
        cli_bytes_append_text(out, "  ");
        cli_bytes_append(out, at, length);
        at += length;
    }
}

static void append_stack_line(cli_bytes *out, const cli_program *program, const char *line,
                              size_t length) {
    static const char own[] = LIBRARY_NAME ":";
    const char *name = memmem(line, length, own, sizeof own - 1);
    if (name == NULL) {
        cli_text_append_line(out, line, length);
    } else {
        const char *rest = name + sizeof LIBRARY_NAME - 1;
        cli_text_append_line(out, line, (size_t)(name - line));
        cli_text_append_line(out, program->name, strlen(program->name));
        cli_text_append_line(out, rest, (size_t)(line + length - rest));
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
        size_t line = feed != NULL ? (size_t)(feed - stack) : length;
        append_stack_line(out, program, stack, line);
        stack += line + (feed != NULL ? 1 : 0);
        length -= line + (feed != NULL ? 1 : 0);
    }
}
