/**
 * @file zygote.h
 * The zygote: builds the image once, then forks workers as the pool asks for
 * them, and reaps them. It never runs guest code.
 *
 * Threads: the process has one.
 */
#ifndef HUTCH_WORKER_ZYGOTE_H
#define HUTCH_WORKER_ZYGOTE_H

#include "wire/worker_exit.h"
#include "worker/launch.h"

/**
 * Serve a pool until it is gone, then kill and reap every worker.
 *
 * @param socket  to the pool
 * @param nest    what workers are launched with
 * @return what to exit with
 */
hutch_worker_exit_status hutch_zygote_serve(int socket, const hutch_nest *nest);

#endif
