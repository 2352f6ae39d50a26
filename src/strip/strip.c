/*
 * The public function: a stripper from beginning to end.
 *
 * Threads: any.
 */
#include "strip/strip.h"

#include "base/allocator.h"
#include "base/checked.h"
#include "strip/lexer.h"
#include "strip/statement.h"

#include <string.h>

/* The whole source: a first line `#!`, and statements. */
static void run(stripper *p) {
    unsigned char *text = p->out.text;
    if (text[0] == '#' && text[1] == '!') {
        while (p->place.at < p->end && *p->place.at != '\n' && *p->place.at != '\r') {
            p->place.at++;
        }
    }
    strip_next(p);
    while (!strip_is(p, TOKEN_END)) {
        strip_statements(p);
        if (!strip_is(p, TOKEN_END)) {
            strip_fail_expected(p, "a statement");
        }
    }
}

/* Hand out what there is. */
static hutch_status conclude(stripper *p, hutch_strip_output *output,
                             hutch_strip_problem *problem) {
    size_t length;
    if (p->has_failed) {
        if (problem != NULL) {
            strip_problem_write(p, problem);
        }
        return HUTCH_INVALID_ARGUMENT;
    }
    if (!p->out.has_edits) {
        *output = (hutch_strip_output){.is_unchanged = true};
        return HUTCH_OK;
    }
    if (p->out.has_no_memory || !strip_output_finish(&p->out, &length)) {
        return HUTCH_OUT_OF_MEMORY;
    }
    *output = (hutch_strip_output){.text = (char *)p->out.text, .length = length};
    p->out.text = NULL;
    return HUTCH_OK;
}

hutch_status strip_run(const char *source, size_t length, const hutch_strip_options *options,
                       hutch_strip_output *output, hutch_strip_problem *problem, size_t *steps) {
    hutch_strip_options all =
        options != NULL ? *options : (hutch_strip_options)HUTCH_STRIP_OPTIONS_INIT;
    stripper p = {.goal = all.goal, .stack_bytes = all.stack_bytes};
    p.out.source = (const unsigned char *)source;
    p.out.length = length;
    p.out.allocator = all.allocator;
    p.out.text = hutch_allocator_resize(all.allocator, NULL, length + STRIP_PADDING);
    if (p.out.text == NULL) {
        return HUTCH_OUT_OF_MEMORY;
    }
    if (length > 0) {
        memcpy(p.out.text, source, length);
    }
    memset(p.out.text + length, 0, STRIP_PADDING);
    p.end = p.out.text + length;
    /* Where the text lies is as good as drawn by lot, and the output does not show it. */
    p.names.seed = (uint32_t)((uintptr_t)p.out.text >> 4);
    p.place.at = p.out.text;
    p.place.start = p.out.text;
    p.place.previous_end = p.out.text;
    run(&p);
    hutch_status status = conclude(&p, output, problem);
    if (steps != NULL) {
        *steps = p.steps;
    }
    hutch_allocator_release(all.allocator, p.names.rows);
    hutch_allocator_release(all.allocator, p.out.text);
    strip_output_release(&p.out);
    return status;
}

/* A problem that is not in the source. */
static hutch_status refuse(hutch_strip_problem *problem, const char *message) {
    if (problem != NULL) {
        *problem = (hutch_strip_problem){.line = 1, .column = 1};
        memcpy(problem->message, message, strlen(message) + 1);
    }
    return HUTCH_INVALID_ARGUMENT;
}

hutch_status hutch_strip(const char *source, size_t length, const hutch_strip_options *options,
                         hutch_strip_output *output, hutch_strip_problem *problem) {
    if (source == NULL && length > 0) {
        return refuse(problem, "expected a source, found NULL");
    }
    if (output == NULL) {
        return refuse(problem, "expected a place for the output, found NULL");
    }
    if (length > HUTCH_STRIP_SOURCE_MAX) {
        return refuse(problem, "expected a source of at most 2147483647 bytes, found a longer one");
    }
    if (options != NULL && options->size != sizeof *options) {
        return refuse(problem, "expected options made with HUTCH_STRIP_OPTIONS_INIT, found another "
                               "size");
    }
    if (options != NULL && options->goal != HUTCH_STRIP_BODY &&
        options->goal != HUTCH_STRIP_MODULE) {
        return refuse(problem, "expected HUTCH_STRIP_BODY or HUTCH_STRIP_MODULE as the goal");
    }
    return strip_run(source, length, options, output, problem, NULL);
}

void hutch_strip_output_free(hutch_strip_output *output, const hutch_allocator *allocator) {
    if (output != NULL) {
        hutch_allocator_release(allocator, output->text);
        *output = (hutch_strip_output){0};
    }
}
