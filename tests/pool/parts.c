/*
 * Parts of the pool on their own: the set of open calls, the budget, the roster,
 * the outbox.
 */
#include "pool/budget.h"
#include "pool/call_set.h"
#include "pool/outbox.h"
#include "pool/roster.h"
#include "support.h"
#include "wire/frame_reader.h"

#include <stdlib.h>
#include <string.h>

static uint32_t next_random(uint32_t *random) {
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

static hutch_open_call call_of(uint32_t id) {
    return (hutch_open_call){.id = id, .input = {.bytes = id * 3, .values = id}};
}

/* Random adding and removing, held against an array of marks. */
static void test_call_set_agrees_with_a_model(void **state) {
    enum { IDS = 5000 };
    static bool model[IDS];
    hutch_call_set set = {0};
    hutch_open_call call;
    uint32_t random = 7;
    size_t count = 0;
    uint64_t bytes = 0;
    (void)state;
    for (int step = 0; step < 200000; step++) {
        uint32_t id = 1 + next_random(&random) % (IDS - 1);
        if (model[id]) {
            assert_true(hutch_call_set_remove(&set, id, &call));
            assert_true(call.id == id && call.input.bytes == call_of(id).input.bytes);
            model[id] = false;
            count--;
            bytes -= call.input.bytes;
        } else if (next_random(&random) % 4 == 0) {
            assert_false(hutch_call_set_remove(&set, id, &call));
        } else {
            assert_true(hutch_call_set_add(&set, call_of(id)));
            model[id] = true;
            count++;
            bytes += call_of(id).input.bytes;
        }
        assert_int_equal(set.count, count);
        assert_int_equal(set.inputs.bytes, bytes);
    }
    for (uint32_t id = 1; id < IDS; id++) {
        assert_int_equal(hutch_call_set_remove(&set, id, &call), model[id]);
    }
    assert_false(hutch_call_set_remove(&set, 0, &call));
    assert_int_equal(set.count, 0);
    assert_int_equal(set.inputs.bytes, 0);
    hutch_call_set_free(&set);
}

static void test_call_set_is_empty_after_clear(void **state) {
    hutch_call_set set = {0};
    hutch_open_call call;
    (void)state;
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t id = 1; id <= 10000; id++) {
            assert_true(hutch_call_set_add(&set, call_of(id * 7)));
        }
        hutch_call_set_clear(&set);
        assert_int_equal(set.count, 0);
        assert_int_equal(set.inputs.bytes, 0);
        assert_false(hutch_call_set_remove(&set, 7, &call));
    }
    assert_true(hutch_call_set_add(&set, call_of(1)));
    hutch_call_set_clear(&set);
    assert_int_equal(set.inputs.bytes, 0);
    assert_false(hutch_call_set_remove(&set, 1, &call));
    hutch_call_set_free(&set);
}

/* Accounts of contexts that take in what they can, keep it for a while, and give it back. */
enum { ACCOUNTS = 50, BUDGET = 4 * 1024 * 1024, MOST_OF_ONE = 2 * 1024 * 1024 };

typedef struct taker {
    hutch_account account;
    uint64_t goal; /* 0: it has all, and gives it back when it is asked */
    bool notified; /* it has waited, and may go on */
} taker;

static void tell_next(hutch_budget *budget) {
    uint64_t promised = 0;
    hutch_account *next;
    while ((next = hutch_budget_next(budget, &promised)) != NULL) {
        HUTCH_LINK_OWNER(next, taker, account)->notified = true;
    }
}

static void take_on(hutch_budget *budget, taker *who, uint32_t *random) {
    hutch_account *account = &who->account;
    uint64_t more = 1 + next_random(random) % 100000;
    more = more < who->goal - account->held ? more : who->goal - account->held;
    who->notified = false;
    if (hutch_budget_admits_or_waits(budget, account, more)) {
        hutch_budget_set(budget, account, account->held + more);
        who->goal = account->held == who->goal ? 0 : who->goal;
        tell_next(budget);
    }
}

static void give_back(hutch_budget *budget, taker *who, uint32_t *random) {
    if (next_random(random) % 2 == 0) {
        hutch_budget_leave(budget, &who->account);
    } else {
        hutch_budget_set(budget, &who->account, 0);
    }
    who->notified = false;
    who->goal = 1 + next_random(random) % MOST_OF_ONE;
    tell_next(budget);
}

