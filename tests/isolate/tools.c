/*
 * Tools: calls, answers, failures, budgets.
 */
#include "isolate/guest.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_last_id_is_the_last_call(void **state) {
    hutch_isolate *isolate = *state;
    program_expect(isolate, "return 1", "1");
    isolate->guest->calls.last_id = UINT32_MAX - 1;
    program_start(isolate, "return [await echo(1), await echo(2).catch((e) => e.message)]");
    hutch_event event = program_next(isolate);
    assert_int_equal(event.type, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(event.as.tool_call.id, UINT32_MAX);
    program_reply(isolate, UINT32_MAX, "7");
    do {
        event = program_next(isolate);
    } while (event.type == HUTCH_EVENT_WAITING);
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    assert_true(program_text_is(event.as.done.json,
                                "[7,\"The context has made 4294967295 tool calls and can make no "
                                "more\"]"));
}

static void a_call_carries_name_index_and_input(void **state) {
    program_start(*state, "return await echo({ a: [1, 'x'] })");
    hutch_event event = program_next(*state);
    assert_int_equal(event.type, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(event.as.tool_call.id, 1);
    assert_int_equal(event.as.tool_call.tool, 0);
    assert_true(program_text_is(event.as.tool_call.name, "echo"));
    assert_true(program_text_is(event.as.tool_call.input, "{\"a\":[1,\"x\"]}"));
    assert_int_equal(event.as.tool_call.values, 4);
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    program_reply(*state, 1, "[true]");
    event = program_next(*state);
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    assert_true(program_text_is(event.as.done.json, "[true]"));
    assert_int_equal(event.as.done.values, 2);
}

static void inputs_become_json(void **state) {
    static const struct {
        const char *argument;
        const char *json;
    } rows[] = {
        {"", "{}"},
        {"undefined", "{}"},
        {"() => 1", "{}"},
        {"Symbol()", "{}"},
        {"null", "null"},
        {"0", "0"},
        {"'\\ud800\\0'", "\"\\ud800\\u0000\""},
        {"{ a: 1 }, 'ignored'", "{\"a\":1}"},
        {"{ toJSON() { return [2] } }", "[2]"},
        {"'é日😀'", "\"é日😀\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char code[128];
        snprintf(code, sizeof code, "return await echo(%s)", rows[i].argument);
        program_expect(*state, code, rows[i].json);
    }
}

static void reset_with_proto_keys(hutch_isolate *isolate, hutch_proto_keys proto_keys) {
    hutch_isolate_options options = program_options();
    options.proto_keys = proto_keys;
    program_reset(isolate, &options);
}

#define WITH_PROTO "JSON.parse('{\"a\":1,\"\\\\u005f_proto__\":{\"b\":2}}')"

static void members_proto_are_dropped_by_default(void **state) {
    program_start(*state, "await echo(" WITH_PROTO ")");
    hutch_event event = program_next(*state);
    assert_true(program_text_is(event.as.tool_call.input, "{\"a\":1}"));
    reset_with_proto_keys(*state, HUTCH_PROTO_KEYS_DROP);
    program_expect(*state, "return [" WITH_PROTO "]", "[{\"a\":1}]");
    reset_with_proto_keys(*state, HUTCH_PROTO_KEYS_KEEP);
    program_expect(*state, "return [" WITH_PROTO "]", "[{\"a\":1,\"__proto__\":{\"b\":2}}]");
}

static void members_proto_are_errors_where_told(void **state) {
    reset_with_proto_keys(*state, HUTCH_PROTO_KEYS_ERROR);
    program_expect(*state,
                   "try { await echo(" WITH_PROTO ") } catch (e) {"
                   " return [e instanceof TypeError, e.code, e.message] }",
                   "[true,\"protoKeys\","
                   "\"The input has a member __proto__, which protoKeys refuses\"]");
    program_end end;
    program_run(*state, "return " WITH_PROTO, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_GUEST);
    assert_string_equal(end.name, "TypeError");
    assert_string_equal(end.code, "protoKeys");
    assert_string_equal(end.message, "The result has a member __proto__, which protoKeys refuses");
    assert_true(end.usable);
    program_expect(*state, "return ['__proto__', { __proto__: null }]", "[\"__proto__\",{}]");
}

static void an_input_that_is_no_json_rejects_the_call(void **state) {
    static const char *const inputs[] = {"10n", "(() => { const o = {}; o.o = o; return o })()"};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        char code[256];
        snprintf(code, sizeof code,
                 "const p = echo(%s); try { await p } catch (e) {"
                 " return [p instanceof Promise, e.name, e instanceof TypeError] }",
                 inputs[i]);
        program_expect(*state, code, "[true,\"TypeError\",true]");
    }
    program_expect(*state,
                   "try { await echo({ get x() { throw new Error('mine') } }) }"
                   "catch (e) { return e.message }",
                   "\"mine\"");
}

static void answers_may_come_in_any_order(void **state) {
    program_start(*state, "const order = [];"
                          "const calls = [1, 2, 3].map((n) => echo(n).then(() => order.push(n)));"
                          "await Promise.all(calls); return order");
    uint32_t ids[3];
    for (size_t i = 0; i < 3; i++) {
        hutch_event event = program_next(*state);
        assert_int_equal(event.type, HUTCH_EVENT_TOOL_CALL);
        ids[i] = event.as.tool_call.id;
    }
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    program_reply(*state, ids[2], "0");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    program_reply(*state, ids[0], "0");
    program_reply(*state, ids[1], "0");
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "[3,1,2]");
}

