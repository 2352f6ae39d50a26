/**
 * @file program.h
 * The worker program: the one inside this library, or a file.
 *
 * Threads: any.
 */
#ifndef HUTCH_POOL_PROGRAM_H
#define HUTCH_POOL_PROGRAM_H

#include <hutch/error.h>
#include <hutch/pool.h>

/** Where zygotes are started from. */
typedef struct hutch_program {
    int file; /**< descriptor of the file, owned; -1: the one inside */
} hutch_program;

/** @param path NULL: the one inside @return HUTCH_OK or HUTCH_UNAVAILABLE (no such file) */
hutch_status hutch_program_init(hutch_program *program, const char *path, hutch_error *error);

void hutch_program_free(hutch_program *program);

/** A descriptor to spawn from. @param descriptor [out] owned by the caller
 *  @return HUTCH_OK or HUTCH_UNAVAILABLE */
hutch_status hutch_program_open(const hutch_program *program, int *descriptor, hutch_error *error);

#endif
