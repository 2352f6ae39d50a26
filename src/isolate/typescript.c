/*
 * Taking the types out of programs; see typescript.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/typescript.h"

#include <string.h>

/* The program could not be stripped. */
static bool keep_problem(hutch_source *source, JSContext *ctx, const hutch_strip_problem *problem) {
    source->problem = js_malloc(ctx, sizeof *problem);
    if (source->problem == NULL) {
        return false;
    }
    *source->problem = *problem;
    return true;
}

bool hutch_source_strip(hutch_source *source, JSContext *ctx, const hutch_allocator *allocator,
                        size_t stack_bytes) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    hutch_strip_output output = {.text = NULL};
    hutch_strip_problem problem;
    options.allocator = allocator;
    options.stack_bytes = stack_bytes;
    hutch_status status = hutch_strip(source->code, source->length, &options, &output, &problem);
    if (status == HUTCH_INVALID_ARGUMENT) {
        return keep_problem(source, ctx, &problem);
    }
    if (status != HUTCH_OK) {
        return false;
    }
    source->plain = output.is_unchanged;
    bool replaced =
        output.is_unchanged || hutch_source_replace(source, ctx, output.text, output.length);
    hutch_strip_output_free(&output, allocator);
    return replaced;
}
