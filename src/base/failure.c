/*
 * The table of failures; see hutch/event.h.
 *
 * Threads: any.
 */
#include "base/failure.h"

#include <stddef.h>

typedef struct failure_row {
    const char *text;
    const char *name;
    bool keeps_context;
    bool is_claimable;
} failure_row;

#define FAILURE_ROW(constant, word, error_name, survives, claimable)                               \
    [constant] = {.text = (word),                                                                  \
                  .name = (error_name),                                                            \
                  .keeps_context = (survives),                                                     \
                  .is_claimable = (claimable)},

static const failure_row rows[] = {HUTCH_FAILURE_TABLE(FAILURE_ROW)};

/* Values come from over the wire too, so any number may be asked for. */
static const failure_row *find_row(hutch_failure failure) {
    static const failure_row unknown = {.text = "unknown", .name = "Error"};
    size_t index = (size_t)failure;
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : &unknown;
}

const char *hutch_failure_text(hutch_failure failure) {
    return find_row(failure)->text;
}

const char *hutch_failure_name(hutch_failure failure) {
    return find_row(failure)->name;
}

bool hutch_failure_keeps_context(hutch_failure failure) {
    return find_row(failure)->keeps_context;
}

bool hutch_failure_is_claimable(hutch_failure failure) {
    return find_row(failure)->is_claimable;
}
