/*
 * The crew. Owns the list, which is static: pages that were never needed take no
 * memory, and a zygote has nothing else to allocate.
 *
 * Invariant: the first `count` entries are the living or not yet reaped workers,
 * in no order.
 *
 * Threads: the zygote has one.
 */
#include "worker/crew.h"

#include "plat/child.h"

#include <string.h>

typedef struct member {
    int32_t pid;
    uint32_t worker;
} member;

static member members[HUTCH_CREW_MAX];
static uint32_t count;

bool hutch_crew_has_room(void) {
    return count < HUTCH_CREW_MAX;
}

void hutch_crew_add(int64_t pid, uint32_t worker) {
    members[count++] = (member){.pid = (int32_t)pid, .worker = worker};
}

bool hutch_crew_remove(int64_t pid, uint32_t *worker) {
    for (uint32_t i = 0; i < count; i++) {
        if (members[i].pid == pid) {
            *worker = members[i].worker;
            members[i] = members[--count];
            members[count] = (member){0};
            return true;
        }
    }
    return false;
}

void hutch_crew_kill(uint32_t worker) {
    for (uint32_t i = 0; i < count; i++) {
        if (members[i].worker == worker) {
            hutch_child_kill(members[i].pid);
        }
    }
}

void hutch_crew_kill_all(void) {
    for (uint32_t i = 0; i < count; i++) {
        hutch_child_kill(members[i].pid);
    }
}

void hutch_crew_forget(void) {
    memset(members, 0, count * sizeof members[0]);
    count = 0;
}
