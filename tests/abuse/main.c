/**
 * @file main.c
 * Runs every attack of a folder, each in a context of its own, and after each
 * one looks whether the host and the next context still work.
 *
 *     abuse DIRECTORY [PART-OF-A-NAME]
 */
#include "attack.h"
#include "support/patience.h"
#include "weapons.h"

#include <hutch/hutch.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest that an attack may take beyond its own timeout before it counts as hung. */
#define HANG_MS 20000

static bool fail_with(const char *what, const char *detail) {
    fprintf(stderr, "  %s: %s\n", what, detail);
    return false;
}

static void print_event(const hutch_event *event) {
    if (event->type == HUTCH_EVENT_DONE) {
        hutch_text json = event->as.done.json;
        fprintf(stderr, "  came: done %.*s\n", (int)(json.length > 300 ? 300 : json.length),
                json.data == NULL ? "" : json.data);
    } else if (event->type == HUTCH_EVENT_FAILED) {
        const hutch_failed *failed = &event->as.failed;
        size_t length = failed->message.length > 300 ? 300 : failed->message.length;
        fprintf(stderr, "  came: failed %s %.*s: %.*s\n", hutch_failure_text(failed->failure),
                (int)failed->name.length, failed->name.data, (int)length,
                failed->message.data == NULL ? "" : failed->message.data);
    } else {
        fprintf(stderr, "  came: event %d\n", (int)event->type);
    }
}

/* Pump a run to its end; the last event is in `event`. */
static bool run_to_end(hutch_context *context, uint64_t timeout_ms, hutch_event *event) {
    uint64_t longest_us = (timeout_ms + patience_ms(HANG_MS)) * 1000;
    bool ended = false;
    bool sound = true;
    while (sound && !ended) {
        if (hutch_context_next(context, longest_us, event) != HUTCH_OK)
            sound = fail_with("next", "refused");
        else if (event->type == HUTCH_EVENT_NONE)
            sound = fail_with("hangs", "no event for a long time");
        else if (event->type == HUTCH_EVENT_TOOL_CALL)
            sound = weapons_answer(context, &event->as.tool_call) == HUTCH_OK ||
                    fail_with("answer", "refused");
        else
            ended = event->type == HUTCH_EVENT_DONE || event->type == HUTCH_EVENT_FAILED;
    }
    return sound;
}

static bool run_attack(hutch_pool *pool, const attack *loaded) {
    hutch_error error = {0};
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_event event = HUTCH_EVENT_INIT;
    hutch_context_options_init(&options);
    options.tools = weapons_tools;
    options.tool_count = weapons_tool_count;
    options.isolate.limits.timeout_ms = loaded->timeout_ms;
    if (loaded->memory_bytes != 0)
        options.isolate.limits.memory_bytes = loaded->memory_bytes;

    bool passed =
        hutch_context_open(pool, &options, &context, &error) == HUTCH_OK &&
        hutch_context_start(context, loaded->source, loaded->length, NULL, &error) == HUTCH_OK;
    if (!passed)
        fail_with("host", error.message);
    passed = passed && run_to_end(context, loaded->timeout_ms, &event);
    if (passed && !attack_matches(loaded, &event)) {
        print_event(&event);
        passed = false;
    }
    hutch_context_close(context);
    return passed;
}

/* The next context is as fresh as the first: nothing stayed, and everything works. */
static bool next_context_works(hutch_pool *pool) {
    static const char program[] =
        "const fresh = typeof escaped === 'undefined' && {}.polluted === undefined &&\n"
        "  {}.then === undefined && {}.toJSON === undefined && {}.input === undefined &&\n"
        "  typeof left === 'undefined' && !Object.isFrozen(Object.prototype) &&\n"
        "  Error.name === 'Error' && Object.keys(globalThis).join() === "
        "'performance,echo,fail,weapon';\n"
        "const value = await echo({ list: [1, 2, 3].map((x) => x * 2) });\n"
        "return [fresh, value.list.join(), JSON.stringify({ a: 1 }), String(new "
        "Date(0).getTime())]";
    static const char expected[] = "[true,\"2,4,6\",\"{\\\"a\\\":1}\",\"0\"]";
    attack check = {.source = (char *)program,
                    .length = sizeof program - 1,
                    .outcome = ATTACK_DONE,
                    .timeout_ms = patience_ms(60000)};
    memcpy(check.detail, expected, sizeof expected);
    return run_attack(pool, &check) || fail_with("afterwards", "the next context is not as new");
}

static bool run_file(hutch_pool *pool, const char *path) {
    attack loaded;
    char problem[128];
    if (!attack_load(path, &loaded, problem, sizeof problem)) {
        fprintf(stderr, "not ok %s\n", path);
        return fail_with("attack", problem);
    }
    bool passed = run_attack(pool, &loaded) && next_context_works(pool);
    fprintf(passed ? stdout : stderr, "%s %s: %s\n", passed ? "ok" : "not ok",
            strrchr(path, '/') + 1, loaded.title);
    attack_free(&loaded);
    return passed;
}

int main(int argc, char **argv) {
    char pattern[4096];
    glob_t files = {0};
    hutch_pool *pool = NULL;
    hutch_error error = {0};
    int passed = 0;
    int failed = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: %s DIRECTORY [PART-OF-A-NAME]\n", argv[0]);
        return 2;
    }
    snprintf(pattern, sizeof pattern, "%s/*%s*.js", argv[1], argc > 2 ? argv[2] : "");
    if (hutch_pool_new(NULL, &pool, &error) != HUTCH_OK) {
        fprintf(stderr, "pool: %s\n", error.message);
        return 4;
    }
    glob(pattern, 0, NULL, &files);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        if (run_file(pool, files.gl_pathv[i]))
            passed++;
        else
            failed++;
    }
    globfree(&files);
    hutch_pool_free(pool);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
