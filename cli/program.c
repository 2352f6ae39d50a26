/* Reading the program; see program.h. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE ((size_t)65536)

static bool read_all(int descriptor, cli_bytes *code) {
    while (code->length <= CLI_PROGRAM_MOST) {
        char *room = cli_bytes_reserve(code, READ_SIZE);
        ssize_t got = read(descriptor, room, READ_SIZE);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            return true;
        }
        code->length += (size_t)got;
    }
    code->length = CLI_PROGRAM_MOST + 1;
    return true;
}

/* The line for the system's loader, also after the mark that some editors put before everything. */
static void hide_script(cli_program *program) {
    static const char mark[] = "\xef\xbb\xbf";
    const cli_bytes *code = &program->code;
    bool is_marked =
        code->length >= sizeof mark - 1 && memcmp(code->data, mark, sizeof mark - 1) == 0;
    size_t at = is_marked ? sizeof mark - 1 : 0;
    if (code->length >= at + 2 && memcmp(code->data + at, "#!", 2) == 0) {
        memcpy(code->data + at, "//", 2);
        program->is_script = true;
        program->script_at = at;
    }
}

bool cli_program_read(const char *file, cli_program *program, cli_bytes *error) {
    bool is_input = strcmp(file, "-") == 0;
    int descriptor = is_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    *program = (cli_program){.name = is_input ? "stdin" : file};
    bool read = descriptor >= 0 && read_all(descriptor, &program->code);
    if (!read) {
        cli_bytes_format(error, "cannot read %s: %s", program->name, strerror(errno));
    }
    if (!is_input && descriptor >= 0) {
        close(descriptor);
    }
    if (read) {
        hide_script(program);
    }
    return read;
}

void cli_program_free(cli_program *program) {
    cli_bytes_free(&program->code);
}
