/*
 * What console.log prints. The table of values with the text that Node.js
 * gives for each is inspect.golden, filled in by regolden.mjs; its path is
 * the program's argument.
 */
#include "inspect/inspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OUT_MAX ((size_t)16 * 1024 * 1024)

static const char *golden_path;

typedef struct fixture {
    JSRuntime *runtime;
    JSContext *ctx;
    hutch_intrinsics kept;
} fixture;

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->runtime = JS_NewRuntime();
    assert_non_null(f->runtime);
    f->ctx = JS_NewContext(f->runtime);
    assert_non_null(f->ctx);
    assert_int_equal(hutch_intrinsics_keep(f->ctx, &f->kept), 0);
    *state = f;
    return 0;
}

/* An arena does not need it: it goes as a whole. */
static void release(JSContext *ctx, hutch_intrinsics *kept) {
    for (size_t i = 0; i < HUTCH_INTRINSIC_COUNT; i++) {
        JS_FreeValue(ctx, kept->methods[i]);
    }
    JS_FreeAtom(ctx, kept->tag);
}

static int tear_down(void **state) {
    fixture *f = *state;
    release(f->ctx, &f->kept);
    JS_FreeContext(f->ctx);
    JS_FreeRuntime(f->runtime);
    free(f);
    return 0;
}

static JSValue evaluate(JSContext *ctx, const char *code) {
    JSValue value = JS_Eval(ctx, code, strlen(code), "program.js", JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(value)) {
        JSValue error = JS_GetException(ctx);
        const char *text = JS_ToCString(ctx, error);
        fail_msg("%s\n  threw %s", code, text);
    }
    return value;
}

/* The printed text of an expression; freed by the caller. */
static char *print(const fixture *f, const char *code, bool top_level) {
    hutch_buffer out;
    hutch_buffer_init(&out, OUT_MAX, "OUT_MAX", NULL);
    JSValue value = evaluate(f->ctx, code);
    assert_int_equal(hutch_inspect_append(f->ctx, &f->kept, value, top_level, NULL, &out), 0);
    assert_false(JS_HasException(f->ctx));
    JS_FreeValue(f->ctx, value);
    assert_int_equal(hutch_buffer_append(&out, "", 1, NULL), HUTCH_OK);
    return out.data;
}

static void assert_prints(const fixture *f, const char *code, const char *expected) {
    char *text = print(f, code, true);
    assert_string_equal(text, expected);
    free(text);
}

