/**
 * @file budget.h
 * What a pool holds for its contexts, in bytes: inputs of tool calls that have
 * no answer yet, frames that are coming in, frames that wait for a worker to
 * read. Each worker has an account, and their sum a budget.
 *
 * An account that wants to grow beyond the budget waits: its worker is not read
 * from until there is room, and comes to a halt at its full ring. But
 *
 * - what is small always goes on: an account may hold HUTCH_BUDGET_FREE at any
 *   time; and
 * - one of those that do not fit has the turn, and goes on all the same. So
 *   whatever the others hold, and for how long, somebody comes to an end.
 *
 * The turn ends with what it was needed for: when the account fits again, when
 * its run is over and its events are released, or when its worker is lost or its
 * deadline has passed, whether or not somebody looks (hutch_budget_rest()).
 *
 * Thus a pool holds at most its budget, what the limits of one context permit,
 * and HUTCH_BUDGET_FREE for each of the others.
 *
 * Invariants: `held` is the sum of the accounts; nobody waits while nobody has
 * the turn, but between hutch_budget_set() and hutch_budget_next().
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_BUDGET_H
#define HUTCH_POOL_BUDGET_H

#include "pool/list.h"

#include <stdint.h>

/** Bytes that an account may always hold: a ring's content, and a body that its worker keeps room
 *  for. */
#define HUTCH_BUDGET_FREE (UINT64_C(256) * 1024)

/** What a value of JSON counts beside its bytes: hosts make one of their own of it. */
#define HUTCH_BUDGET_OF_VALUE UINT64_C(64)

/** What is held for one context. All zero is an empty one. */
typedef struct hutch_account {
    uint64_t held;
    uint64_t wanted;  /**< beyond that, while it waits */
    hutch_link place; /**< among those that wait */
} hutch_account;

/** What is held for all. */
typedef struct hutch_budget {
    uint64_t most;
    uint64_t held;
    hutch_account *turn; /**< who may go beyond `most`, or NULL */
    hutch_link waiting;  /**< the first that came first */
} hutch_budget;

void hutch_budget_init(hutch_budget *budget, uint64_t most);

/** The account holds this much now. */
void hutch_budget_set(hutch_budget *budget, hutch_account *account, uint64_t held);

/** Whether the account may hold so much more. It takes the turn for it, if that is free. */
bool hutch_budget_admits(hutch_budget *budget, hutch_account *account, uint64_t more);

/** The same; where it may not, it waits, unless it does already. */
bool hutch_budget_admits_or_waits(hutch_budget *budget, hutch_account *account, uint64_t more);

/** Whether it waits. */
static inline bool hutch_account_waits(const hutch_account *account) {
    return hutch_link_is_in_list(&account->place);
}

/**
 * One that has waited and may go on now. To be asked after each hutch_budget_set() and
 * hutch_budget_leave(), until it says NULL.
 *
 * @param promised  [in, out] 0 at first: what those that were told to go on will hold
 * @return NULL: there is none
 */
hutch_account *hutch_budget_next(hutch_budget *budget, uint64_t *promised);

/** The account does not go on: it waits for nothing any more, and the turn is another's. It holds what it
 *  holds. */
void hutch_budget_rest(hutch_budget *budget, hutch_account *account);

/** The account holds nothing and waits for nothing any more. */
void hutch_budget_leave(hutch_budget *budget, hutch_account *account);

#endif
