/* Reading the program; see program.h. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE ((size_t)65536)

static bool read_all(int descriptor, size_t most, cli_bytes *code) {
    while (code->length <= most) {
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
    code->length = most + 1;
    return true;
}

bool cli_program_read(const char *file, size_t most, cli_program *program, cli_bytes *error) {
    bool is_input = strcmp(file, "-") == 0;
    int descriptor = is_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    *program = (cli_program){.name = is_input ? "stdin" : file};
    bool read = descriptor >= 0 && read_all(descriptor, most, &program->code);
    if (!read) {
        cli_bytes_format(error, "cannot read %s: %s", program->name, strerror(errno));
    }
    if (!is_input && descriptor >= 0) {
        close(descriptor);
    }
    if (read && program->code.length >= 2 && memcmp(program->code.data, "#!", 2) == 0) {
        memcpy(program->code.data, "//", 2);
        program->is_script = true;
    }
    return read;
}

void cli_program_free(cli_program *program) {
    cli_bytes_free(&program->code);
}
