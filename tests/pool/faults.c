/*
 * Every call of the pool's that the system may refuse is refused in turn: the
 * first, the second, … until the scenario goes through. Each refusal ends in a
 * clear error or is made up for; afterwards the same pool works, and nothing
 * has leaked. The linker puts the functions below in the way (--wrap).
 */
#include "support.h"

#include "base/allocator.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Calls that still succeed; below 0 nothing fails. */
static atomic_int countdown = -1;
static atomic_int refusals;

static bool is_refused(void) {
    int left = atomic_load(&countdown);
    while (left >= 0 && !atomic_compare_exchange_weak(&countdown, &left, left - 1)) {
    }
    if (left != 0) {
        return false;
    }
    atomic_fetch_add(&refusals, 1);
    return true;
}

#define REFUSE(result, why)                                                                        \
    if (is_refused()) {                                                                            \
        errno = (why);                                                                             \
        return (result);                                                                           \
    }

/* The linker's names. */
void *__real_hutch_allocator_new(const hutch_allocator *allocator, size_t size);
void *__wrap_hutch_allocator_new(const hutch_allocator *allocator, size_t size);
void *__real_hutch_allocator_resize(const hutch_allocator *allocator, void *block, size_t size);
void *__wrap_hutch_allocator_resize(const hutch_allocator *allocator, void *block, size_t size);
int __real_memfd_create(const char *name, unsigned flags);
int __wrap_memfd_create(const char *name, unsigned flags);
int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags);
int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);
int __real_epoll_ctl(int watch, int operation, int descriptor, struct epoll_event *event);
int __wrap_epoll_ctl(int watch, int operation, int descriptor, struct epoll_event *event);
int __real_socketpair(int domain, int type, int protocol, int ends[2]);
int __wrap_socketpair(int domain, int type, int protocol, int ends[2]);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*body)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*body)(void *), void *argument);
ssize_t __real_getrandom(void *bytes, size_t length, unsigned flags);
ssize_t __wrap_getrandom(void *bytes, size_t length, unsigned flags);
ssize_t __real_sendmsg(int socket, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int socket, const struct msghdr *message, int flags);
int __real_clone(int (*body)(void *), void *stack, int flags, void *argument, ...);
int __wrap_clone(int (*body)(void *), void *stack, int flags, void *argument, ...);

void *__wrap_hutch_allocator_new(const hutch_allocator *allocator, size_t size) {
    REFUSE(NULL, ENOMEM)
    return __real_hutch_allocator_new(allocator, size);
}

void *__wrap_hutch_allocator_resize(const hutch_allocator *allocator, void *block, size_t size) {
    REFUSE(NULL, ENOMEM)
    return __real_hutch_allocator_resize(allocator, block, size);
}

int __wrap_memfd_create(const char *name, unsigned flags) {
    REFUSE(-1, ENFILE)
    return __real_memfd_create(name, flags);
}

int __wrap_eventfd(unsigned value, int flags) {
    REFUSE(-1, EMFILE)
    return __real_eventfd(value, flags);
}

int __wrap_epoll_create1(int flags) {
    REFUSE(-1, EMFILE)
    return __real_epoll_create1(flags);
}

int __wrap_epoll_ctl(int watch, int operation, int descriptor, struct epoll_event *event) {
    if (operation == EPOLL_CTL_ADD) {
        REFUSE(-1, ENOSPC)
    }
    return __real_epoll_ctl(watch, operation, descriptor, event);
}

int __wrap_socketpair(int domain, int type, int protocol, int ends[2]) {
    REFUSE(-1, EMFILE)
    return __real_socketpair(domain, type, protocol, ends);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*body)(void *), void *argument) {
    if (is_refused()) {
        return EAGAIN;
    }
    return __real_pthread_create(thread, attributes, body, argument);
}

ssize_t __wrap_getrandom(void *bytes, size_t length, unsigned flags) {
    REFUSE(-1, ENOSYS)
    return __real_getrandom(bytes, length, flags);
}

ssize_t __wrap_sendmsg(int socket, const struct msghdr *message, int flags) {
    REFUSE(-1, ETOOMANYREFS)
    return __real_sendmsg(socket, message, flags);
}

int __wrap_clone(int (*body)(void *), void *stack, int flags, void *argument, ...) {
    va_list rest;
    va_start(rest, argument);
    int *descriptor = va_arg(rest, int *);
    va_end(rest);
    REFUSE(-1, EAGAIN)
    return __real_clone(body, stack, flags, argument, descriptor);
}

