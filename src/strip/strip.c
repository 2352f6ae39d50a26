/*
 * The public function: a stripper from beginning to end.
 *
 * Threads: any.
 */
#include "strip/strip.h"

#include "base/allocator.h"
#include "base/checked.h"
#include "base/size.h"
#include "strip/expression.h"
#include "strip/fence.h"
#include "strip/lexer.h"
#include "strip/statement.h"
#include "strip/wrapping.h"

#include <string.h>

/* The line `#!`, if the code begins with it. */
static void skip_first_line(stripper *p) {
    unsigned char *text = p->place.at;
    if (text[0] == '#' && text[1] == '!') {
        while (p->place.at < p->end && *p->place.at != '\n' && *p->place.at != '\r') {
            p->place.at++;
        }
        if (p->wrapped.is_on) {
            strip_wrapping_see(p, HUTCH_WRAPPER_SHEBANG, text);
            strip_wrapping_blank(p, text, p->place.at);
        }
    }
}

/* From here on: statements. */
static void read_all(stripper *p) {
    skip_first_line(p);
    p->wrapped.begin = p->place.at;
    strip_next(p);
    while (!strip_is(p, TOKEN_END)) {
        if (p->wrapped.is_on) {
            strip_wrapping_statements(p);
        } else {
            strip_statements(p);
        }
        if (!strip_is(p, TOKEN_END)) {
            strip_fail_expected(p, "a statement");
        }
    }
}

/* An object where a block was looked for. */
static void read_object(stripper *p) {
    strip_last *last = &p->wrapped.last;
    p->wrapped.begin = p->place.at;
    strip_next(p);
    last->from = p->place.start;
    strip_expression(p, 0);
    last->to = p->place.previous_end;
    last->stripped_to = strip_offset(p, last->to);
    last->is_expression = true;
    strip_take(p, TOKEN_SEMICOLON);
    if (!strip_is(p, TOKEN_END)) {
        strip_fail_expected(p, "the end of the program");
    }
}

/* Read it anew, without what is before and after the code. */
static void begin_again(stripper *p, size_t begin, size_t end) {
    hutch_wrapping wrapping = p->wrapped.wrapping;
    memcpy(p->out.text, p->out.source, p->out.length);
    strip_output_forget(&p->out, 0);
    p->out.waiting.count = 0;
    p->out.has_edits = false;
    p->out.has_wide = false;
    if (p->names.rows != NULL) {
        memset(p->names.rows, 0, p->names.room * sizeof *p->names.rows);
        p->names.count = 0;
    }
    stripper fresh = {.out = p->out,
                      .names = p->names,
                      .end = p->end,
                      .goal = p->goal,
                      .stack_bytes = p->stack_bytes,
                      .steps = p->steps,
                      .wrapped = {.is_on = true, .wrapping = wrapping}};
    *p = fresh;
    p->code_begin = begin;
    p->code_end = end;
    strip_wrapping_blank(p, p->out.text, p->out.text + begin);
    strip_wrapping_blank(p, p->out.text + end, p->end);
    p->place.at = p->out.text + begin;
    p->place.start = p->place.at;
    p->place.previous_end = p->place.at;
}

/* Whether a fence that was found is one of the text, rather than of a comment or string in a program. */
static bool is_real_fence(const stripper *p, const strip_fence *fence) {
    return fence->count > 0 && p->has_failed &&
           (p->wrapped.meets_fence || strip_offset(p, p->failure.from) <= fence->line_end);
}

/* Where the program begins and ends, in the fence if there is one. */
typedef struct code_range {
    size_t begin;
    size_t end;
} code_range;

static code_range read_fenced(stripper *p) {
    code_range range = {0, p->out.length};
    strip_fence fence = strip_fence_find(p->out.source, p->out.length);
    if (!is_real_fence(p, &fence)) {
        return range;
    }
    range = (code_range){fence.begin, fence.end};
    begin_again(p, fence.begin, fence.end);
    strip_wrapping_see(p, HUTCH_WRAPPER_FENCE, p->out.text + fence.open);
    if (fence.count > 1) {
        p->is_refused = true;
        strip_fail_at(p, p->out.text + fence.second, p->out.text + fence.second + 3,
                      "there are two fenced blocks, and one program is expected: send one block, "
                      "with all the code in it");
        return range;
    }
    read_all(p);
    return range;
}

