/*
 * What holds the workers, as the zygote says and as it was started.
 */
#include "base/error.h"
#include "plat/clock.h"
#include "pool/state.h"
#include "pool/zygote.h"

#include <hutch/confinement.h>

#define REQUIRED_BIT(constant, bit, name, required, stops) | ((required) ? (uint32_t)(constant) : 0)
static const uint32_t required = 0 HUTCH_LAYER_TABLE(REQUIRED_BIT);

hutch_status hutch_pool_get_confinement(hutch_pool *pool, hutch_confinement *confinement,
                                        hutch_error *error) {
    uint32_t layers;
    if (confinement->size != sizeof *confinement) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "confinement.size is %zu; expected %zu, sizeof(hutch_confinement)",
                               confinement->size, sizeof *confinement);
    }
    uint64_t until = hutch_clock_now() + HUTCH_CONFINEMENT_WAIT_MS * HUTCH_NS_PER_MS;
    hutch_status status = hutch_lease_begin(&pool->leases, error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (!hutch_zygote_await_layers(&pool->watcher, until, &layers)) {
        return hutch_error_set(error, HUTCH_UNAVAILABLE, 0,
                               "the zygote process ended before it was ready, or was not ready "
                               "within %d ms",
                               HUTCH_CONFINEMENT_WAIT_MS);
    }
    confinement->on = layers;
    confinement->missing = required & ~layers;
    return HUTCH_OK;
}
