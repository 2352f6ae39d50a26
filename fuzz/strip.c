/**
 * @file strip.c
 * Sources of unknown origin: the stripper must not crash, must keep every line
 * break, must name a place inside of the source when it refuses one, and must
 * take a bounded number of steps for each byte. Its own output is a source too.
 */
#include "target.h"

#include "strip/strip.h"

#include <hutch/strip.h>

#include <string.h>

/* Tokens read for each byte of the source, at most; far above what any source needs. */
#define STEPS_PER_BYTE 32
#define STEPS_ALWAYS 64

/* Line breaks of all kinds; CR LF counts as two here, which is the same before and after. */
static size_t count_breaks(const char *text, size_t length) {
    size_t breaks = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_wide = length - i >= 3 && memcmp(text + i, "\xe2\x80", 2) == 0 &&
                       (text[i + 2] == '\xa8' || text[i + 2] == '\xa9');
        breaks += text[i] == '\n' || text[i] == '\r' || is_wide;
    }
    return breaks;
}

static void check_problem(const hutch_strip_problem *problem, size_t length) {
    size_t message = strnlen(problem->message, sizeof problem->message);
    FUZZ_REQUIRE(message > 0 && message < sizeof problem->message);
    FUZZ_REQUIRE(problem->line >= 1 && problem->column >= 1);
    FUZZ_REQUIRE(problem->offset <= length && problem->extent <= length - problem->offset);
}

/* What was put into the text lies in it, and breaks no line. */
static void check_moves(const hutch_strip_output *output) {
    FUZZ_REQUIRE(output->move_count <= HUTCH_STRIP_MOVES_MAX);
    FUZZ_REQUIRE(output->wrappers >> HUTCH_WRAPPERS == 0);
    for (size_t i = 0; i < output->move_count; i++) {
        const hutch_strip_move *move = &output->moves[i];
        FUZZ_REQUIRE(move->offset <= output->length &&
                     move->length <= output->length - move->offset);
        FUZZ_REQUIRE(count_breaks(output->text + move->offset, move->length) == 0);
    }
}

/* How a source is read. */
typedef struct manner {
    hutch_strip_goal goal;
    hutch_wrapping wrapping;
    bool keeps_types;
} manner;

static void check_source(const char *text, size_t length, const manner *how, bool again) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    hutch_strip_output output = {0};
    hutch_strip_problem problem = {0};
    size_t steps = 0;
    options.goal = how->goal;
    options.wrapping = how->wrapping;
    options.keeps_types = how->keeps_types;
    hutch_status status = strip_run(text, length, &options, &output, &problem, &steps);
    FUZZ_REQUIRE(steps <= STEPS_PER_BYTE * length + STEPS_ALWAYS);
    if (status != HUTCH_OK) {
        FUZZ_REQUIRE(status == HUTCH_INVALID_ARGUMENT);
        check_problem(&problem, length);
        return;
    }
    FUZZ_REQUIRE(output.is_unchanged == (output.text == NULL));
    if (output.text != NULL) {
        FUZZ_REQUIRE(output.text[output.length] == 0);
        FUZZ_REQUIRE(count_breaks(output.text, output.length) == count_breaks(text, length));
        check_moves(&output);
        if (again) {
            check_source(output.text, output.length, how, false);
        }
    }
    hutch_strip_output_free(&output, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    uint8_t choice = fuzz_byte(&input);
    manner how = {.goal = (choice & 1) != 0 ? HUTCH_STRIP_BODY : HUTCH_STRIP_MODULE,
                  .wrapping = (hutch_wrapping)((choice >> 1 & 3) % 3),
                  .keeps_types = (choice & 8) != 0};
    size_t length;
    const char *rest = fuzz_text(&input, input.left, &length);
    /* A copy of its own, so that a step beyond its end is one beyond the block. */
    char *text = malloc(length == 0 ? 1 : length);
    FUZZ_REQUIRE(text != NULL);
    if (length > 0) {
        memcpy(text, rest, length);
    }
    check_source(text, length, &how, true);
    free(text);
    return 0;
}
