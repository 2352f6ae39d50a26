/**
 * @file program.h
 * Running programs in an isolate and looking at what came out, for the tests of
 * src/isolate. Every isolate has three tools: `echo` gives its input back,
 * `fail` fails with its input as the failure ({name, message, code}), `never`
 * is not answered.
 */
#ifndef HUTCH_TESTS_ISOLATE_PROGRAM_H
#define HUTCH_TESTS_ISOLATE_PROGRAM_H

#include <hutch/isolate.h>

#include "../support/cmocka.h"

#define PROGRAM_TEXT_MAX 8192

/** How a run ended, and what happened before. Longer texts are cut. */
typedef struct program_end {
    hutch_event_type type; /**< DONE, FAILED or WAITING */
    uint32_t run;
    char json[PROGRAM_TEXT_MAX];
    size_t json_length;
    hutch_failure failure;
    bool usable;
    uint32_t line;
    uint32_t column;
    char name[256];
    char message[PROGRAM_TEXT_MAX];
    char stack[PROGRAM_TEXT_MAX];
    char code[256];
    char logs[PROGRAM_TEXT_MAX]; /**< "level text" of each, with a newline behind it */
    char last_log[256];
    uint32_t log_count;
    uint32_t call_count;
} program_end;

/** An isolate with the three tools. @param options  NULL: all defaults */
hutch_isolate *program_isolate(const hutch_isolate_options *options);

/** Make it new, with the three tools. @param options  NULL: keep them */
void program_reset(hutch_isolate *isolate, const hutch_isolate_options *options);

/** Options with all defaults, but that a run ends with its program, and says
 *  nothing of rejections (detached.c tests that). */
hutch_isolate_options program_options(void);

/** Start a program, which must be possible. */
void program_start(hutch_isolate *isolate, const char *code);

/** Go on until the run ends or waits, answering the calls of `echo` and `fail`. */
void program_finish(hutch_isolate *isolate, program_end *end);

/** program_start() and program_finish(). */
void program_run(hutch_isolate *isolate, const char *code, program_end *end);

/** The next event. */
hutch_event program_next(hutch_isolate *isolate);

/** Answer a call with this JSON. */
void program_reply(hutch_isolate *isolate, uint32_t id, const char *json);

/** Whether a text of an event is this one. */
bool program_text_is(hutch_text text, const char *expected);

/** The program must end with this JSON ("": undefined). */
void program_expect(hutch_isolate *isolate, const char *code, const char *json);

/** The program must fail so. @param message  a part of it */
void program_expect_failure(hutch_isolate *isolate, const char *code, hutch_failure failure,
                            const char *name, const char *message);

/** Gives each line of a file, `left TAB right`, to `check`. @return how many there are */
unsigned program_check_rows(hutch_isolate *isolate, const char *path,
                            void (*check)(hutch_isolate *isolate, const char *left,
                                          const char *right));

/** cmocka's setup and teardown: `*state` is an isolate with all defaults. */
int program_setup(void **state);
int program_teardown(void **state);

#define program_test(function)                                                                     \
    cmocka_unit_test_setup_teardown(function, program_setup, program_teardown)

/* hutch_isolate_add_tool(), by a name. */
static inline hutch_status program_add_tool(hutch_isolate *isolate, const char *name, size_t length,
                                            hutch_error *error) {
    hutch_tool tool = hutch_tool_named(name, length);
    return hutch_isolate_add_tool(isolate, &tool, error);
}

#endif
