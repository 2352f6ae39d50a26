/*
 * FAILED events of the pool's own, and the words for what happened to a
 * worker.
 */
#include "pool/failure.h"

#include "base/error.h"
#include "plat/error_text.h"
#include "plat/process.h"
#include "wire/worker_exit.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void hutch_failure_set(hutch_context *context, hutch_failure failure, bool usable,
                       const char *format, ...) {
    hutch_own_failure *own = &context->failure;
    va_list arguments;
    *own = (hutch_own_failure){.is_due = true, .failure = failure, .usable = usable};
    va_start(arguments, format);
    (void)vsnprintf(own->message, sizeof own->message, format, arguments);
    va_end(arguments);
}

/* What the worker program says with a status of its own. */
static const char *text_of_exit(int status) {
    switch (status) {
#define EXIT_CASE(constant, value, meaning)                                                        \
    case (value):                                                                                  \
        return meaning;
        HUTCH_WORKER_EXIT_TABLE(EXIT_CASE)
#undef EXIT_CASE
    default:
        return "not a status of the worker program";
    }
}

static const char *hint_of_signal(int number) {
    switch (number) {
    case SIGKILL:
        return hutch_process_time_ends_unsaid()
                   ? ": the host's limit on processor time, ulimit -t, which its processes "
                     "inherit; "
                     "or else the kernel's out-of-memory killer, or a person"
                   : ": the kernel's out-of-memory killer, or a person";
    case SIGXCPU:
        return ": the host's limit on processor time, ulimit -t, which its processes inherit";
    default:
        return "";
    }
}

/* "exited with status 66 (…)", "was killed by SIGKILL (…)". */
static void describe_status(int64_t status, char *text, size_t size) {
    if (status < 0) {
        (void)snprintf(text, size, "ended");
        return;
    }
    hutch_process_outcome outcome = hutch_process_read_status((int)status);
    if (outcome.by_signal) {
        (void)snprintf(text, size, "was killed by %s (signal %d%s)",
                       hutch_signal_text(outcome.number), outcome.number,
                       hint_of_signal(outcome.number));
    } else {
        (void)snprintf(text, size, "exited with status %d (%s)", outcome.number,
                       text_of_exit(outcome.number));
    }
}

static bool is_forbidden_call(int64_t status) {
    if (status < 0) {
        return false;
    }
    hutch_process_outcome outcome = hutch_process_read_status((int)status);
    return outcome.by_signal && outcome.number == SIGSYS;
}

static void set_exited(hutch_context *context, int64_t status) {
    char how[HUTCH_ERROR_MESSAGE_SIZE * 3 / 4];
    if (is_forbidden_call(status)) {
        hutch_failure_set(context, HUTCH_FAILURE_VIOLATION, false,
                          "The worker process made a forbidden system call and was killed");
        return;
    }
    describe_status(status, how, sizeof how);
    hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, false, "The worker process %s", how);
}

static void set_zygote_ended(hutch_context *context, int64_t status, const char *consequence) {
    char how[HUTCH_ERROR_MESSAGE_SIZE * 3 / 4];
    describe_status(status, how, sizeof how);
    hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, false, "The zygote process %s%s", how,
                      consequence);
}

hutch_text hutch_failure_timeout_text(hutch_context *context) {
    char *message = context->failure.message;
    int length = snprintf(message, sizeof context->failure.message,
                          "Execution timed out after %" PRIu64 " ms", context->timeout_ms);
    return (hutch_text){.data = message, .length = (size_t)length};
}

static void set_overdue(hutch_context *context) {
    if (context->is_stopping) {
        hutch_failure_set(context, HUTCH_FAILURE_STOPPED, false, "Execution was stopped");
    } else {
        hutch_failure_set(context, HUTCH_FAILURE_TIMEOUT, false, "%s", "");
        (void)hutch_failure_timeout_text(context);
        context->failure.code = HUTCH_TIMEOUT_CODE;
    }
}

