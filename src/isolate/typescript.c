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

/* What is around the program in its fence is none of it, whoever reads it. */
static void blank_around(hutch_source *source, const hutch_strip_problem *problem) {
    for (size_t at = 0; at < source->length; at++) {
        bool is_code =
            at >= problem->code_offset && at < problem->code_offset + problem->code_length;
        if (!is_code && source->code[at] != '\n' && source->code[at] != '\r') {
            source->code[at] = ' ';
        }
    }
}

bool hutch_source_strip(hutch_source *source, JSContext *ctx, const hutch_allocator *allocator,
                        const hutch_strip_options *wanted) {
    hutch_strip_options options = *wanted;
    hutch_strip_output output = {.text = NULL};
    hutch_strip_problem problem;
    options.allocator = allocator;
    hutch_status status = hutch_strip(source->code, source->length, &options, &output, &problem);
    if (status == HUTCH_INVALID_ARGUMENT) {
        bool kept = keep_problem(source, ctx, &problem);
        if (kept && !problem.is_refusal) {
            blank_around(source, &problem);
        }
        return kept;
    }
    if (status != HUTCH_OK) {
        return false;
    }
    source->plain = output.is_unchanged;
    bool replaced =
        output.is_unchanged || hutch_source_replace(source, ctx, output.text, output.length);
    if (replaced && !output.is_unchanged) {
        hutch_source_set_moves(source, &output);
    }
    hutch_strip_output_free(&output, allocator);
    return replaced;
}
