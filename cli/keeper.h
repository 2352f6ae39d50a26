/**
 * @file keeper.h
 * A process that ends the commands of tools, and all that they have started, when this one is
 * killed and cannot do it. It knows the process groups that there are, by a pipe whose end tells it
 * that nobody is left.
 *
 * There is one in the process. Threads: one; cli_keeper_add() is also for a child before its exec.
 */
#ifndef HUTCH_CLI_KEEPER_H
#define HUTCH_CLI_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

/** Start it, if it does not run yet. @return false when the system refused; errno is set */
bool cli_keeper_start(void);

/** A process group begins: the child says so itself, so that nothing of it runs before. */
void cli_keeper_add(pid_t group);

/** A process group has been killed. To be said before its number is given to others. */
void cli_keeper_remove(pid_t group);

/** No more is going to be started; what is left is killed. */
void cli_keeper_end(void);

#endif
