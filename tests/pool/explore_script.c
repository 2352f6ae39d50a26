/*
 * The worker, step by step. Announcing a sleep and looking once more, writing
 * and looking whether to ring, are steps of their own: others move in between.
 */
#include "explore_script.h"

#include <hutch/event.h>
#include <string.h>

static const hutch_frame_shape shapes[] = {HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_SHAPE)};

void script_begin(script *worker, hutch_shared *shared) {
    *worker = (script){.shared = shared};
    hutch_ring_attach_worker(shared, &worker->out, &worker->in);
    hutch_frame_reader_init(&worker->reader, &worker->in, shapes, HUTCH_FRAMES_TO_WORKER_COUNT);
}

bool script_can_step(const script *worker) {
    return !worker->is_killed && worker->misdeed == SCRIPT_IS_HONEST && !worker->is_asleep;
}

bool script_is_in_haste(const script *worker) {
    bool computes = worker->place == SCRIPT_COMPUTES || worker->place == SCRIPT_HAS_ANSWER;
    return script_can_step(worker) && (worker->has_written || !computes);
}

static bool is_asked_to_stop(const script *worker) {
    return worker->place > SCRIPT_RESTS && atomic_load(&worker->shared->stop_run) == worker->run;
}

bool script_may_stop(const script *worker) {
    return script_can_step(worker) && !worker->has_written && is_asked_to_stop(worker);
}

static void say(script *worker, hutch_frame_type type, const void *fixed, size_t length,
                const char *text) {
    hutch_frame_writer writer;
    hutch_frame_writer_init(&writer, &worker->out);
    hutch_frame_writer_begin(&writer, type, type == HUTCH_FRAME_READY ? 0 : worker->run, fixed,
                             length);
    hutch_frame_writer_add(&writer, text, strlen(text));
    (void)hutch_frame_writer_flush(&writer);
    worker->has_written = true;
}

static void say_ready(script *worker) {
    atomic_store(&worker->shared->stop_run, 0);
    say(worker, HUTCH_FRAME_READY, NULL, 0, "");
    worker->is_closing = false;
    worker->place = SCRIPT_RESTS;
}

static void say_stopped(script *worker) {
    hutch_frame_failed failed = {
        .failure = HUTCH_FAILURE_TIMEOUT, .usable = 1, .name_length = 1, .message_length = 1};
    say(worker, HUTCH_FRAME_FAILED, &failed, sizeof failed, "nm");
    worker->place = SCRIPT_RESTS;
}

static void take_frame(script *worker) {
    switch ((hutch_frame_type)worker->reader.header.type) {
    case HUTCH_FRAME_RUN:
        worker->run = worker->reader.header.run;
        worker->answers = 0;
        worker->has_answer = false;
        worker->place = SCRIPT_COMPUTES;
        break;
    case HUTCH_FRAME_REPLY:
        worker->answers++;
        worker->has_answer = true;
        break;
    case HUTCH_FRAME_CLOSE:
        worker->is_closing = true;
        break;
    default:
        break;
    }
}

static void take_frames(script *worker) {
    while (!worker->is_closing) {
        switch (hutch_frame_reader_next(&worker->reader)) {
        case HUTCH_FRAME_STEP_ROOM:
            hutch_frame_reader_place(&worker->reader, worker->body, worker->reader.body_length);
            break;
        case HUTCH_FRAME_STEP_COMPLETE:
            take_frame(worker);
            break;
        default:
            return;
        }
    }
}

static bool has_work(const script *worker) {
    size_t bytes;
    (void)hutch_ring_readable(&worker->in, &bytes);
    return bytes > 0 || is_asked_to_stop(worker);
}

/* Announce, look once more, sleep: one of them. */
static void doze(script *worker) {
    if (!worker->says_asleep) {
        worker->seen = atomic_load(&worker->shared->worker_doorbell);
        hutch_ring_sleep_begin(&worker->shared->worker_awaits_bytes);
        worker->says_asleep = true;
    } else if (has_work(worker) || atomic_load(&worker->shared->worker_doorbell) != worker->seen) {
        hutch_ring_sleep_end(&worker->shared->worker_awaits_bytes);
        worker->says_asleep = false;
    } else {
        worker->is_asleep = true;
    }
}

static void call(script *worker) {
    hutch_frame_call made = {.call_id = 1};
    say(worker, HUTCH_FRAME_CALL, &made, sizeof made, "{}");
    worker->place = SCRIPT_HAS_CALLED;
}

static void say_waiting(script *worker) {
    hutch_frame_waiting made = {.answers = worker->answers};
    say(worker, HUTCH_FRAME_WAITING, &made, sizeof made, "");
    worker->place = SCRIPT_WAITS;
}

static void go_on(script *worker) {
    switch (worker->place) {
    case SCRIPT_BEGINS:
        say_ready(worker);
        break;
    case SCRIPT_COMPUTES:
        call(worker);
        break;
    case SCRIPT_HAS_CALLED:
        say_waiting(worker);
        break;
    case SCRIPT_HAS_ANSWER:
        say(worker, HUTCH_FRAME_DONE, NULL, 0, "1");
        worker->place = SCRIPT_RESTS;
        break;
    case SCRIPT_RESTS:
    case SCRIPT_WAITS:
        doze(worker);
        break;
    }
}

bool script_step(script *worker, bool stops) {
    if (worker->has_written) {
        worker->has_written = false;
        return hutch_ring_must_ring(&worker->shared->pool_awaits_bytes);
    }
    if (worker->place != SCRIPT_BEGINS && !worker->says_asleep) {
        take_frames(worker);
    }
    if (worker->is_closing) {
        say_ready(worker);
    } else if (stops && is_asked_to_stop(worker) && !worker->says_asleep) {
        say_stopped(worker);
    } else if (worker->has_answer && !worker->says_asleep) {
        worker->has_answer = false;
        worker->place = SCRIPT_HAS_ANSWER;
    } else {
        go_on(worker);
    }
    return false;
}

void script_go_astray(script *worker, script_misdeed misdeed) {
    worker->misdeed = misdeed;
    if (misdeed == SCRIPT_SLEEPS) {
        hutch_ring_sleep_begin(&worker->shared->worker_awaits_bytes);
    }
}

void script_wake(script *worker) {
    worker->is_asleep = false;
}

hutch_process_activity script_activity(const script *worker) {
    switch (worker->misdeed) {
    case SCRIPT_EXITS:
        return HUTCH_PROCESS_UNKNOWN;
    case SCRIPT_SLEEPS:
    case SCRIPT_STANDS:
        return HUTCH_PROCESS_SLEEPS;
    case SCRIPT_SPINS:
    case SCRIPT_STARVES:
        return HUTCH_PROCESS_RUNS;
    case SCRIPT_IS_HONEST:
        break;
    }
    return worker->is_asleep ? HUTCH_PROCESS_SLEEPS : HUTCH_PROCESS_RUNS;
}

void script_pass_time(script *worker, uint64_t ns) {
    if (script_activity(worker) == HUTCH_PROCESS_RUNS && worker->misdeed != SCRIPT_STARVES) {
        worker->processor_ns += ns;
    }
}