static char *read_golden(void) {
    FILE *file = fopen(golden_path, "rb");
    if (file == NULL) {
        fail_msg("no golden file at %s", golden_path);
    }
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 2, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

/* Cuts the next case out of the text; NULL at its end. */
static char *next_case(char **rest, char **expected) {
    char *start = *rest;
    while (*start == '#') {
        start = strchr(start, '\n') + 1;
    }
    if (strncmp(start, "> ", 2) != 0) {
        return NULL;
    }
    char *line_end = strchr(start, '\n');
    *line_end = '\0';
    *expected = line_end + 1;
    char *end = *expected;
    while (*end != '\0' && strncmp(end, "> ", 2) != 0 && *end != '#') {
        end = strchr(end, '\n') + 1;
    }
    *rest = end;
    /* The marker of the next case is read once more: only the line feed before it goes. */
    end[-1] = '\0';
    return start + 2;
}

static void prints_what_node_prints(void **state) {
    fixture *f = *state;
    char *text = read_golden();
    char *rest = text;
    char *expected;
    unsigned cases = 0;
    unsigned wrong = 0;
    for (char *code; (code = next_case(&rest, &expected)) != NULL; cases++) {
        char wrapped[4096];
        snprintf(wrapped, sizeof wrapped, "(%s)", code);
        char *printed = print(f, wrapped, false);
        if (strcmp(printed, expected) != 0) {
            wrong++;
            print_error("%s\n--- Node.js\n%s\n--- here\n%s\n\n", code, expected, printed);
        }
        free(printed);
    }
    free(text);
    assert_int_equal(wrong, 0);
    assert_true(cases > 200);
}

static void prints_a_top_level_string_as_it_is(void **state) {
    fixture *f = *state;
    assert_prints(f, "\"it's\\n\\x1b\"", "it's\n\x1b");
    assert_prints(f, "'lone \\ud83d'", "lone \xEF\xBF\xBD");
    assert_prints(f, "''", "");
}

static void shortens_long_strings_inside_values(void **state) {
    fixture *f = *state;
    char *text = print(f, "['x'.repeat(10000)]", true);
    assert_int_equal(strlen(text), 10000 + strlen("[\n  ''\n]"));
    free(text);
    text = print(f, "['x'.repeat(10001)]", true);
    assert_non_null(strstr(text, "x'... 1 more character\n]"));
    free(text);
    text = print(f, "['\\u{1f600}'.repeat(5001)]", true);
    assert_non_null(strstr(text, "'... 2 more characters\n]"));
    free(text);
}

/* Values first, then a world in which every built-in way to look at them is a trap. */
static const char trapped_world[] =
    "var ran = [];\n"
    "var ready = [new Map([[1, 2]]), new Set([3]), new Date(0), /x/g, Object(4), Object('s'),\n"
    "  Object(5n), Object(Symbol('q')), Object(true), new Error('boom'), function f() {},\n"
    "  class A {}, Promise.resolve(6), new Uint8Array(2), new ArrayBuffer(1),\n"
    "  new DataView(new ArrayBuffer(1)), (function () { return arguments })(7), [8, , 9],\n"
    "  { get a() { ran.push('own getter') } }, function* () {}, new (class B {})()];\n"
    "function bad(name) { return function () { ran.push(name); throw name } }\n"
    "var trap = new Proxy(function () {}, new Proxy({}, { get: bad('trap') }));\n"
    "ready.push(trap, Object.create(trap), Object.setPrototypeOf(class {}, trap),\n"
    "  Object.setPrototypeOf([1], trap), Object.setPrototypeOf(new Map(), trap),\n"
    "  Object.create({ get constructor() { ran.push('constructor') } }),\n"
    "  { constructor: trap }, { toString: bad('toString'), toJSON: bad('toJSON'),\n"
    "    valueOf: bad('valueOf'), inspect: bad('inspect'), then: bad('then') });\n"
    "const places = [];\n"
    "for (const C of [Map, Set, Date, RegExp, Number, String, BigInt, Symbol, Boolean, Error,\n"
    "    Function, Promise, Uint8Array, Object.getPrototypeOf(Uint8Array), ArrayBuffer, DataView,\n"
    "    Array, Object]) places.push([C, 'static '], [C.prototype, C.name + '.prototype.']);\n"
    "places.push([Object.getPrototypeOf(new Map().entries()), 'map iterator'],\n"
    "  [Object.getPrototypeOf(new Set().values()), 'set iterator']);\n"
    "const traps = [];\n"
    "for (const [holder, label] of places)\n"
    "  for (const name of Reflect.ownKeys(holder))\n"
    "    if (!['prototype', 'constructor', 'name', 'length'].includes(name) || \n"
    "        (name === 'name' && holder === Error.prototype))\n"
    "      traps.push([holder, name, { get: bad(label + String(name)), configurable: true }]);\n"
    "const define = Reflect.defineProperty;\n"
    "for (let i = 0; i < traps.length; i++) define(traps[i][0], traps[i][1], traps[i][2]);\n"
    "ran = null; ran = { count: 0, push(what) { this.count++; this.last = what } };\n"
    "undefined";

static void never_runs_code_of_the_guest(void **state) {
    fixture *f = *state;
    JS_FreeValue(f->ctx, evaluate(f->ctx, trapped_world));
    JSValue count = evaluate(f->ctx, "ready.length");
    int values = JS_VALUE_GET_INT(count);
    assert_true(values > 25);
    for (int i = 0; i < values; i++) {
        char code[32];
        snprintf(code, sizeof code, "ready[%d]", i);
        char *text = print(f, code, true);
        assert_null(strstr(text, "[unprintable]"));
        free(text);
    }
    assert_prints(f, "ran.last", "undefined");
    assert_prints(f, "ran.count", "0");
    /* The traps do spring when anything else looks. */
    JS_FreeValue(f->ctx, evaluate(f->ctx, "try { ready[0].size } catch {}"));
    assert_prints(f, "ran.count", "1");
}

static void shows_contents_although_the_guest_replaced_the_methods(void **state) {
    fixture *f = *state;
    JS_FreeValue(f->ctx, evaluate(f->ctx, trapped_world));
    assert_prints(f, "ready[0]", "Map(1) { 1 => 2 }");
    assert_prints(f, "ready[1]", "Set(1) { 3 }");
    assert_prints(f, "ready[2]", "1970-01-01T00:00:00.000Z");
    assert_prints(f, "ready[3]", "/x/g");
    assert_prints(f, "ready[4]", "[Number: 4]");
}

static void prints_an_error_with_the_frames_of_its_making(void **state) {
    fixture *f = *state;
    assert_prints(f, "new TypeError('boom')", "TypeError: boom\n    at <eval> (program.js:1:1)");
    assert_prints(f, "({ e: new Error('two\\nlines') })",
                  "{\n  e: Error: two\n  lines\n      at <eval> (program.js:1:7)\n}");
    assert_prints(f, "class MyError extends Error {}; new MyError('m')",
                  "MyError: m\n    at <eval> (program.js:1:33)");
    assert_prints(f, "class Oops extends Error {}; new Oops('m')",
                  "Oops [Error]: m\n    at <eval> (program.js:1:30)");
    assert_prints(f, "Object.assign(new Error('m'), { name: 'NamedError' })",
                  "NamedError: m\n    at <eval> (program.js:1:15)");
    assert_prints(f, "Object.assign(new Error('m'), { code: 'E_X' })",
                  "Error: m\n    at <eval> (program.js:1:15) {\n  code: 'E_X'\n}");
    assert_prints(f, "new Error('outer', { cause: 1 })",
                  "Error: outer\n    at <eval> (program.js:1:1) {\n  [cause]: 1\n}");
}

static void prints_what_is_behind_a_chain_of_many_proxies(void **state) {
    fixture *f = *state;
    assert_prints(f,
                  "{ let p = { a: 1 }; for (let i = 0; i < 10000; i++) p = new Proxy(p, {}); p }",
                  "{ a: 1 }");
}

static void leaves_named_properties_of_very_long_arrays_out(void **state) {
    fixture *f = *state;
    char *text = print(f, "Object.assign(Array(10000).fill(0), { named: 1 })", true);
    assert_non_null(strstr(text, "... 9900 more items,\n  named: 1\n]"));
    free(text);
    text = print(f, "Object.assign(Array(10001).fill(0), { named: 1 })", true);
    assert_non_null(strstr(text, "... 9901 more items\n]"));
    free(text);
}

static void stops_at_the_bound_of_the_text(void **state) {
    fixture *f = *state;
    static const char *const large[] = {
        "Array(100).fill(Array(100).fill(Array(100).fill('x'.repeat(1000))))",
        "Object.fromEntries(Array.from({ length: 200000 }, (_, i) => ['name ' + i, i]))",
        "({ ['k'.repeat(3000000)]: 1 })",
        "Symbol('s'.repeat(3000000))",
        "Object.defineProperty(() => {}, 'name', { value: 'f'.repeat(3000000) })",
    };
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        char *text = print(f, large[i], false);
        size_t length = strlen(text);
        assert_in_range(length, HUTCH_INSPECT_TEXT_BYTES - 4, HUTCH_INSPECT_TEXT_BYTES + 64);
        assert_string_equal(text + length - 25, " ... the rest is left out");
        free(text);
    }
}

