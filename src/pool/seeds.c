/*
 * The stock of seeds. A seed leaves no copy behind here when it is taken.
 */
#include "pool/seeds.h"

#include "plat/error_text.h"
#include "plat/random.h"

hutch_status hutch_seeds_take(hutch_seeds *seeds, uint64_t *seed, hutch_error *error) {
    if (seeds->left == 0) {
        int failure = hutch_random_fill(seeds->values, sizeof seeds->values);
        if (failure != 0) {
            return hutch_error_set_system(error, failure, "the kernel gives no random numbers");
        }
        seeds->left = HUTCH_SEEDS_BATCH;
    }
    seeds->left--;
    *seed = seeds->values[seeds->left];
    seeds->values[seeds->left] = 0;
    return HUTCH_OK;
}