static void set_unborn(hutch_context *context, int64_t status) {
    bool no_memory = status >= 0;
    if (no_memory) {
        hutch_process_outcome outcome = hutch_process_read_status((int)status);
        no_memory = !outcome.by_signal && outcome.number == HUTCH_WORKER_EXIT_NO_MEMORY;
    }
    set_zygote_ended(context, status,
                     no_memory ? " before it was ready: the addresses that the pool's "
                                 "maxMemoryLimit takes may be more than this process may have "
                                 "(ulimit -v and -d)"
                               : " before it was ready");
}

/* Of a MiB that is not whole, what is left. */
static void set_memory(hutch_context *context) {
    hutch_failure_set(context, HUTCH_FAILURE_MEMORY, false,
                      "Execution went over its memory limit of %.4g MiB by more than %" PRIu64
                      " MiB, and the pool's watcher killed the worker",
                      (double)context->isolate.limits.memory_bytes / (double)HUTCH_MIB,
                      HUTCH_MEMORY_ALLOWANCE_BYTES / HUTCH_MIB);
    context->failure.code = "memoryLimit";
}

static void set_processor_time(hutch_context *context) {
    hutch_failure_set(context, HUTCH_FAILURE_CPU_TIME, false,
                      "Execution used more than its %" PRIu64
                      " ms of processor time, and the pool's watcher killed the worker",
                      context->isolate.limits.cpu_time_ms);
    context->failure.code = "cpuTime";
}

/* The watcher killed the worker for what the run before did, whose end had been sent by then. */
static void set_lost_before(hutch_context *context, const char *limit) {
    hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, false,
                      "The worker process was killed by the pool's watcher: an earlier run went "
                      "over its %s",
                      limit);
}

void hutch_failure_set_lost(hutch_context *context) {
    const hutch_watched *watched = &context->worker->watched;
    hutch_watcher_lock(context->worker->watcher);
    hutch_end end = watched->end;
    int64_t value = watched->end_value;
    hutch_watcher_unlock(context->worker->watcher);
    switch (end) {
    case HUTCH_END_REFUSED:
        hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, false,
                          "No worker process could be made: %s (%s)", hutch_error_text((int)value),
                          hutch_error_constant((int)value));
        break;
    case HUTCH_END_ZYGOTE:
        set_zygote_ended(context, value, ", and its workers with it");
        break;
    case HUTCH_END_UNBORN:
        set_unborn(context, value);
        break;
    case HUTCH_END_OVERDUE:
        if (context->was_lost) {
            set_lost_before(context, "time");
        } else {
            set_overdue(context);
        }
        break;
    case HUTCH_END_MEMORY:
        if (context->was_lost) {
            set_lost_before(context, "memory limit");
        } else {
            set_memory(context);
        }
        break;
    case HUTCH_END_PROCESSOR_TIME:
        if (context->was_lost) {
            set_lost_before(context, "processor time");
        } else {
            set_processor_time(context);
        }
        break;
    case HUTCH_END_FLOOD:
        hutch_failure_set(context, HUTCH_FAILURE_VIOLATION, false,
                          "The worker broke the protocol: it rang its doorbell without end");
        break;
    case HUTCH_END_GARBLED:
        hutch_failure_set(context, HUTCH_FAILURE_VIOLATION, false,
                          "The worker broke the protocol: an impossible position of its ring");
        break;
    case HUTCH_END_EXITED:
    case HUTCH_END_UNWANTED:
    case HUTCH_END_NONE:
        set_exited(context, value);
        break;
    }
}

static hutch_text text_of(const char *text) {
    return (hutch_text){.data = text, .length = text == NULL ? 0 : strlen(text)};
}

bool hutch_failure_take(hutch_context *context, hutch_event *event) {
    hutch_own_failure *own = &context->failure;
    if (!own->is_due) {
        return false;
    }
    own->is_due = false;
    event->type = HUTCH_EVENT_FAILED;
    event->as.failed = (hutch_failed){.failure = own->failure,
                                      .usable = own->usable,
                                      .name = text_of(hutch_failure_name(own->failure)),
                                      .message = text_of(own->message),
                                      .code = text_of(own->code)};
    context->is_running = false;
    return true;
}