static void without_the_kept_methods_contents_are_unprintable_and_the_rest_is_not(void **state) {
    fixture *f = *state;
    fixture bare = {.ctx = JS_NewContext(f->runtime)};
    assert_non_null(bare.ctx);
    assert_prints(&bare, "[{ a: 1 }, new Map([[1, 2]]), new Date(0), () => {}]",
                  "[ { a: 1 }, [unprintable], [unprintable], [Function (anonymous)] ]");
    JS_FreeContext(bare.ctx);
}

static void works_in_a_context_without_the_optional_intrinsics(void **state) {
    fixture *f = *state;
    fixture raw = {.ctx = JS_NewContextRaw(f->runtime)};
    assert_non_null(raw.ctx);
    assert_int_equal(JS_AddIntrinsicBaseObjects(raw.ctx), 0);
    assert_int_equal(JS_AddIntrinsicEval(raw.ctx), 0);
    assert_int_equal(hutch_intrinsics_keep(raw.ctx, &raw.kept), 0);
    assert_prints(&raw, "[{ a: [1] }, function f() {}, Object(1)]",
                  "[ { a: [ 1 ] }, [Function: f], [Number: 1] ]");
    release(raw.ctx, &raw.kept);
    JS_FreeContext(raw.ctx);
}

/* An allocator whose memory ends. */
typedef struct scarce {
    size_t left;
    size_t live;
} scarce;