static void an_answer_of_no_bytes_is_undefined(void **state) {
    program_start(*state, "return typeof await echo()");
    hutch_event event = program_next(*state);
    assert_int_equal(hutch_isolate_reply(*state, event.as.tool_call.id, NULL, 0, NULL), HUTCH_OK);
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "\"undefined\"");
}

static void an_answer_that_is_no_json_rejects_the_call(void **state) {
    static const char *const answers[] = {"{", "nope", "[1,]", "'x'", "\"\xFF\"", "1 2", "\"\n\""};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        program_start(*state, "try { return await echo() } catch (e) {"
                              " return e instanceof Error &&"
                              " e.message.startsWith(\"The tool's result is not valid JSON: \") }");
        hutch_event event = program_next(*state);
        program_reply(*state, event.as.tool_call.id, answers[i]);
        program_end end;
        program_finish(*state, &end);
        if (strcmp(end.json, "true") != 0) {
            fail_msg("%s gave %s", answers[i], end.json);
        }
    }
}

static void keys_of_an_answer_are_own_properties_whatever_their_names(void **state) {
    program_start(*state, "const o = await echo();"
                          "return [Object.keys(o), Object.getPrototypeOf(o) === Object.prototype,"
                          " o.then]");
    hutch_event event = program_next(*state);
    program_reply(*state, event.as.tool_call.id, "{\"__proto__\":{\"x\":1},\"then\":2}");
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "[[\"__proto__\",\"then\"],true,2]");
}

static void a_failure_is_an_error_with_name_message_and_code(void **state) {
    program_expect(*state,
                   "try { await fail({ name: 'HttpError', message: 'gone', code: 'E410' }) }"
                   "catch (e) { return [e instanceof Error, e.name, e.message, e.code, '' + e] }",
                   "[true,\"HttpError\",\"gone\",\"E410\",\"HttpError: gone\"]");
    program_expect(*state,
                   "try { await fail({}) } catch (e) {"
                   " return [e.name, e.message, 'code' in e, Object.hasOwn(e, 'name')] }",
                   "[\"Error\",\"\",false,false]");
}

static void the_error_of_a_failure_tells_where_the_call_was_made(void **state) {
    program_end end;
    program_run(*state,
                "const before = 1\n"
                "async function ask() {\n"
                "    return await fail({ message: 'no' })\n"
                "}\n"
                "await ask()",
                &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_GUEST);
    assert_string_equal(end.message, "no");
    assert_int_equal(end.line, 3);
    assert_int_equal(end.column, 18);
    assert_string_equal(end.stack, "    at ask (program.ts:3:18)\n    at program.ts:5:7");
}

static void invalid_text_in_a_failure_is_repaired(void **state) {
    program_start(*state, "try { await echo() } catch (e) { return e.message }");
    hutch_event event = program_next(*state);
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    failure.message = (hutch_text){"a\xFF\0b", 4};
    assert_int_equal(hutch_isolate_reject(*state, event.as.tool_call.id, &failure, NULL), HUTCH_OK);
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "\"a\xEF\xBF\xBD\\u0000b\"");
}

