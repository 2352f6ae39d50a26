/*
 * Defaults and checks of the options.
 */
#include "pool/options.h"

#include "base/error.h"
#include "base/isolate_options.h"

#include <inttypes.h>

void hutch_pool_options_init(hutch_pool_options *options) {
    *options = (hutch_pool_options){.size = sizeof *options};
#define SET_DEFAULT(field, standard, least, most) options->field = (standard);
    HUTCH_POOL_OPTIONS_TABLE(SET_DEFAULT)
#undef SET_DEFAULT
}

void hutch_context_options_init(hutch_context_options *options) {
    *options = (hutch_context_options){.size = sizeof *options};
    hutch_isolate_options_init(&options->isolate);
}

static hutch_status check_size(size_t size, size_t expected, const char *name, hutch_error *error) {
    return size == expected
               ? HUTCH_OK
               : hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                 "size of %s is %zu, expected %zu: set it up with %s first", name,
                                 size, expected, "its init function or macro");
}

static hutch_status check_number(uint64_t value, uint64_t least, uint64_t most, const char *name,
                                 hutch_error *error) {
    return value >= least && value <= most
               ? HUTCH_OK
               : hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                 "%s is %" PRIu64 ", expected %" PRIu64 " to %" PRIu64, name, value,
                                 least, most);
}

hutch_status hutch_pool_options_check(const hutch_pool_options *options, hutch_error *error) {
    hutch_status status = check_size(options->size, sizeof *options, "hutch_pool_options", error);
#define CHECK(field, standard, least, most)                                                        \
    if (status == HUTCH_OK) {                                                                      \
        status = check_number(options->field, (least), (most), #field, error);                     \
    }
    HUTCH_POOL_OPTIONS_TABLE(CHECK)
#undef CHECK
    return status;
}

hutch_status hutch_context_options_check(const hutch_context_options *options, hutch_error *error) {
    hutch_status status =
        check_size(options->size, sizeof *options, "hutch_context_options", error);
    if (status == HUTCH_OK) {
        status = check_number((uint64_t)options->recycle, HUTCH_RECYCLE_RESET,
                              HUTCH_RECYCLE_PROCESS, "recycle", error);
    }
    return status == HUTCH_OK ? hutch_isolate_options_check(&options->isolate, error) : status;
}

hutch_status hutch_run_options_check(const hutch_run_options *options, hutch_error *error) {
    if (options == NULL) {
        return HUTCH_OK;
    }
    hutch_status status = check_size(options->size, sizeof *options, "hutch_run_options", error);
    return status == HUTCH_OK ? check_number(options->timeout_ms, 0, INT32_MAX, "timeout_ms", error)
                              : status;
}
