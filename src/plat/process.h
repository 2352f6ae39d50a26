/**
 * @file process.h
 * Processes by descriptor: a pidfd names one process for good, where a number
 * may be somebody else's tomorrow. Nothing here touches processes that it did
 * not make, nor depends on what the program does about SIGCHLD.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_PROCESS_H
#define HUTCH_PLAT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A child process. */
typedef struct hutch_process {
    int64_t pid;
    int descriptor;     /**< pidfd, owned */
    bool has_own_users; /**< it is in a user namespace of its own, without users */
    bool has_own_pids;  /**< it is the first of a PID namespace, whose processes end with it */
} hutch_process;

/**
 * A program in memory, to be spawned from: an executable memfd, sealed.
 *
 * @param descriptor  [out] owned by the caller, closed on exec
 * @return 0, or errno: EACCES where the system forbids such programs (vm.memfd_noexec)
 */
int hutch_process_program(const char *name, const void *bytes, size_t length, int *descriptor);

/** Open a program's file, to be spawned from. @param descriptor [out] @return 0, or errno */
int hutch_process_program_file(const char *path, int *descriptor);

/**
 * Run a program in a new process and session: empty environment, all signals
 * blocked, those ignored that this process ignores (hutch_confine_reset_signals()
 * is the program's to call), /dev/null for the standard descriptors, `socket` as
 * descriptor 3, and no other descriptor. It gets a user and a PID namespace of
 * its own where the system permits.
 *
 * @param program  from hutch_process_program() or hutch_process_program_file()
 * @param arguments  its own name, then the others, then NULL
 * @param socket   stays the caller's here
 * @param process  [out] ended with hutch_process_kill() and hutch_process_wait()
 * @return 0, or errno of what failed, the exec in the child included
 */
int hutch_process_spawn(int program, const char *const *arguments, int socket,
                        hutch_process *process);

/** Kill what a pidfd names. Nothing happens if it has ended. */
void hutch_process_kill(int descriptor);

/** The number that the process of a pidfd has here, which is not the one that its own PID namespace
 *  knows it by. 0: it has been reaped, or the kernel is older than 6.13 and
 *  /proc is not there to tell. */
int64_t hutch_process_number(int descriptor);

/** What a process does at the moment. */
typedef enum hutch_process_activity {
    HUTCH_PROCESS_UNKNOWN, /**< it is not there, or /proc is not there to tell */
    HUTCH_PROCESS_RUNS,    /**< it has a processor, waits for one, or for a page of its memory */
    HUTCH_PROCESS_SLEEPS,  /**< it waits for somebody, or has been stopped, or has ended */
} hutch_process_activity;

/** What the first thread of a process does. @param pid hutch_process_number() */
hutch_process_activity hutch_process_activity_of(int64_t pid);

/** Bytes of memory that are a process's alone, or shared with those that it was forked from, and are
 *  in the machine's memory now. @return false: there is no such process, or /proc does not tell */
bool hutch_process_anonymous_memory(int64_t pid, uint64_t *bytes);

/**
 * Wait for a child's end, reap it.
 *
 * @param milliseconds  longest time to wait
 * @param status        [out] as waitpid() gives it; -1 when someone else has reaped it
 * @return false when the time was over first
 */
bool hutch_process_wait(const hutch_process *process, int milliseconds, int *status);

/** How a process ended. */
typedef struct hutch_process_outcome {
    bool by_signal;
    int number; /**< of the signal, or the exit status */
} hutch_process_outcome;

/** Read a wait status. @param status not below 0 */
hutch_process_outcome hutch_process_read_status(int status);

/** Whether the limit of processor time that a child of this process inherits has no second to spare
 *  for SIGXCPU: who goes beyond it is killed by SIGKILL. */
bool hutch_process_time_ends_unsaid(void);

#endif