static const char *const tools[] = {"ask", NULL};

/* How the contexts of this pass recycle. */
static hutch_recycle recycle;

static bool is_failure_of_system(hutch_status status) {
    return status == HUTCH_OUT_OF_MEMORY || status == HUTCH_UNAVAILABLE;
}

/* A status must be OK, or a failure of the system's with words. @return whether it is OK */
static bool is_ok(hutch_status status, const hutch_error *error) {
    if (status != HUTCH_OK) {
        assert_true(is_failure_of_system(status));
        assert_int_equal(error->status, status);
        assert_true(strlen(error->message) > 10);
    }
    return status == HUTCH_OK;
}

static hutch_status open_one(hutch_pool *pool, hutch_context **context, hutch_error *error) {
    hutch_context_options options;
    hutch_tool tool = hutch_tool_named(tools[0], 3);
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.recycle = recycle;
    return hutch_context_open(pool, &options, context, error);
}

typedef hutch_status answer(hutch_context *context, const hutch_tool_call *call);

static hutch_status reply(hutch_context *context, const hutch_tool_call *call) {
    return hutch_context_reply(context, call->id, call->input.data, call->input.length, NULL);
}

/* With more text than the ring has room for, so that it has to be kept. */
static hutch_status reject(hutch_context *context, const hutch_tool_call *call) {
    static char text[200000];
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    memset(text, 'x', sizeof text);
    failure.message = (hutch_text){text, sizeof text};
    return hutch_context_reject(context, call->id, &failure, NULL);
}

/* Runs to the end; the host may run out of memory on the way. */
static void run_through(hutch_context *context, const char *code, answer *give) {
    hutch_error error = {0};
    hutch_status started = hutch_context_start(context, code, strlen(code), NULL, &error);
    if (started == HUTCH_DISPOSED || !is_ok(started, &error)) {
        return;
    }
    for (;;) {
        hutch_event event = HUTCH_EVENT_INIT;
        hutch_status status = hutch_context_next(context, LONG_US, &event);
        assert_true(status == HUTCH_OK || status == HUTCH_OUT_OF_MEMORY);
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            while (give(context, &event.as.tool_call) == HUTCH_OUT_OF_MEMORY) {
                /* The call is still open: a host may try again. */
            }
        } else if (event.type == HUTCH_EVENT_FAILED) {
            assert_int_equal(event.as.failed.failure, HUTCH_FAILURE_WORKER_DIED);
            return;
        } else if (event.type == HUTCH_EVENT_DONE) {
            return;
        } else {
            assert_true(event.type == HUTCH_EVENT_WAITING || event.type == HUTCH_EVENT_LOG ||
                        status != HUTCH_OK);
        }
    }
}

static void run_calls(hutch_context *context) {
    run_through(context,
                "const all = [];"
                "for (let i = 0; i < 40; i++) all.push(ask(i));"
                "await Promise.all(all);"
                "return (await ask('x'.repeat(3e5))).length",
                reply);
    run_through(context,
                "const ends = await Promise.allSettled([ask(1), ask(2)]);"
                "for (const end of ends) console.log(end.reason.message);"
                "return 'y'.repeat(2e5)",
                reject);
}

/* Stopped by the caller, when it can be started. */
static void run_and_stop(hutch_context *context) {
    static const char code[] = "for (;;) {}";
    hutch_error error = {0};
    hutch_status status = hutch_context_start(context, code, sizeof code - 1, NULL, &error);
    if (status == HUTCH_DISPOSED || !is_ok(status, &error)) {
        return;
    }
    hutch_context_stop(context);
    outcome end;
    do {
        /* Where there was no memory for the event, the next call has one. */
        end = finish(context);
    } while (end.type == HUTCH_EVENT_NONE);
    assert_int_equal(end.type, HUTCH_EVENT_FAILED);
    assert_true(end.failure == HUTCH_FAILURE_STOPPED || end.failure == HUTCH_FAILURE_WORKER_DIED);
}

