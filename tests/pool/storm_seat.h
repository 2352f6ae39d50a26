/**
 * @file storm_seat.h
 * The contexts of a storm, each with what the host knows of it.
 */
#ifndef HUTCH_TESTS_POOL_STORM_SEAT_H
#define HUTCH_TESTS_POOL_STORM_SEAT_H

#include "support.h"

enum { SEATS = 64, CALLS = 64 };

/* A program, how it may end without being disturbed, and the JSON it may give; NULL: none. The tool
 * answers 7, or a long string, or fails with "no". */
typedef struct program {
    const char *code;
    const char *json;
    const char *other_json;
    bool may_throw;
    bool may_time_out;
    bool may_lack_memory;
} program;

/* One context, as the host sees it. */
typedef struct seat {
    hutch_context *context;
    const program *program; /* the one that runs, or ran last */
    bool running;
    bool disturbed; /* stopped or killed: a failure that says so may come */
    uint32_t open[CALLS];
    size_t open_count;
} seat;

/* One storm. */
typedef struct storm {
    hutch_pool *pool;
    hutch_recycle recycle;
    bool with_kills;
    unsigned kills;
    unsigned done;
    unsigned failed;
    seat seats[SEATS];
} storm;

/** A number from 0 to `below` - 1; the same sequence each time. */
uint32_t chance(uint32_t below);

/** Open a context. */
void seat_open(storm *all, seat *used);

/** Close it. */
void seat_close(seat *used);

/** Start a program, one of many. */
void seat_begin(storm *all, seat *used);

/** Take what the context has to say; every end of a run is judged. */
void seat_listen(storm *all, seat *used, uint64_t wait_us);

/** Answer one of the open calls, if there is one: well, at length, or with a failure. */
void seat_answer(seat *used);

#endif
