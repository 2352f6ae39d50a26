/*
 * Defaults and checks of the options.
 */
#include "pool/options.h"

#include "base/error.h"
#include "base/isolate_options.h"
#include "base/size.h"

#define POOL_ROW(field, option, kind, type, standard, minimum, maximum, unit, meaning)             \
    HUTCH_OPTION_ROW(hutch_pool_options, field, option, #field, HUTCH_OPTION_##kind, standard,     \
                     minimum, maximum, unit, meaning)
#define CONTEXT_ROW(field, option, kind, type, standard, minimum, maximum, unit, meaning)          \
    HUTCH_OPTION_ROW(hutch_context_options, field, option, #field, HUTCH_OPTION_##kind, standard,  \
                     minimum, maximum, unit, meaning)
#define RUN_ROW(field, option, kind, type, standard, minimum, maximum, unit, meaning)              \
    HUTCH_OPTION_ROW(hutch_run_options, field, option, #field, HUTCH_OPTION_##kind, standard,      \
                     minimum, maximum, unit, meaning)

const hutch_option hutch_pool_rows[HUTCH_POOL_ROWS] = {HUTCH_POOL_OPTIONS_TABLE(POOL_ROW)};
const hutch_option hutch_context_rows[HUTCH_CONTEXT_ROWS] = {
    HUTCH_CONTEXT_OPTIONS_TABLE(CONTEXT_ROW)};
const hutch_option hutch_run_rows[HUTCH_RUN_ROWS] = {HUTCH_RUN_OPTIONS_TABLE(RUN_ROW)};

void hutch_pool_options_init(hutch_pool_options *options) {
    *options = (hutch_pool_options){.size = sizeof *options};
    hutch_options_init(hutch_pool_rows, HUTCH_POOL_ROWS, options);
}

void hutch_context_options_init(hutch_context_options *options) {
    *options = (hutch_context_options){.size = sizeof *options};
    hutch_options_init(hutch_context_rows, HUTCH_CONTEXT_ROWS, options);
    hutch_isolate_options_init(&options->isolate);
    options->isolate.limits.memory_bytes = HUTCH_MEMORY_NOT_ASKED;
}

hutch_status hutch_pool_options_check(const hutch_pool_options *options, hutch_error *error) {
    hutch_status status = hutch_size_check(options->size, sizeof *options, "hutch_pool_options",
                                           "hutch_pool_options_init()", error);
    return status == HUTCH_OK
               ? hutch_options_check(hutch_pool_rows, HUTCH_POOL_ROWS, options, error)
               : status;
}

hutch_status hutch_context_options_check(const hutch_context_options *options, hutch_error *error) {
    hutch_status status = hutch_size_check(options->size, sizeof *options, "hutch_context_options",
                                           "hutch_context_options_init()", error);
    if (status == HUTCH_OK) {
        status = hutch_options_check(hutch_context_rows, HUTCH_CONTEXT_ROWS, options, error);
    }
    return status == HUTCH_OK ? hutch_isolate_options_check(&options->isolate, error) : status;
}

hutch_status hutch_run_options_check(const hutch_run_options *options, hutch_error *error) {
    if (options == NULL) {
        return HUTCH_OK;
    }
    hutch_status status = hutch_size_check(options->size, sizeof *options, "hutch_run_options",
                                           "HUTCH_RUN_OPTIONS_INIT", error);
    return status == HUTCH_OK ? hutch_options_check(hutch_run_rows, HUTCH_RUN_ROWS, options, error)
                              : status;
}
