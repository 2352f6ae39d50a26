/*
 * Clocks that jump. Whoever sets the wall clock moves no deadline: nothing but
 * the monotonic clock, the processor's and the worker's own are ever asked, and
 * the linker puts a wall clock that jumps by years in the way of the rest
 * (--wrap). And time that has passed while host and workers were stopped
 * altogether is like a jump of the monotonic clock itself.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define YEARS (20L * 365 * 86400)

static atomic_uint wall_clock_reads;
static atomic_uint conditions_of_wall_clock;

/* The linker's names. */
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_gettimeofday(struct timeval *now, void *zone);
time_t __wrap_time(time_t *now);
int __real_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes);
int __wrap_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes);

/* To and fro. */
static time_t jumping(void) {
    return atomic_fetch_add(&wall_clock_reads, 1) % 2 == 0 ? 1000000000L + YEARS : 1000000000L;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI) {
        *now = (struct timespec){.tv_sec = jumping()};
        return 0;
    }
    return __real_clock_gettime(clock, now);
}

int __wrap_gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    *now = (struct timeval){.tv_sec = jumping()};
    return 0;
}

time_t __wrap_time(time_t *now) {
    time_t read = jumping();
    if (now != NULL) {
        *now = read;
    }
    return read;
}

/* A condition that nobody has told otherwise waits by the wall clock. */
int __wrap_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes) {
    clockid_t clock = CLOCK_REALTIME;
    if (attributes != NULL) {
        (void)pthread_condattr_getclock(attributes, &clock);
    }
    atomic_fetch_add(&conditions_of_wall_clock, clock == CLOCK_REALTIME ? 1 : 0);
    return __real_pthread_cond_init(condition, attributes);
}

static void test_no_deadline_asks_the_wall_clock(void **state) {
    static const char *const tools[] = {"never", NULL};
    (void)state;
    atomic_store(&wall_clock_reads, 0);
    atomic_store(&conditions_of_wall_clock, 0);
    hutch_pool *pool = pool_new(patient);
    hutch_context *context = context_with(pool, tools);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    start_within(context, "for (;;) {}", 100);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "100 ms");
    uint64_t timeout_ms = start_until_it_waits(context, "await never()", 100);
    end = finish(context);
    assert_timed_out(&end, timeout_ms);
    hutch_context_close(context);
    hutch_pool_free(pool);
    assert_int_equal(atomic_load(&wall_clock_reads), 0);
    assert_int_equal(atomic_load(&conditions_of_wall_clock), 0);
    /* They are in the way indeed. */
    assert_true(time(NULL) != time(NULL));
}

/* What the guest takes for the time has no part in it either. */
static void test_a_guest_whose_clock_stands_still_times_out(void **state) {
    hutch_context_options options;
    hutch_context *context;
    (void)state;
    hutch_pool *pool = pool_new(patient);
    hutch_context_options_init(&options);
    options.isolate.fixed_clock = true;
    options.isolate.fixed_clock_ms = INT64_C(4102444800000);
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    outcome end = run(context, "return [Date.now(), performance.now()]");
    assert_done(&end, "[4102444800000,0]");
    start_within(context, "const begin = Date.now(); while (Date.now() === begin) {}", 100);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "100 ms");
    assert_true(end.usable);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* Less than what everything stands still for, beyond the deadline. */
static void grace_of_a_second(hutch_pool_options *options) {
    options->kill_grace_ms = 1000;
}

/* The host that stops, as do all its processes. No assertion: those are the parent's.
 * @return a number that says what went wrong; 0: nothing */
static int be_a_host(void) {
    static const char *const tools[] = {"never", NULL};
    hutch_pool *pool = pool_new(grace_of_a_second);
    hutch_context *busy = context_new(pool);
    hutch_context *waiting = context_with(pool, tools);
    (void)run(busy, "globalThis.kept = 1");
    (void)run(waiting, "globalThis.kept = 2");
    start_within(waiting, "await never()", 300);
    start_within(busy, "for (;;) {}", 300);
    if (raise(SIGSTOP) != 0) {
        return 1;
    }
    outcome end = finish(busy);
    if (end.failure != HUTCH_FAILURE_TIMEOUT || !end.usable) {
        return 2;
    }
    end = finish(waiting);
    if (end.failure != HUTCH_FAILURE_TIMEOUT || !end.usable) {
        return 3;
    }
    end = run(busy, "return kept");
    if (end.type != HUTCH_EVENT_DONE) {
        return 4;
    }
    end = run(waiting, "return kept");
    if (end.type != HUTCH_EVENT_DONE) {
        return 5;
    }
    hutch_pool_free(pool);
    return 0;
}

static void signal_all(const pid_t *pids, size_t count, int signal) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(kill(pids[i], signal), 0);
    }
}

/* As when the machine has slept: it is late at once, for everybody. */
static void
test_deadlines_that_pass_while_everything_stands_still_are_kept_afterwards(void **state) {
    pid_t pids[32];
    int status = 0;
    (void)state;
    pid_t host = fork();
    assert_true(host >= 0);
    if (host == 0) {
        _exit(be_a_host());
    }
    assert_int_equal(waitpid(host, &status, WUNTRACED), host);
    assert_true(WIFSTOPPED(status));
    size_t count = find_descendants(host, pids, 32);
    assert_true(count >= 3 && count <= 32);
    signal_all(pids, count, SIGSTOP);
    sleep_ms(1500);
    signal_all(pids, count, SIGCONT);
    assert_int_equal(kill(host, SIGCONT), 0);
    assert_int_equal(waitpid(host, &status, 0), host);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_deadline_asks_the_wall_clock),
        cmocka_unit_test(test_a_guest_whose_clock_stands_still_times_out),
        cmocka_unit_test(
            test_deadlines_that_pass_while_everything_stands_still_are_kept_afterwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
