/*
 * A wall clock that jumps by years at every look, put in the way by the linker
 * (--wrap): the guest sees it in its Date, and nothing else does.
 */
#include "program.h"

#include "isolate/driver.h"
#include "plat/clock.h"

#include <time.h>

#define YEARS (20L * 365 * 86400)

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    static bool forward;
    if (clock != CLOCK_REALTIME) {
        return __real_clock_gettime(clock, now);
    }
    forward = !forward;
    *now = (struct timespec){.tv_sec = 1000000000L + (forward ? YEARS : 0)};
    return 0;
}

static void a_wall_clock_that_jumps_ends_no_run_early(void **state) {
    program_expect(*state,
                   "let jumps = 0;"
                   "for (let i = 0, last = Date.now(); i < 1000; i++) {"
                   "  const now = Date.now();"
                   "  if (Math.abs(now - last) > 1e11) jumps++;"
                   "  last = now;"
                   "}"
                   "return jumps",
                   "1000");
}

static void a_wall_clock_that_jumps_puts_no_deadline_off(void **state) {
    hutch_isolate_set_deadline(*state, hutch_clock_now() + 30 * HUTCH_NS_PER_MS);
    program_expect_failure(*state, "for (;;) Date.now()", HUTCH_FAILURE_TIMEOUT, "TimeoutError",
                           "");
}

static void time_that_has_passed_does_not_jump(void **state) {
    program_expect(*state,
                   "const begin = performance.now();"
                   "for (let i = 0; i < 1000; i++) {"
                   "  Date.now();"
                   "  if (performance.now() - begin > 1e9 || performance.now() < begin) return i;"
                   "}"
                   "return 'never'",
                   "\"never\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(a_wall_clock_that_jumps_ends_no_run_early),
        program_test(a_wall_clock_that_jumps_puts_no_deadline_off),
        program_test(time_that_has_passed_does_not_jump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