static void wrong_ids_and_wrong_moments_are_refused(void **state) {
    hutch_error error = {0};
    assert_int_equal(hutch_isolate_reply(*state, 1, "1", 1, &error), HUTCH_WRONG_STATE);
    program_start(*state, "return await echo()");
    hutch_event event = program_next(*state);
    uint32_t id = event.as.tool_call.id;
    assert_int_equal(hutch_isolate_reply(*state, id + 1, "1", 1, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "no tool call 2"));
    assert_int_equal(hutch_isolate_reply(*state, 0, "1", 1, &error), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_isolate_reply(*state, id, NULL, 1, &error), HUTCH_INVALID_ARGUMENT);
    program_reply(*state, id, "1");
    assert_int_equal(hutch_isolate_reply(*state, id, "1", 1, &error), HUTCH_INVALID_ARGUMENT);
    hutch_tool_failure unsized = {0};
    assert_int_equal(hutch_isolate_reject(*state, id, &unsized, &error), HUTCH_INVALID_ARGUMENT);
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "1");
    assert_int_equal(hutch_isolate_reply(*state, id, "1", 1, &error), HUTCH_WRONG_STATE);
}

static void calls_that_are_open_at_the_end_are_dropped(void **state) {
    program_end end;
    program_run(*state,
                "globalThis.left = never(1); left.then(() => { globalThis.told = 1 });"
                "return 1",
                &end);
    assert_int_equal(end.call_count, 1);
    assert_string_equal(end.json, "1");
    program_expect(*state, "await 0; return typeof told", "\"undefined\"");
    program_expect_failure(*state, "await left", HUTCH_FAILURE_STALLED, "StalledError",
                           "no host work");
}

static void ids_are_unique_within_the_context(void **state) {
    program_start(*state, "await never()");
    assert_int_equal(program_next(*state).as.tool_call.id, 1);
    hutch_isolate_stop(*state);
    program_end end;
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_STOPPED);
    program_start(*state, "await never()");
    assert_int_equal(program_next(*state).as.tool_call.id, 2);
}

static void a_thousand_calls_at_once_are_answered_backwards(void **state) {
    program_start(*state, "const all = await Promise.all(Array.from({ length: 1000 },"
                          " (_, i) => echo(i))); return all.every((n, i) => n === i)");
    static uint32_t ids[1000];
    for (size_t i = 0; i < 1000; i++) {
        hutch_event event = program_next(*state);
        assert_int_equal(event.type, HUTCH_EVENT_TOOL_CALL);
        ids[i] = event.as.tool_call.id;
    }
    for (size_t i = 1000; i-- > 0;) {
        char json[24];
        snprintf(json, sizeof json, "%zu", i);
        program_reply(*state, ids[i], json);
    }
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "true");
}

static void calls_that_stay_open_are_found_among_many_that_do_not(void **state) {
    program_end end;
    program_run(
        *state,
        "const kept = [1, 2, 3, 4, 5].map((n) => never(n));"
        "for (let i = 0; i < 300; i++) await echo(i);"
        "kept.push(never(6)); for (let i = 0; i < 40; i++) await Promise.all([echo(), echo()]);"
        "return await Promise.all(kept)",
        &end);
    assert_int_equal(end.type, HUTCH_EVENT_WAITING);
    static const uint32_t ids[] = {3, 306, 1, 5, 2, 4};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char json[16];
        snprintf(json, sizeof json, "%u", (unsigned)ids[i]);
        program_reply(*state, ids[i], json);
    }
    program_finish(*state, &end);
    assert_string_equal(end.json, "[1,2,3,4,5,306]");
}

static void a_thousand_calls_one_after_the_other(void **state) {
    program_expect(*state,
                   "let sum = 0; for (let i = 0; i < 1000; i++) sum += await echo(i); return sum",
                   "499500");
}

static void a_tool_looks_like_an_ordinary_function(void **state) {
    program_expect(*state,
                   "const d = Object.getOwnPropertyDescriptor(globalThis, 'echo');"
                   "return [echo.name, echo.length, typeof echo, d.writable, d.enumerable,"
                   " d.configurable, 'prototype' in echo, echo() instanceof Promise]",
                   "[\"echo\",1,\"function\",true,true,true,false,true]");
    program_expect(*state, "echo = (x) => 'mine'; return await echo()", "\"mine\"");
}