static void check_budget(const hutch_budget *budget, const taker *takers) {
    uint64_t sum = 0;
    size_t waiting = 0;
    for (size_t i = 0; i < ACCOUNTS; i++) {
        sum += takers[i].account.held;
        waiting += hutch_account_waits(&takers[i].account) ? 1 : 0;
    }
    assert_int_equal(budget->held, sum);
    assert_true(sum <= BUDGET + MOST_OF_ONE + ACCOUNTS * HUTCH_BUDGET_FREE);
    assert_true(waiting == 0 || budget->turn != NULL);
}

/* Nobody who waits is forgotten: only those that are told, or have not waited, ever go on. */
static void test_budget_agrees_with_its_sum_and_forgets_nobody(void **state) {
    static taker takers[ACCOUNTS];
    hutch_budget budget;
    uint32_t random = 11;
    size_t rounds[ACCOUNTS] = {0};
    (void)state;
    hutch_budget_init(&budget, BUDGET);
    for (size_t i = 0; i < ACCOUNTS; i++) {
        takers[i].goal = 1 + next_random(&random) % MOST_OF_ONE;
    }
    for (int step = 0; step < 400000; step++) {
        size_t i = next_random(&random) % ACCOUNTS;
        if (takers[i].goal == 0) {
            give_back(&budget, &takers[i], &random);
            rounds[i]++;
        } else if (!hutch_account_waits(&takers[i].account)) {
            take_on(&budget, &takers[i], &random);
        }
        check_budget(&budget, takers);
    }
    for (size_t i = 0; i < ACCOUNTS; i++) {
        assert_true(rounds[i] > 2);
        hutch_budget_leave(&budget, &takers[i].account);
    }
    assert_int_equal(budget.held, 0);
    assert_null(budget.turn);
}

/* At the budget, one beyond it, and at what is always free. */
static void test_budget_is_met_exactly(void **state) {
    hutch_account a = {0};
    hutch_account b = {0};
    hutch_account c = {0};
    hutch_budget budget;
    uint64_t promised = 0;
    (void)state;
    hutch_budget_init(&budget, 4 * HUTCH_BUDGET_FREE);
    assert_true(hutch_budget_admits(&budget, &a, 4 * HUTCH_BUDGET_FREE));
    assert_null(budget.turn);
    hutch_budget_set(&budget, &a, 4 * HUTCH_BUDGET_FREE);
    assert_true(hutch_budget_admits(&budget, &b, HUTCH_BUDGET_FREE));
    assert_null(budget.turn);
    hutch_budget_set(&budget, &b, HUTCH_BUDGET_FREE);
    assert_true(hutch_budget_admits_or_waits(&budget, &b, 1));
    assert_ptr_equal(budget.turn, &b);
    hutch_budget_set(&budget, &b, HUTCH_BUDGET_FREE + 1);
    assert_false(hutch_budget_admits_or_waits(&budget, &c, HUTCH_BUDGET_FREE + 1));
    assert_true(hutch_budget_admits(&budget, &c, HUTCH_BUDGET_FREE));
    assert_null(hutch_budget_next(&budget, &promised));
    /* The turn comes to who waits, and room to who has the turn. */
    hutch_budget_set(&budget, &b, HUTCH_BUDGET_FREE);
    assert_ptr_equal(hutch_budget_next(&budget, &promised), &c);
    assert_ptr_equal(budget.turn, &c);
    assert_null(hutch_budget_next(&budget, &promised));
}

/* Workers come and go; ids are never given twice and always lead to their worker. */
static void test_roster_finds_who_is_in_it_and_nobody_else(void **state) {
    enum { WORKERS = 300 };
    static hutch_watched workers[WORKERS];
    static bool present[WORKERS];
    hutch_roster roster = {.last_id = UINT32_MAX - 5000};
    uint32_t random = 3;
    uint32_t last_id = 0;
    (void)state;
    for (int step = 0; step < 20000; step++) {
        size_t i = next_random(&random) % WORKERS;
        if (present[i]) {
            assert_ptr_equal(hutch_roster_find(&roster, workers[i].id), &workers[i]);
            hutch_roster_remove(&roster, &workers[i]);
            assert_null(hutch_roster_find(&roster, workers[i].id));
            hutch_roster_remove(&roster, &workers[i]);
        } else {
            assert_true(hutch_roster_add(&roster, &workers[i]));
            assert_int_not_equal(workers[i].id, 0);
            assert_int_not_equal(workers[i].id, last_id);
            last_id = workers[i].id;
        }
        present[i] = !present[i];
    }
    size_t count = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        count += present[i] ? 1 : 0;
        assert_ptr_equal(hutch_roster_find(&roster, workers[i].id),
                         present[i] ? &workers[i] : NULL);
    }
    assert_int_equal(roster.count, count);
    hutch_roster_free(&roster);
    assert_null(hutch_roster_find(&roster, 1));
}

