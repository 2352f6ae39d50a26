/*
 * The worker program. The build puts it into this object as data, so that one
 * file ships; HUTCH_WORKER_PROGRAM names it.
 */
#include "pool/program.h"

#include "base/error.h"
#include "plat/descriptor.h"
#include "plat/error_text.h"
#include "plat/process.h"

#include <errno.h>
#include <stddef.h>

extern const unsigned char hutch_worker_program[];
extern const unsigned char hutch_worker_program_end[];

__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        ".globl hutch_worker_program\n"
        ".hidden hutch_worker_program\n"
        "hutch_worker_program:\n"
        ".incbin \"" HUTCH_WORKER_PROGRAM "\"\n"
        ".globl hutch_worker_program_end\n"
        ".hidden hutch_worker_program_end\n"
        "hutch_worker_program_end:\n"
        ".byte 0\n"
        ".popsection\n");

hutch_status hutch_program_init(hutch_program *program, const char *path, hutch_error *error) {
    program->file = -1;
    if (path == NULL) {
        return HUTCH_OK;
    }
    int failure = hutch_process_program_file(path, &program->file);
    if (failure != 0) {
        return hutch_error_set_system(error, failure,
                                      "cannot open the worker program %s (worker_path)", path);
    }
    return HUTCH_OK;
}

void hutch_program_free(hutch_program *program) {
    hutch_descriptor_close(&program->file);
}

hutch_status hutch_program_open(const hutch_program *program, int *descriptor, hutch_error *error) {
    if (program->file >= 0) {
        int failed = hutch_descriptor_copy(program->file, descriptor);
        return failed == 0
                   ? HUTCH_OK
                   : hutch_error_set_system(error, failed, "cannot hold the worker program open");
    }
    size_t length = (size_t)(hutch_worker_program_end - hutch_worker_program);
    int failure = hutch_process_program("hutch-worker", hutch_worker_program, length, descriptor);
    if (failure == EACCES || failure == EPERM) {
        return hutch_error_set(error, HUTCH_UNAVAILABLE, failure,
                               "the system runs no programs from memory (vm.memfd_noexec): give "
                               "the pool the worker program as a file (worker_path)");
    }
    if (failure != 0) {
        return hutch_error_set_system(error, failure, "cannot put the worker program into memory");
    }
    return HUTCH_OK;
}
