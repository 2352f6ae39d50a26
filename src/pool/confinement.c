/*
 * What holds the workers, as the zygote says and as it was started.
 */
#include "base/error.h"
#include "base/size.h"
#include "plat/clock.h"
#include "pool/state.h"
#include "pool/zygote.h"

#include <hutch/confinement.h>

#define REQUIRED_BIT(constant, bit, name, required, stops) | ((required) ? (uint32_t)(constant) : 0)
static const uint32_t required = 0 HUTCH_LAYER_TABLE(REQUIRED_BIT);

hutch_status hutch_pool_get_confinement(hutch_pool *pool, hutch_confinement *confinement,
                                        hutch_error *error) {
    uint32_t layers;
    uint64_t until = hutch_clock_now() + HUTCH_CONFINEMENT_WAIT_MS * HUTCH_NS_PER_MS;
    hutch_status status = hutch_size_check(confinement->size, sizeof *confinement,
                                           "hutch_confinement", "HUTCH_CONFINEMENT_INIT", error);
    if (status == HUTCH_OK) {
        status = hutch_lease_begin(&pool->leases, error);
    }
    if (status != HUTCH_OK) {
        return status;
    }
    if (!hutch_zygote_await_layers(&pool->watcher, until, &layers)) {
        return hutch_error_set(error, HUTCH_UNAVAILABLE, 0,
                               "the zygote process ended before it was ready, or is not ready "
                               "yet: ask again later, or after the first run");
    }
    confinement->on = layers;
    confinement->missing = required & ~layers;
    return HUTCH_OK;
}