/* Both ends of a ring in one place. */
typedef struct line {
    hutch_shared *shared;
    hutch_ring_writer to_worker;
    hutch_ring_reader from_pool;
    hutch_outbox outbox;
    hutch_frame_reader reader;
    unsigned char body[300000];
} line;

static line *line_new(void) {
    static const hutch_frame_shape shapes[] = {HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_SHAPE)};
    line *made = calloc(1, sizeof *made);
    hutch_ring_writer unused_writer;
    hutch_ring_reader unused_reader;
    assert_non_null(made);
    made->shared = aligned_alloc(4096, HUTCH_SHARED_SIZE);
    assert_non_null(made->shared);
    memset(made->shared, 0, HUTCH_SHARED_SIZE);
    hutch_ring_attach_pool(made->shared, &made->to_worker, &unused_reader);
    hutch_ring_attach_worker(made->shared, &unused_writer, &made->from_pool);
    hutch_outbox_init(&made->outbox, &made->to_worker);
    hutch_frame_reader_init(&made->reader, &made->from_pool, shapes, HUTCH_FRAMES_TO_WORKER_COUNT);
    return made;
}

static void line_free(line *used) {
    hutch_outbox_free(&used->outbox);
    free(used->shared);
    free(used);
}

/* Whether another frame is there; its body is in `body` then. */
static bool receive(line *used) {
    for (;;) {
        switch (hutch_frame_reader_next(&used->reader)) {
        case HUTCH_FRAME_STEP_COMPLETE:
            return true;
        case HUTCH_FRAME_STEP_ROOM:
            hutch_frame_reader_place(&used->reader, used->body, used->reader.body_length);
            break;
        default:
            return false;
        }
    }
}

static void test_frames_longer_than_the_ring_wait_and_keep_their_order(void **state) {
    static char text[250000];
    uint32_t sent = 0;
    uint32_t received = 0;
    uint32_t random = 11;
    (void)state;
    line *used = line_new();
    memset(text, 'x', sizeof text);
    while (received < 300) {
        if (sent < 300 && next_random(&random) % 3 != 0) {
            hutch_frame_reply reply = {.call_id = ++sent};
            hutch_outgoing frame = {.type = HUTCH_FRAME_REPLY,
                                    .run = sent,
                                    .fixed = &reply,
                                    .fixed_length = sizeof reply,
                                    .texts = {{text, next_random(&random) % 1000},
                                              {NULL, 0},
                                              {text, next_random(&random) % sizeof text}}};
            assert_int_equal(hutch_outbox_send(&used->outbox, &frame), HUTCH_OK);
        } else if (receive(used)) {
            received++;
            assert_int_equal(used->reader.header.run, received);
            assert_int_equal(used->reader.fixed.reply.call_id, received);
        }
        assert_int_equal(hutch_outbox_pump(&used->outbox), HUTCH_OK);
    }
    assert_true(hutch_outbox_is_empty(&used->outbox));
    assert_false(receive(used));
    line_free(used);
}

static void test_an_outbox_notices_a_garbled_ring(void **state) {
    static const hutch_outgoing close = {.type = HUTCH_FRAME_CLOSE};
    static char text[100000];
    hutch_outgoing big = {.type = HUTCH_FRAME_RUN, .texts = {{text, sizeof text}}};
    (void)state;
    line *used = line_new();
    assert_int_equal(hutch_outbox_send(&used->outbox, &big), HUTCH_OK);
    assert_false(hutch_outbox_is_empty(&used->outbox));
    atomic_store(&used->shared->to_worker.consumed, 1u << 30);
    assert_int_equal(hutch_outbox_pump(&used->outbox), HUTCH_DISPOSED);
    line_free(used);
    used = line_new();
    atomic_store(&used->shared->to_worker.consumed, 1);
    assert_int_equal(hutch_outbox_send(&used->outbox, &close), HUTCH_DISPOSED);
    line_free(used);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call_set_agrees_with_a_model),
        cmocka_unit_test(test_call_set_is_empty_after_clear),
        cmocka_unit_test(test_budget_agrees_with_its_sum_and_forgets_nobody),
        cmocka_unit_test(test_budget_is_met_exactly),
        cmocka_unit_test(test_roster_finds_who_is_in_it_and_nobody_else),
        cmocka_unit_test(test_frames_longer_than_the_ring_wait_and_keep_their_order),
        cmocka_unit_test(test_an_outbox_notices_a_garbled_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
