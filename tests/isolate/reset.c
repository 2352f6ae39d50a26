/*
 * A reset is a fresh start: nothing of one guest is visible to the next.
 */
#include "program.h"

#include "arena/poison.h"
#include "isolate/driver.h"
#include "isolate/guest.h"

#include <string.h>

static void changes_of_the_realm_are_gone(void **state) {
    static const struct {
        const char *change;
        const char *look;
        const char *json;
    } rows[] = {
        {"globalThis.x = 1", "return typeof x", "\"undefined\""},
        {"undeclared = 1", "return typeof undeclared", "\"undefined\""},
        {"(0, eval)('var g = 1; let l = 2; function f() {}; class C {}')",
         "return [typeof g, typeof l, typeof f, typeof C]",
         "[\"undefined\",\"undefined\",\"undefined\",\"undefined\"]"},
        {"Object.prototype.p = 1", "return 'p' in {}", "false"},
        {"Array.prototype.map = null", "return typeof [].map", "\"function\""},
        {"delete globalThis.JSON", "return typeof JSON", "\"object\""},
        {"Object = 5; Promise = 6", "return [typeof Object, typeof Promise]",
         "[\"function\",\"function\"]"},
        {"Object.freeze(Object.prototype)", "return Object.isFrozen(Object.prototype)", "false"},
        {"Object.preventExtensions(globalThis)", "globalThis.y = 1; return y", "1"},
        {"Math.random = () => 4", "return Math.random() === 4", "false"},
        {"console.log = null; console = 1", "return typeof console.log", "\"function\""},
        {"RegExp.prototype.exec = () => null", "return /a/.test('a')", "true"},
        {"Promise.prototype.then = null", "return await Promise.resolve(1)", "1"},
        {"Symbol.for('kept')[0]; globalThis[Symbol.for('k')] = 1",
         "return Symbol.for('k') in globalThis", "false"},
        {"Error.prepareStackTrace = () => 1; Error.stackTraceLimit = 0",
         "return [typeof Error.prepareStackTrace, Error.stackTraceLimit]", "[\"undefined\",10]"},
        {"/(a)/.exec('a')", "return RegExp.$1 ?? 'none'", "\"none\""},
        {"console.count(); console.group()", "console.count(); return 1", "1"},
        {"Object.setPrototypeOf(globalThis, { inherited: 1 })", "return typeof inherited",
         "\"undefined\""},
        {"(async () => 0).constructor.prototype.z = 1; (function* () {}).constructor.y = 1",
         "return [(async () => 0).z ?? 0, (function* () {}).constructor.y ?? 0]", "[0,0]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        program_end end;
        program_run(*state, rows[i].change, &end);
        program_reset(*state, NULL);
        program_expect(*state, rows[i].look, rows[i].json);
    }
}

static void tools_are_gone(void **state) {
    assert_int_equal(program_add_tool(*state, "extra", 5, NULL), HUTCH_OK);
    program_expect(*state, "return typeof extra", "\"function\"");
    assert_int_equal(hutch_isolate_reset(*state, NULL, NULL), HUTCH_OK);
    program_expect(*state, "return [typeof extra, typeof echo]", "[\"undefined\",\"undefined\"]");
}

/* What a worker does before its first guest. */
static void a_rehearsal_leaves_an_isolate_as_it_was(void **state) {
    hutch_isolate_stats before = HUTCH_ISOLATE_STATS_INIT;
    hutch_isolate_stats after = HUTCH_ISOLATE_STATS_INIT;
    assert_int_equal(hutch_isolate_reset(*state, NULL, NULL), HUTCH_OK);
    assert_int_equal(hutch_isolate_get_stats(*state, &before), HUTCH_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(hutch_isolate_rehearse(*state), HUTCH_OK);
        assert_int_equal(hutch_isolate_get_stats(*state, &after), HUTCH_OK);
        assert_memory_equal(&after, &before, sizeof before);
        program_expect(*state, "globalThis.x = (globalThis.x ?? 0) + 1; return x", "1");
        assert_int_equal(hutch_isolate_reset(*state, NULL, NULL), HUTCH_OK);
    }
}

static void a_reset_ends_whatever_is_going_on(void **state) {
    program_start(*state, "await never()");
    program_reset(*state, NULL);
    program_expect(*state, "return 1", "1");

    program_start(*state, "console.log(1); await never()");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_LOG);
    program_reset(*state, NULL);
    program_expect(*state, "return 2", "2");

    program_start(*state, "await never()");
    uint32_t id = program_next(*state).as.tool_call.id;
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    program_reset(*state, NULL);
    assert_int_equal(hutch_isolate_reply(*state, id, "1", 1, NULL), HUTCH_WRONG_STATE);
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_isolate_next(*state, &event), HUTCH_WRONG_STATE);
    program_expect(*state, "return 3", "3");
}

