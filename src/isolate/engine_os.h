/**
 * @file engine_os.h
 * What the engine asks of the operating system. The build forces this header
 * into every source of the engine (-include), so that its calls for the time
 * and the time zone arrive here and nowhere else, without a patch. They are
 * answered from the world (world.h) of the isolate that the thread is in.
 *
 * Threads: any; the answer belongs to the calling thread's isolate.
 */
#ifndef HUTCH_ISOLATE_ENGINE_OS_H
#define HUTCH_ISOLATE_ENGINE_OS_H

#include <sys/time.h>
#include <time.h>

/** As gettimeofday(): the guest's clock. */
int hutch_engine_gettimeofday(struct timeval *now, void *zone);

/** As clock_gettime(), whatever clock is asked for: time since the last reset. */
int hutch_engine_clock_gettime(clockid_t clock, struct timespec *now);

/** As localtime_r(), but only the offset from UTC is filled in: the engine reads nothing else. */
struct tm *hutch_engine_localtime_r(const time_t *time, struct tm *local);

#ifdef HUTCH_ENGINE_SOURCE
#define gettimeofday(now, zone) hutch_engine_gettimeofday((now), (zone))
#define clock_gettime(clock, now) hutch_engine_clock_gettime((clock), (now))
#define localtime_r(time, local) hutch_engine_localtime_r((time), (local))
#endif

#endif