static void tool_names_that_are_taken_or_impossible_are_refused(void **state) {
    static const char *const names[] = {
        "",         "Object",     "console", "undefined", "__proto__",
        "toString", "globalThis", "echo",    "eval",      "\xff",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        hutch_error error = {0};
        if (program_add_tool(*state, names[i], strlen(names[i]), &error) !=
                HUTCH_INVALID_ARGUMENT ||
            strstr(error.message, "expected") == NULL) {
            fail_msg("%s: %s", names[i], error.message);
        }
    }
    program_start(*state, "await never()");
    assert_int_equal(program_add_tool(*state, "later", 5, NULL), HUTCH_WRONG_STATE);
}

static void names_that_are_no_identifiers_are_bound_and_reachable(void **state) {
    static const char *const names[] = {"list-issues", "1st", "class", "a.b c", "\u00e9"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(program_add_tool(*state, names[i], strlen(names[i]), NULL), HUTCH_OK);
    }
    program_expect(*state, "return [list_issues, _1st, class_, a_b_c, _].map((tool) => tool.name)",
                   "[\"list_issues\",\"_1st\",\"class_\",\"a_b_c\",\"_\"]");
    program_expect(*state,
                   "return ['list-issues', '1st', 'class', 'a.b c', '\\u00e9'].map((name, i) =>"
                   " globalThis[name] === [list_issues, _1st, class_, a_b_c, _][i])",
                   "[true,true,true,true,true]");
    program_start(*state, "return await globalThis['a.b c']({})");
    hutch_event event = program_next(*state);
    assert_true(program_text_is(event.as.tool_call.name, "a.b c"));
    assert_int_equal(program_add_tool(*state, "a-b", 3, NULL), HUTCH_WRONG_STATE);
    program_reply(*state, event.as.tool_call.id, "1");
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "1");
}

static void two_tools_are_never_bound_alike(void **state) {
    hutch_error error = {0};
    assert_int_equal(program_add_tool(*state, "a-b", 3, NULL), HUTCH_OK);
    assert_int_equal(program_add_tool(*state, "a.b", 3, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "\"a.b\", bound as a_b"));
    assert_int_equal(program_add_tool(*state, "a_b", 3, &error), HUTCH_INVALID_ARGUMENT);
}

/* Whatever comes first: where a name and a binding are the same global, the binding has it. */
static void a_binding_goes_before_a_name(void **state) {
    hutch_tool a = HUTCH_TOOL("first");
    hutch_tool b = HUTCH_TOOL("second");
    a.bound = (hutch_text){"second", 6};
    b.bound = (hutch_text){"third", 5};
    assert_int_equal(hutch_isolate_add_tool(*state, &a, NULL), HUTCH_OK);
    assert_int_equal(hutch_isolate_add_tool(*state, &b, NULL), HUTCH_OK);
    program_expect(*state, "return [second.name, third.name, first === second]",
                   "[\"second\",\"third\",true]");
    hutch_tool c = HUTCH_TOOL("third");
    hutch_tool d = HUTCH_TOOL("fourth");
    c.bound = (hutch_text){"fourth", 6};
    d.bound = (hutch_text){"fifth", 5};
    assert_int_equal(hutch_isolate_add_tool(*state, &c, NULL), HUTCH_OK);
    assert_int_equal(hutch_isolate_add_tool(*state, &d, NULL), HUTCH_OK);
    program_expect(*state, "return [third.name, fourth.name, fifth.name]",
                   "[\"third\",\"fourth\",\"fifth\"]");
}

static void a_tool_takes_the_place_of_a_global_of_the_web(void **state) {
    static const char *const names[] = {"DOMException", "atob", "btoa", "performance",
                                        "queueMicrotask"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(program_add_tool(*state, names[i], strlen(names[i]), NULL), HUTCH_OK);
    }
    program_start(*state, "return [await performance(1), performance.name, queueMicrotask.name]");
    hutch_event event = program_next(*state);
    assert_true(program_text_is(event.as.tool_call.name, "performance"));
    program_reply(*state, event.as.tool_call.id, "5");
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "[5,\"performance\",\"queueMicrotask\"]");
    /* The next context has them again. */
    hutch_isolate_options options = program_options();
    program_reset(*state, &options);
    program_expect(*state, "return [typeof performance.now(), atob('aGk=')]",
                   "[\"number\",\"hi\"]");
}