/* Three random numbers of a fresh guest, as JSON. */
static void draw(hutch_isolate *isolate, const hutch_isolate_options *options, char *out) {
    program_end end;
    program_reset(isolate, options);
    program_run(isolate, "return [Math.random(), Math.random(), Math.random()]", &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    strcpy(out, end.json);
}

static void the_random_sequence_is_another_one_each_time(void **state) {
    char first[PROGRAM_TEXT_MAX];
    char second[PROGRAM_TEXT_MAX];
    draw(*state, NULL, first);
    draw(*state, NULL, second);
    assert_string_not_equal(first, second);
}

static void a_fixed_seed_gives_the_same_sequence(void **state) {
    char first[PROGRAM_TEXT_MAX];
    char second[PROGRAM_TEXT_MAX];
    hutch_isolate_options options = program_options();
    options.fixed_random = true;
    options.random_seed = 1;
    draw(*state, &options, first);
    draw(*state, NULL, second);
    assert_string_equal(first, second);
    options.random_seed = 2;
    draw(*state, &options, second);
    assert_string_not_equal(first, second);
}

/* Byte by byte, free memory included: the sanitizers must not look on. */
HUTCH_ARENA_RAW static bool holds(const char *bytes, size_t length, const char *mark) {
    for (size_t i = 0; i < length; i++) {
        size_t same = 0;
        while (mark[same] != '\0' && i + same < length && bytes[i + same] == mark[same]) {
            same++;
        }
        if (mark[same] == '\0') {
            return true;
        }
    }
    return false;
}

static void the_guests_memory_is_wiped(void **state) {
    hutch_isolate *isolate = *state;
    /* Built at run time, so that it is nowhere but in the guest's heap. */
    static const char code[] = "globalThis.kept = [];"
                               "for (let i = 0; i < 100_000; i++) kept.push(['se', 'cret'].join('')"
                               " + '-mark' + i); return kept.length";
    static const char mark[] = "secret-mark";
    program_expect(isolate, code, "100000");
    hutch_arena_stats stats;
    hutch_arena_get_stats(isolate->arena, &stats);
    const char *bytes = (const char *)isolate->arena;
    assert_true(holds(bytes, stats.extent, mark));
    program_reset(isolate, NULL);
    assert_false(holds(bytes, stats.extent, mark));
}

static void options_can_change_at_a_reset(void **state) {
    hutch_isolate_options options = program_options();
    options.console = HUTCH_CONSOLE_STRING;
    options.utc_offset_minutes = -90;
    program_reset(*state, &options);
    program_end end;
    program_run(*state, "console.log({}); return new Date(0).getTimezoneOffset()", &end);
    assert_string_equal(end.logs, "log [object Object]\n");
    assert_string_equal(end.json, "90");
    program_reset(*state, NULL);
    program_expect(*state, "return new Date(0).getTimezoneOffset()", "90");
}

static void ten_thousand_guests_leave_the_heap_as_it_was(void **state) {
    hutch_isolate_stats stats = HUTCH_ISOLATE_STATS_INIT;
    program_reset(*state, NULL);
    assert_int_equal(hutch_isolate_get_stats(*state, &stats), HUTCH_OK);
    uint64_t before = stats.heap_bytes;
    for (int i = 0; i < 10000; i++) {
        program_reset(*state, NULL);
        program_expect(*state, "globalThis.x = [1, 2, 3].map((n) => ({ n })); return x.length",
                       "3");
    }
    program_reset(*state, NULL);
    assert_int_equal(hutch_isolate_get_stats(*state, &stats), HUTCH_OK);
    assert_int_equal(stats.heap_bytes, before);
    assert_true(stats.image_bytes > 0);
    assert_true(stats.peak_bytes >= stats.heap_bytes);
}

static void many_runs_of_one_context_do_not_grow_its_heap(void **state) {
    static const char code[] =
        "console.log('a', { b: 1 }); const r = await Promise.all([echo(1), echo('x'.repeat(1000)),"
        " fail({ message: 'm' }).catch((e) => e.message)]); return { r, big: 'y'.repeat(5000) }";
    static const char failing[] = "never(1); never(2); await fail({ message: 'x' })";
    hutch_isolate_stats stats = HUTCH_ISOLATE_STATS_INIT;
    program_end end;
    uint64_t before = 0;
    for (int i = 0; i < 400; i++) {
        program_run(*state, code, &end);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        program_run(*state, failing, &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_GUEST);
        program_run(*state, "let x = ", &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
        program_run(*state, "/}/; }, x", &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
        program_run(*state, "return undefined", &end);
        if (i % 100 == 99) {
            JS_RunGC(((hutch_isolate *)*state)->guest->rt);
            assert_int_equal(hutch_isolate_get_stats(*state, &stats), HUTCH_OK);
            if (before != 0) {
                assert_in_range(stats.heap_bytes, before - 8192, before + 8192);
            }
            before = stats.heap_bytes;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(changes_of_the_realm_are_gone),
        program_test(tools_are_gone),
        program_test(a_rehearsal_leaves_an_isolate_as_it_was),
        program_test(a_reset_ends_whatever_is_going_on),
        program_test(the_random_sequence_is_another_one_each_time),
        program_test(a_fixed_seed_gives_the_same_sequence),
        program_test(the_guests_memory_is_wiped),
        program_test(options_can_change_at_a_reset),
        program_test(ten_thousand_guests_leave_the_heap_as_it_was),
        program_test(many_runs_of_one_context_do_not_grow_its_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
