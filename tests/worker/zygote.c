/*
 * The zygote: forks on order, reports every end, leaves nobody behind.
 */
#include "harness.h"
#include "plat/channel.h"
#include "plat/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CREW 20

static void a_zygote_without_a_pool_ends_by_itself(void **state) {
    (void)state;
    zygote used = zygote_start();
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void a_program_that_no_pool_has_started_says_so_by_its_status(void **state) {
    (void)state;
    hutch_process process;
    int program;
    int status = 0;
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    assert_int_equal(hutch_process_program_file(HUTCH_WORKER_PATH, &program), 0);
    assert_int_equal(hutch_process_spawn(program, (const char *const[]){"hutch-worker", NULL},
                                         nothing, &process),
                     0);
    assert_true(hutch_process_wait(&process, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), HUTCH_WORKER_EXIT_NO_POOL);
    (void)close(process.descriptor);
    (void)close(program);
    (void)close(nothing);
}

static void the_pidfd_and_the_number_of_a_worker_name_the_same_process(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *made = worker_start(&used);
    assert_int_equal(kill((pid_t)made->pid, 0), 0);
    assert_true(worker_lives(made));
    assert_int_equal(kill((pid_t)made->pid, SIGKILL), 0);
    struct pollfd ended = {.fd = made->pidfd, .events = POLLIN};
    assert_int_equal(poll(&ended, 1, PATIENCE_MS), 1);
    worker_end(&used, made);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void twenty_workers_work_at_once_and_one_that_is_killed_takes_no_other_along(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *crew[CREW];
    for (size_t i = 0; i < CREW; i++) {
        crew[i] = worker_start(&used);
    }
    for (size_t i = 0; i < CREW; i++) {
        open_context(crew[i], NULL, NULL);
        start_run(crew[i], "return 6 * 7");
    }
    hutch_process_kill(crew[3]->pidfd);
    int pidfd;
    hutch_zygote_message message = zygote_receive(&used, &pidfd);
    assert_int_equal(message.kind, HUTCH_ZYGOTE_EXITED);
    assert_int_equal(message.worker, crew[3]->number);
    assert_true(WIFSIGNALED((int)message.value));
    assert_int_equal(WTERMSIG((int)message.value), SIGKILL);
    for (size_t i = 0; i < CREW; i++) {
        if (i != 3) {
            expect_done(crew[i], "42");
            worker_end(&used, crew[i]);
        }
    }
    worker_free(crew[3]);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void expect_all_gone(worker **crew, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct pollfd ended = {.fd = crew[i]->pidfd, .events = POLLIN};
        assert_int_equal(poll(&ended, 1, PATIENCE_MS), 1);
        worker_free(crew[i]);
    }
}

/* Some of them busy, some asleep. */
static void start_crew(zygote *used, worker **crew) {
    for (size_t i = 0; i < CREW; i++) {
        crew[i] = worker_start(used);
        if (i % 2 == 0) {
            open_context(crew[i], NULL, NULL);
            start_run(crew[i], "while (true) {}");
        }
    }
}

static void workers_go_with_the_pool(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *crew[CREW];
    start_crew(&used, crew);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
    /* Reaped before the zygote ended, so not even their numbers are left. */
    for (size_t i = 0; i < CREW; i++) {
        assert_int_equal(kill((pid_t)crew[i]->pid, 0), -1);
        assert_int_equal(errno, ESRCH);
    }
    expect_all_gone(crew, CREW);
}

static void workers_go_with_a_zygote_that_is_killed(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *crew[CREW];
    int status;
    start_crew(&used, crew);
    hutch_process_kill(used.process.descriptor);
    assert_true(hutch_process_wait(&used.process, PATIENCE_MS, &status));
    expect_all_gone(crew, CREW);
    (void)close(used.process.descriptor);
    (void)close(used.socket);
}

static void an_order_without_its_descriptors_is_refused(void **state) {
    (void)state;
    zygote used = zygote_start();
    int pidfd;
    zygote_send(&used, (hutch_zygote_message){.kind = HUTCH_ZYGOTE_FORK, .worker = 9}, NULL, 0);
    hutch_zygote_message message = zygote_receive(&used, &pidfd);
    assert_int_equal(message.kind, HUTCH_ZYGOTE_REFUSED);
    assert_int_equal(message.worker, 9);
    assert_int_equal(message.value, EMFILE);
    worker *made = worker_start(&used);
    worker_end(&used, made);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void a_worker_that_cannot_be_reached_is_killed_on_order(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *lost = worker_start(&used);
    worker *other = worker_start(&used);
    zygote_send(&used, (hutch_zygote_message){.kind = HUTCH_ZYGOTE_KILL, .worker = lost->number},
                NULL, 0);
    int pidfd;
    hutch_zygote_message message = zygote_receive(&used, &pidfd);
    assert_int_equal(message.kind, HUTCH_ZYGOTE_EXITED);
    assert_int_equal(message.worker, lost->number);
    assert_int_equal(WTERMSIG((int)message.value), SIGKILL);
    /* It is gone already, and nobody else is meant. */
    zygote_send(&used, (hutch_zygote_message){.kind = HUTCH_ZYGOTE_KILL, .worker = lost->number},
                NULL, 0);
    run_to_done(other, "return 1", "1");
    assert_true(worker_lives(other));
    worker_free(lost);
    worker_end(&used, other);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void a_message_that_is_no_order_ends_the_zygote_and_its_workers(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *made = worker_start(&used);
    zygote_send(&used, (hutch_zygote_message){.kind = 99}, NULL, 0);
    int status;
    assert_true(hutch_process_wait(&used.process, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), HUTCH_WORKER_EXIT_MESSAGE);
    expect_all_gone(&made, 1);
    (void)close(used.process.descriptor);
    (void)close(used.socket);
}

static void a_short_message_ends_the_zygote(void **state) {
    (void)state;
    zygote used = zygote_start();
    int status;
    assert_int_equal(hutch_channel_send(used.socket, "no", 2, NULL, 0), 0);
    assert_true(hutch_process_wait(&used.process, PATIENCE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), HUTCH_WORKER_EXIT_MESSAGE);
    (void)close(used.process.descriptor);
    (void)close(used.socket);
}

/* Orders until the socket is full, before the first answer is read: the zygote has to wait with its
 * answers, and loses none. */
static void a_pool_that_does_not_read_makes_the_zygote_wait_and_loses_nothing(void **state) {
    (void)state;
    enum { ORDERS = 3000 };
    zygote used = zygote_start();
    uint32_t ordered = 0;
    uint32_t answered = 0;
    int pidfd;
    int failure = 0;
    while (ordered < ORDERS && failure == 0) {
        hutch_zygote_message order = {.kind = HUTCH_ZYGOTE_FORK, .worker = ordered + 1};
        failure = hutch_channel_send(used.socket, &order, sizeof order, NULL, 0);
        ordered += failure == 0;
    }
    assert_true(ordered > 10);
    while (answered < ordered) {
        hutch_zygote_message message = zygote_receive(&used, &pidfd);
        assert_int_equal(message.kind, HUTCH_ZYGOTE_REFUSED);
        assert_int_equal(message.worker, ++answered);
    }
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void a_pool_that_goes_without_reading_leaves_nobody(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *crew[CREW];
    for (size_t i = 0; i < CREW; i++) {
        crew[i] = worker_order(&used);
    }
    /* The messages that say FORKED are never read. */
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
    for (size_t i = 0; i < CREW; i++) {
        worker_free(crew[i]);
    }
}

static void a_zygote_with_nothing_to_do_sleeps(void **state) {
    (void)state;
    zygote used = zygote_start();
    worker *made = worker_start(&used);
    uint64_t before;
    uint64_t after;
    await_rest(used.process.pid);
    assert_true(hutch_clock_of_process(used.process.pid, &before));
    assert_int_equal(take_frame_within(made, 300), 0);
    assert_true(hutch_clock_of_process(used.process.pid, &after));
    assert_int_equal(after, before);
    worker_end(&used, made);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

static void a_worker_whose_memory_has_another_size_ends_with_a_status_of_its_own(void **state) {
    (void)state;
    zygote used = zygote_start();
    int pidfd;
    int small = memfd_create("small", MFD_CLOEXEC);
    int bell = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(ftruncate(small, 4096), 0);
    hutch_zygote_message order = {.kind = HUTCH_ZYGOTE_FORK, .worker = 5};
    zygote_send(&used, order, (int[]){small, bell}, 2);
    assert_int_equal(zygote_receive(&used, &pidfd).kind, HUTCH_ZYGOTE_FORKED);
    (void)close(pidfd);
    hutch_zygote_message message = zygote_receive(&used, &pidfd);
    assert_int_equal(message.kind, HUTCH_ZYGOTE_EXITED);
    assert_int_equal(WEXITSTATUS((int)message.value), HUTCH_WORKER_EXIT_SHARED);
    (void)close(small);
    (void)close(bell);
    zygote_end(&used, HUTCH_WORKER_EXIT_POOL_GONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zygote_without_a_pool_ends_by_itself),
        cmocka_unit_test(a_program_that_no_pool_has_started_says_so_by_its_status),
        cmocka_unit_test(the_pidfd_and_the_number_of_a_worker_name_the_same_process),
        cmocka_unit_test(twenty_workers_work_at_once_and_one_that_is_killed_takes_no_other_along),
        cmocka_unit_test(workers_go_with_the_pool),
        cmocka_unit_test(workers_go_with_a_zygote_that_is_killed),
        cmocka_unit_test(an_order_without_its_descriptors_is_refused),
        cmocka_unit_test(a_worker_that_cannot_be_reached_is_killed_on_order),
        cmocka_unit_test(a_message_that_is_no_order_ends_the_zygote_and_its_workers),
        cmocka_unit_test(a_short_message_ends_the_zygote),
        cmocka_unit_test(a_pool_that_does_not_read_makes_the_zygote_wait_and_loses_nothing),
        cmocka_unit_test(a_pool_that_goes_without_reading_leaves_nobody),
        cmocka_unit_test(a_zygote_with_nothing_to_do_sleeps),
        cmocka_unit_test(a_worker_whose_memory_has_another_size_ends_with_a_status_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