/* What the log says of a program whose one tool answers nothing; "" when nothing. */
static void expect_argument_warnings(hutch_isolate *isolate, const char *code, int expected) {
    int warnings = 0;
    program_start(isolate, code);
    hutch_event event;
    do {
        event = program_next(isolate);
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            program_reply(isolate, event.as.tool_call.id, "1");
        } else if (event.type == HUTCH_EVENT_LOG) {
            assert_int_equal(event.as.log.level, HUTCH_LOG_WARN);
            assert_true(program_text_is(
                event.as.log.text, "echo was called with 2 arguments, but a tool takes one, its "
                                   "input: the others were dropped"));
            warnings++;
        }
    } while (event.type != HUTCH_EVENT_DONE && event.type != HUTCH_EVENT_FAILED);
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    if (warnings != expected) {
        fail_msg("%s: %d warnings, expected %d", code, warnings, expected);
    }
}

static void a_second_argument_is_told_once_a_run(void **state) {
    expect_argument_warnings(*state, "await echo(1, 2)", 1);
    expect_argument_warnings(*state, "await echo(1, 2); await echo(1, 2)", 1);
    expect_argument_warnings(*state, "await Promise.all([1, 2].map((x, i) => echo(x, i)))", 1);
    expect_argument_warnings(*state, "await echo({ a: 1 }, null)", 1);
    expect_argument_warnings(*state, "await echo(1, undefined)", 0);
    expect_argument_warnings(*state, "await Promise.all([1, 2].map(echo))", 0);
    expect_argument_warnings(*state, "await echo()", 0);
    expect_argument_warnings(*state, "await echo(1)", 0);
}

static void the_name_then_is_a_name_like_any_other(void **state) {
    assert_int_equal(program_add_tool(*state, "then", 4, NULL), HUTCH_OK);
    program_start(*state, "return await then(5)");
    hutch_event event = program_next(*state);
    assert_true(program_text_is(event.as.tool_call.name, "then"));
    program_reply(*state, event.as.tool_call.id, "6");
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "6");
}

static void the_most_tools_can_all_be_called(void **state) {
    (void)state;
    hutch_isolate *isolate = NULL;
    hutch_error error = {0};
    assert_int_equal(hutch_isolate_new(NULL, &isolate, &error), HUTCH_OK);
    for (int i = 0; i < HUTCH_TOOLS_MAX; i++) {
        char name[16];
        int length = snprintf(name, sizeof name, "tool%d", i);
        assert_int_equal(program_add_tool(isolate, name, (size_t)length, &error), HUTCH_OK);
    }
    assert_int_equal(program_add_tool(isolate, "more", 4, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "4096"));
    program_start(isolate, "await tool4095()");
    hutch_event event = program_next(isolate);
    assert_int_equal(event.as.tool_call.tool, HUTCH_TOOLS_MAX - 1);
    assert_true(program_text_is(event.as.tool_call.name, "tool4095"));
    hutch_isolate_free(isolate);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(a_call_carries_name_index_and_input),
        program_test(inputs_become_json),
        program_test(members_proto_are_dropped_by_default),
        program_test(members_proto_are_errors_where_told),
        program_test(an_input_that_is_no_json_rejects_the_call),
        program_test(answers_may_come_in_any_order),
        program_test(an_answer_of_no_bytes_is_undefined),
        program_test(an_answer_that_is_no_json_rejects_the_call),
        program_test(keys_of_an_answer_are_own_properties_whatever_their_names),
        program_test(a_failure_is_an_error_with_name_message_and_code),
        program_test(the_error_of_a_failure_tells_where_the_call_was_made),
        program_test(invalid_text_in_a_failure_is_repaired),
        program_test(wrong_ids_and_wrong_moments_are_refused),
        program_test(calls_that_are_open_at_the_end_are_dropped),
        program_test(ids_are_unique_within_the_context),
        program_test(the_last_id_is_the_last_call),
        program_test(a_thousand_calls_at_once_are_answered_backwards),
        program_test(calls_that_stay_open_are_found_among_many_that_do_not),
        program_test(a_thousand_calls_one_after_the_other),
        program_test(a_tool_looks_like_an_ordinary_function),
        program_test(tool_names_that_are_taken_or_impossible_are_refused),
        program_test(names_that_are_no_identifiers_are_bound_and_reachable),
        program_test(two_tools_are_never_bound_alike),
        program_test(a_binding_goes_before_a_name),
        program_test(a_tool_takes_the_place_of_a_global_of_the_web),
        program_test(a_second_argument_is_told_once_a_run),
        program_test(the_name_then_is_a_name_like_any_other),
        program_test(the_most_tools_can_all_be_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
