/*
 * What is behind the failure of a tool: hutch_tool_failure.reasons.
 */
#include "program.h"

#include "isolate/guest.h"

#include <string.h>

#define TELL                                                                                       \
    "const tell = (e) => e instanceof Error ? [e.name, e.message, e.code ?? null,"                 \
    " 'cause' in e ? tell(e.cause) : null, e.errors ? e.errors.map(tell) : null] : [e];"           \
    "try { await never({}) } catch (e) { return tell(e) }"

static hutch_status reject(hutch_isolate *isolate, uint32_t id, const char *reasons,
                           hutch_error *error) {
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    failure.message = (hutch_text){"m", 1};
    failure.reasons = (hutch_text){reasons, strlen(reasons)};
    return hutch_isolate_reject(isolate, id, &failure, error);
}

static uint32_t call(hutch_isolate *isolate, const char *code) {
    program_start(isolate, code);
    hutch_event event = program_next(isolate);
    assert_int_equal(event.type, HUTCH_EVENT_TOOL_CALL);
    return event.as.tool_call.id;
}

static void expect(hutch_isolate *isolate, const char *reasons, const char *json) {
    program_end end;
    uint32_t id = call(isolate, TELL);
    assert_int_equal(reject(isolate, id, reasons, NULL), HUTCH_OK);
    program_finish(isolate, &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_string_equal(end.json, json);
}

static void reasons_become_properties(void **state) {
    static const char *const rows[][2] = {
        {"", "[\"Error\",\"m\",null,null,null]"},
        {"{}", "[\"Error\",\"m\",null,null,null]"},
        {"{\"cause\":{\"value\":{\"a\":[1]}}}", "[\"Error\",\"m\",null,[{\"a\":[1]}],null]"},
        {"{\"cause\":{\"value\":null}}", "[\"Error\",\"m\",null,[null],null]"},
        {"{\"cause\":{\"error\":{}}}",
         "[\"Error\",\"m\",null,[\"Error\",\"\",null,null,null],null]"},
        {"{\"cause\":{\"error\":{\"name\":\"N\",\"message\":\"x\",\"code\":\"C\","
         "\"cause\":{\"value\":2},\"errors\":[{\"value\":3}]}}}",
         "[\"Error\",\"m\",null,[\"N\",\"x\",\"C\",[2],[[3]]],null]"},
        {"{\"errors\":[{\"value\":1},{\"error\":{\"message\":\"x\"}}]}",
         "[\"Error\",\"m\",null,null,[[1],[\"Error\",\"x\",null,null,null]]]"},
        /* What is not as it should be is left out. */
        {"[]", "[\"Error\",\"m\",null,null,null]"},
        {"{\"cause\":1,\"errors\":{}}", "[\"Error\",\"m\",null,null,null]"},
        {"{\"errors\":[1,null]}", "[\"Error\",\"m\",null,null,[[null],[null]]]"},
        {"{\"cause\":{\"error\":{\"name\":1,\"message\":[],\"code\":2}}}",
         "[\"Error\",\"m\",null,[\"Error\",\"\",null,null,null],null]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(*state, rows[i][0], rows[i][1]);
    }
}

static void levels_below_the_deepest_are_left_out(void **state) {
    char reasons[2048] = "";
    program_end end;
    for (int i = 0; i < 20; i++) {
        strcat(reasons, "{\"cause\":{\"error\":");
    }
    strcat(reasons, "{}");
    for (int i = 0; i < 20; i++) {
        strcat(reasons, "}}");
    }
    uint32_t id = call(*state, "try { await never({}) } catch (e) { let n = 0;"
                               " while (e.cause) { n++; e = e.cause } return n }");
    assert_int_equal(reject(*state, id, reasons, NULL), HUTCH_OK);
    program_finish(*state, &end);
    assert_string_equal(end.json, "8");
}

static void what_is_no_json_is_refused(void **state) {
    hutch_error error;
    program_end end;
    uint32_t id = call(*state, TELL);
    assert_int_equal(reject(*state, id, "{", &error), HUTCH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "the failure's reasons are not valid JSON");
    assert_int_equal(reject(*state, id, "{}", NULL), HUTCH_OK);
    program_finish(*state, &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
}

/* What a program has done to the prototypes is nothing to them. */
static void prototypes_that_lie_change_nothing(void **state) {
    program_end end;
    uint32_t id =
        call(*state, "const p = never({});"
                     "Object.defineProperty(Object.prototype, 'cause', { get() { throw 1 },"
                     " set() { throw 2 }, configurable: true });"
                     "Object.defineProperty(Array.prototype, '0', { set() { throw 3 },"
                     " configurable: true });"
                     "try { await p } catch (e) {"
                     " return e.message + Object.hasOwn(e, 'cause') + e.errors[0] }");
    assert_int_equal(reject(*state, id, "{\"errors\":[{\"value\":7}]}", NULL), HUTCH_OK);
    program_finish(*state, &end);
    assert_string_equal(end.json, "\"mfalse7\"");
}

/* Each allocation of making them fails in turn. */
static void without_room_they_end_the_run_or_are_left_out(void **state) {
    static const char reasons[] =
        "{\"cause\":{\"error\":{\"message\":\"x\",\"cause\":{\"value\":[1,{\"a\":2}]}}},"
        "\"errors\":[{\"error\":{\"name\":\"N\"}},{\"value\":\"text\"}]}";
    hutch_isolate *isolate = *state;
    bool short_of_memory = true;
    for (size_t countdown = 0; short_of_memory; countdown++) {
        program_end end;
        const char *what = NULL;
        program_reset(isolate, NULL);
        uint32_t id = call(isolate, "try { await never({}) } catch (e) { return e.message }");
        hutch_arena_fail_after(isolate->arena, countdown);
        (void)reject(isolate, id, reasons, NULL);
        hutch_arena_fail_after(isolate->arena, SIZE_MAX);
        short_of_memory = isolate->guest->run.refused || hutch_arena_take_refusal(isolate->arena);
        program_finish(isolate, &end);
        assert_int_not_equal(end.type, HUTCH_EVENT_WAITING);
        assert_true(hutch_arena_check(isolate->arena, &what));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(reasons_become_properties),
        program_test(levels_below_the_deepest_are_left_out),
        program_test(what_is_no_json_is_refused),
        program_test(prototypes_that_lie_change_nothing),
        program_test(without_room_they_end_the_run_or_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
