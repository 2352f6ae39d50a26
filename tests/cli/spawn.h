/**
 * @file spawn.h
 * Runs the command as a user does, and takes down all that it does.
 */
#ifndef HUTCH_TESTS_CLI_SPAWN_H
#define HUTCH_TESTS_CLI_SPAWN_H

#include <stddef.h>
#include <sys/types.h>

/** A run of the command that has ended. */
typedef struct spawned {
    char *output; /**< NUL-terminated, as `errors` */
    size_t output_length;
    char *errors;
    int status; /**< exit status; -1 where a signal ended it */
} spawned;

/** A run of the command that goes on. */
typedef struct spawning {
    pid_t pid;
    int input;
    int output;
    int errors;
} spawning;

/** Where the command is: the first argument of the test program. */
void spawn_use(const char *path);
const char *spawn_path(void);

/** Start `hutch` with these arguments; the last one is NULL. */
spawning spawn_start(const char *const *arguments);

/** Give it the input, wait for its end; after 60 s it is killed and the test fails. */
spawned spawn_finish(spawning *run, const char *input, size_t length);

/** Both. @param input  NULL: none */
spawned spawn_hutch(const char *input, const char *const *arguments);

/** The command with these arguments; at least one. */
#define HUTCH(input, ...) spawn_hutch((input), (const char *const[]){__VA_ARGS__, NULL})

void spawned_free(spawned *run);

/** A fresh folder, removed at exit; borrowed. */
const char *spawn_folder(void);
/** A file in it; the path is overwritten by the next call. */
const char *spawn_file(const char *name, const char *content);

/** Wait until the file exists and is not empty, then read it; the test fails after 30 s. */
void spawn_wait_for(const char *path, char *content, size_t size);

/** Wait until there is no such process any more; the test fails after 30 s. */
void spawn_wait_for_end(pid_t pid);

#endif
