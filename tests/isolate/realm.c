/*
 * What a fresh realm has, and what it has not.
 */
#include "program.h"

#include "base/tool_name.h"

#include <quickjs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_engine_is_the_one_that_was_read_and_tested(void **state) {
    (void)state;
    assert_string_equal(JS_GetVersion(), "0.17.0");
}

/* `["a","b"]` of names without quotes and escapes. */
static size_t count_names(const char *json) {
    size_t quotes = 0;
    for (; *json != '\0'; json++) {
        quotes += *json == '"';
    }
    return quotes / 2;
}

static void the_table_of_taken_names_is_what_the_global_object_has(void **state) {
    (void)state;
    hutch_isolate *isolate = NULL;
    assert_int_equal(hutch_isolate_new(NULL, &isolate, NULL), HUTCH_OK);
    program_end end;
    program_run(isolate,
                "const names = new Set(); for (let o = globalThis; o; o = Object.getPrototypeOf(o))"
                " for (const key of Object.getOwnPropertyNames(o)) names.add(key);"
                "return [...names]",
                &end);
    size_t count = 0;
    const char *const *names = hutch_tool_name_globals(&count);
    for (size_t i = 0; i < count; i++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "\"%s\"", names[i]);
        if (strstr(end.json, quoted) == NULL) {
            fail_msg("the table has %s, the global object has not", names[i]);
        }
    }
    if (count_names(end.json) != count) {
        fail_msg("the table has %zu names, the global object %s", count, end.json);
    }
    hutch_isolate_free(isolate);
}

static void what_a_guest_must_not_have_is_not_there(void **state) {
    program_expect(*state,
                   "return ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'require',"
                   " 'process', 'std', 'os', 'Worker', 'WebAssembly', 'gc', 'navigator', 'print',"
                   " 'scriptArgs', 'load', 'Buffer', 'module', 'exports', 'Bun', 'Deno', 'bjson',"
                   " 'importScripts', 'XMLHttpRequest'].filter((name) => name in globalThis)",
                   "[]");
}

static void what_a_guest_may_count_on_is_there(void **state) {
    program_expect(*state,
                   "return ['queueMicrotask', 'console', 'performance', 'atob', 'btoa', 'WeakRef',"
                   " 'Proxy', 'Reflect', 'BigInt', 'Intl'].map((name) => name in globalThis)",
                   "[true,true,true,true,true,true,true,true,true,false]");
}

static void import_fails_and_can_be_caught(void **state) {
    program_expect(*state,
                   "try { await import('node:fs') } catch (e) { return [e.name, e.message] }",
                   "[\"TypeError\",\"Cannot import \\\"node:fs\\\": a program has no modules\"]");
    program_expect_failure(*state, "await import('./x.js')", HUTCH_FAILURE_GUEST, "TypeError",
                           "Cannot import");
    program_expect(*state, "return 'usable'", "\"usable\"");
}

static void nobody_can_block(void **state) {
    program_expect(*state,
                   "const a = new Int32Array(new SharedArrayBuffer(4));"
                   "try { Atomics.wait(a, 0, 0, 10) } catch (e) { return e.name }",
                   "\"TypeError\"");
}

static void console_and_tools_are_not_enumerated_as_engine_parts(void **state) {
    program_expect(*state, "return Object.keys(globalThis)",
                   "[\"performance\",\"echo\",\"fail\",\"never\"]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(the_engine_is_the_one_that_was_read_and_tested),
        program_test(the_table_of_taken_names_is_what_the_global_object_has),
        program_test(what_a_guest_must_not_have_is_not_there),
        program_test(what_a_guest_may_count_on_is_there),
        program_test(import_fails_and_can_be_caught),
        program_test(nobody_can_block),
        program_test(console_and_tools_are_not_enumerated_as_engine_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
