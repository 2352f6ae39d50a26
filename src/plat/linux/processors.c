/*
 * Processors: those of the affinity mask, which containers set.
 */
#include "plat/processors.h"

#include <sched.h>

int hutch_processors_count(void) {
    cpu_set_t mask;
    if (sched_getaffinity(0, sizeof mask, &mask) != 0) {
        return 1; /* more than fit into the mask, or none to be learnt: waiting by sleeping works */
    }
    return CPU_COUNT(&mask);
}