static void *scarce_resize(void *user, void *block, size_t size) {
    scarce *memory = user;
    if (memory->left == 0) {
        return NULL;
    }
    memory->left--;
    memory->live += block == NULL ? 1 : 0;
    return realloc(block, size);
}

static void scarce_release(void *user, void *block) {
    scarce *memory = user;
    memory->live -= block == NULL ? 0 : 1;
    free(block);
}

static const char varied[] =
    "[{ a: { b: [1, 'two', 3n] } }, new Map([[{ k: 1 }, new Set([1])]]), new Error('e'), /x/g,\n"
    " new Date(0), class A {}, Promise.resolve(1), new Uint8Array(9), Object('s'),\n"
    " (() => { const c = {}; c.c = c; return c })(), 'long '.repeat(200)]";

static void survives_the_failure_of_each_allocation_of_its_own(void **state) {
    fixture *f = *state;
    JSValue value = evaluate(f->ctx, varied);
    size_t failures = 0;
    for (int result = -1; result != 0; failures++) {
        scarce memory = {.left = failures};
        hutch_allocator allocator = {scarce_resize, scarce_release, &memory};
        hutch_buffer out;
        hutch_buffer_init(&out, OUT_MAX, "OUT_MAX", &allocator);
        result = hutch_inspect_append(f->ctx, &f->kept, value, true, NULL, &out);
        assert_false(JS_HasException(f->ctx));
        hutch_buffer_free(&out);
        assert_int_equal(memory.live, 0);
    }
    assert_true(failures > 3);
    JS_FreeValue(f->ctx, value);
}

static void survives_the_end_of_the_engines_memory_at_any_point(void **state) {
    fixture *f = *state;
    JSValue value = evaluate(f->ctx, varied);
    JSMemoryUsage usage;
    JS_ComputeMemoryUsage(f->runtime, &usage);
    for (size_t room = 0; room < 20000; room += 96) {
        hutch_buffer out;
        hutch_buffer_init(&out, OUT_MAX, "OUT_MAX", NULL);
        JS_SetMemoryLimit(f->runtime, (size_t)usage.malloc_size + room);
        assert_int_equal(hutch_inspect_append(f->ctx, &f->kept, value, true, NULL, &out), 0);
        assert_false(JS_HasException(f->ctx));
        JS_SetMemoryLimit(f->runtime, 0);
        assert_true(out.length > 0);
        hutch_buffer_free(&out);
    }
    JS_FreeValue(f->ctx, value);
}

static void says_so_when_the_output_is_full(void **state) {
    fixture *f = *state;
    hutch_buffer out;
    hutch_buffer_init(&out, 10, "ten", NULL);
    JSValue value = evaluate(f->ctx, "({ a: 'more than ten bytes' })");
    assert_int_equal(hutch_inspect_append(f->ctx, &f->kept, value, true, NULL, &out), -1);
    JS_FreeValue(f->ctx, value);
    JSValue text = evaluate(f->ctx, "'more than ten bytes'");
    assert_int_equal(hutch_inspect_append(f->ctx, &f->kept, text, true, NULL, &out), -1);
    JS_FreeValue(f->ctx, text);
    hutch_buffer_free(&out);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(prints_what_node_prints),
        TEST(prints_a_top_level_string_as_it_is),
        TEST(shortens_long_strings_inside_values),
        TEST(never_runs_code_of_the_guest),
        TEST(shows_contents_although_the_guest_replaced_the_methods),
        TEST(prints_an_error_with_the_frames_of_its_making),
        TEST(prints_what_is_behind_a_chain_of_many_proxies),
        TEST(leaves_named_properties_of_very_long_arrays_out),
        TEST(stops_at_the_bound_of_the_text),
        TEST(without_the_kept_methods_contents_are_unprintable_and_the_rest_is_not),
        TEST(works_in_a_context_without_the_optional_intrinsics),
        TEST(survives_the_failure_of_each_allocation_of_its_own),
        TEST(survives_the_end_of_the_engines_memory_at_any_point),
        TEST(says_so_when_the_output_is_full),
#undef TEST
    };
    golden_path = argc > 1 ? argv[1] : "tests/inspect/inspect.golden";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
