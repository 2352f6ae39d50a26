/*
 * The budget of a pool. Sums cannot overflow: each account is bounded by the
 * limits of its context, and there are at most 65,536.
 */
#include "pool/budget.h"

void hutch_budget_init(hutch_budget *budget, uint64_t most) {
    *budget = (hutch_budget){.most = most};
    hutch_list_init(&budget->waiting);
}

static void give_turn_back(hutch_budget *budget, const hutch_account *account) {
    if (budget->turn == account) {
        budget->turn = NULL;
    }
}

void hutch_budget_set(hutch_budget *budget, hutch_account *account, uint64_t held) {
    budget->held += held - account->held;
    account->held = held;
    if (held <= HUTCH_BUDGET_FREE || budget->held <= budget->most) {
        give_turn_back(budget, account);
    }
}

static bool fits(const hutch_budget *budget, const hutch_account *account, uint64_t more) {
    return account->held + more <= HUTCH_BUDGET_FREE || budget->held + more <= budget->most;
}

bool hutch_budget_admits(hutch_budget *budget, hutch_account *account, uint64_t more) {
    if (fits(budget, account, more)) {
        return true;
    }
    if (budget->turn == NULL) {
        budget->turn = account;
    }
    return budget->turn == account;
}

bool hutch_budget_admits_or_waits(hutch_budget *budget, hutch_account *account, uint64_t more) {
    bool admits = hutch_budget_admits(budget, account, more);
    if (admits) {
        hutch_link_remove(&account->place);
    } else {
        account->wanted = more;
        if (!hutch_account_waits(account)) {
            hutch_list_append(&budget->waiting, &account->place);
        }
    }
    return admits;
}

hutch_account *hutch_budget_next(hutch_budget *budget, uint64_t *promised) {
    if (hutch_list_is_empty(&budget->waiting)) {
        return NULL;
    }
    hutch_account *first = HUTCH_LINK_OWNER(budget->waiting.next, hutch_account, place);
    if (fits(budget, first, first->wanted + *promised)) {
        *promised += first->wanted;
    } else if (budget->turn == NULL) {
        budget->turn = first;
    } else {
        return NULL;
    }
    hutch_link_remove(&first->place);
    return first;
}

void hutch_budget_rest(hutch_budget *budget, hutch_account *account) {
    hutch_link_remove(&account->place);
    give_turn_back(budget, account);
}

void hutch_budget_leave(hutch_budget *budget, hutch_account *account) {
    hutch_budget_set(budget, account, 0);
    hutch_budget_rest(budget, account);
}