/* `{ "a": 1 }` is no block. */
static void read_as_object(stripper *p, const code_range *range) {
    const unsigned char *source = p->out.source;
    size_t at = range->begin;
    while (at < range->end && strchr(" \t\r\n", source[at]) != NULL && source[at] != 0) {
        at++;
    }
    if (!p->has_failed || p->is_refused || p->is_too_deep || at == range->end ||
        source[at] != '{') {
        return;
    }
    strip_failure failure = p->failure;
    uint32_t wrappers = p->wrapped.wrappers;
    const unsigned char *fence = p->wrapped.places[HUTCH_WRAPPER_FENCE];
    begin_again(p, range->begin, range->end);
    p->wrapped.wrappers = wrappers;
    p->wrapped.places[HUTCH_WRAPPER_FENCE] = fence;
    read_object(p);
    if (p->has_failed) {
        p->failure = failure;
    }
}

/* The whole source: a first line `#!`, and statements. */
static void run(stripper *p) {
    read_all(p);
    if (p->wrapped.is_on) {
        code_range range = {0, p->out.length};
        if (p->has_failed) {
            range = read_fenced(p);
        }
        read_as_object(p, &range);
        strip_wrapping_finish(p);
    }
}

/* The names that are written around a program are none of its own. */
static bool has_own_name(const char *source, size_t length) {
    static const char own[] = "__hutch";
    return length > 0 && memmem(source, length, own, sizeof own - 1) != NULL;
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
    if (!p->out.has_edits && p->wrapped.head == NULL) {
        *output = (hutch_strip_output){.is_unchanged = true};
        return HUTCH_OK;
    }
    if (p->out.has_no_memory || !strip_output_finish(&p->out, &length)) {
        return HUTCH_OUT_OF_MEMORY;
    }
    *output = (hutch_strip_output){.text = (char *)p->out.text,
                                   .length = length,
                                   .head = p->wrapped.head,
                                   .move_count = p->out.move_count,
                                   .wrappers = p->wrapped.wrappers,
                                   .is_found_value = p->wrapped.is_found_value};
    memcpy(output->moves, p->out.moves, sizeof output->moves);
    p->out.text = NULL;
    return HUTCH_OK;
}

hutch_status strip_run(const char *source, size_t length, const hutch_strip_options *options,
                       hutch_strip_output *output, hutch_strip_problem *problem, size_t *steps) {
    hutch_strip_options all =
        options != NULL ? *options : (hutch_strip_options)HUTCH_STRIP_OPTIONS_INIT;
    stripper p = {.goal = all.goal, .stack_bytes = all.stack_bytes};
    p.wrapped.wrapping = all.wrapping;
    p.wrapped.is_on = all.wrapping != HUTCH_WRAPPING_AS_IS && all.goal == HUTCH_STRIP_BODY &&
                      !has_own_name(source, length);
    p.out.is_frozen = all.keeps_types;
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
    p.code_end = length;
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
    hutch_error error;
    if (source == NULL && length > 0) {
        return refuse(problem, "expected a source, found NULL");
    }
    if (output == NULL) {
        return refuse(problem, "expected a place for the output, found NULL");
    }
    if (length > HUTCH_STRIP_SOURCE_MAX) {
        return refuse(problem, "expected a source of at most 2147483647 bytes, found a longer one");
    }
    if (options != NULL && hutch_size_check(options->size, sizeof *options, "hutch_strip_options",
                                            "HUTCH_STRIP_OPTIONS_INIT", &error) != HUTCH_OK) {
        return refuse(problem, error.message);
    }
    if (options != NULL && options->goal != HUTCH_STRIP_BODY &&
        options->goal != HUTCH_STRIP_MODULE) {
        return refuse(problem, "expected HUTCH_STRIP_BODY or HUTCH_STRIP_MODULE as the goal");
    }
    if (options != NULL && options->wrapping != HUTCH_WRAPPING_AS_IS &&
        options->wrapping != HUTCH_WRAPPING_UNWRAP && options->wrapping != HUTCH_WRAPPING_REFUSE) {
        return refuse(problem, "expected a HUTCH_WRAPPING constant as the wrapping");
    }
    return strip_run(source, length, options, output, problem, NULL);
}

void hutch_strip_output_free(hutch_strip_output *output, const hutch_allocator *allocator) {
    if (output != NULL) {
        hutch_allocator_release(allocator, output->text);
        *output = (hutch_strip_output){0};
    }
}