/* As an event loop does it; then closed in the middle of a run. */
static void poll_and_close(hutch_pool *pool, hutch_context *context) {
    static const char code[] =
        "for (;;) { console.log('z'.repeat(1e5)); await ask('z'.repeat(1e5)) }";
    hutch_error error = {0};
    hutch_status status = hutch_context_start(context, code, sizeof code - 1, NULL, &error);
    if (status == HUTCH_DISPOSED || !is_ok(status, &error)) {
        return;
    }
    for (int turns = 0; turns < 6; turns++) {
        hutch_event event = HUTCH_EVENT_INIT;
        hutch_context *ready = hutch_pool_poll(pool);
        assert_true(ready == NULL || ready == context);
        status = hutch_context_next(context, 1000, &event);
        assert_true(status == HUTCH_OK || status == HUTCH_OUT_OF_MEMORY);
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            (void)reply(context, &event.as.tool_call);
        }
    }
}

static void use_pool(hutch_pool *pool) {
    hutch_context *context;
    hutch_context *second;
    hutch_error error = {0};
    (void)is_ok(hutch_pool_warm(pool, &error), &error);
    if (!is_ok(open_one(pool, &context, &error), &error)) {
        return;
    }
    run_calls(context);
    if (is_ok(open_one(pool, &second, &error), &error)) {
        run_and_stop(second);
        poll_and_close(pool, second);
        hutch_context_close(second);
    }
    hutch_context_close(context);
}

/* One pass with the refusal at `position`. @return whether something was refused */
static bool pass(int position) {
    hutch_pool *pool = NULL;
    hutch_error error = {0};
    atomic_store(&refusals, 0);
    atomic_store(&countdown, position);
    if (is_ok(hutch_pool_new(NULL, &pool, &error), &error)) {
        use_pool(pool);
    }
    atomic_store(&countdown, -1);
    if (pool != NULL) {
        hutch_context *context = context_recycled(pool, tools, recycle);
        outcome end = run(context, "return await ask(7)");
        assert_done(&end, "7");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
    return atomic_load(&refusals) > 0;
}

static void refuse_in_turn(hutch_recycle way) {
    recycle = way;
    size_t descriptors = count_descriptors();
    int position = 0;
    while (pass(position)) {
        assert_int_equal(count_descriptors(), descriptors);
        assert_int_equal(count_children(), 0);
        position++;
    }
    print_message("%d refusals\n", position);
    /* It has been refused a good number of things, or the sweep is none. */
    assert_true(position > 40);
}

static void test_each_refusal_in_turn_is_survived(void **state) {
    (void)state;
    refuse_in_turn(HUTCH_RECYCLE_RESET);
}

static void test_each_refusal_in_turn_is_survived_with_a_process_for_each_context(void **state) {
    (void)state;
    refuse_in_turn(HUTCH_RECYCLE_PROCESS);
}

/* All is well, once nobody is left that was refused before: a spare worker of which that is not heard yet
 * costs one run. */
static void expect_well(hutch_pool *pool, unsigned most_refused) {
    outcome end = {.type = HUTCH_EVENT_FAILED};
    for (unsigned i = 0; end.type != HUTCH_EVENT_DONE; i++) {
        hutch_context *context = context_recycled(pool, tools, recycle);
        end = run(context, "return await ask(7)");
        hutch_context_close(context);
        if (end.type == HUTCH_EVENT_FAILED) {
            assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "EMFILE");
            assert_true(i < most_refused);
        }
    }
    assert_done(&end, "7");
}

/* The real thing: this process may open so many more descriptors, and not one beyond. */
static void pass_with_descriptors(rlim_t most) {
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit limit = {.rlim_cur = most, .rlim_max = before.rlim_max};
    hutch_pool *pool = pool_new(NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    use_pool(pool);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    expect_well(pool, (unsigned)most);
    hutch_pool_free(pool);
}

static void run_out_of_descriptors(hutch_recycle way) {
    recycle = way;
    size_t descriptors = count_descriptors();
    for (rlim_t most = 3; most < 30; most++) {
        pass_with_descriptors(most);
        assert_int_equal(count_descriptors(), descriptors);
        assert_int_equal(count_children(), 0);
    }
}

static void test_descriptors_run_out(void **state) {
    (void)state;
    run_out_of_descriptors(HUTCH_RECYCLE_RESET);
    run_out_of_descriptors(HUTCH_RECYCLE_PROCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_refusal_in_turn_is_survived),
        cmocka_unit_test(test_each_refusal_in_turn_is_survived_with_a_process_for_each_context),
        cmocka_unit_test(test_descriptors_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
