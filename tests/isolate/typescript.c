/*
 * Programs in TypeScript: what they do, where their errors are, and that
 * JavaScript is left alone.
 */
#include "program.h"

#include "isolate/guest.h"
#include "isolate/typescript.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void programs_with_types_run(void **state) {
    static const char *const rows[][2] = {
        {"const a: number = 1; return a", "1"},
        {"interface P { x: number }\nconst p: P = { x: 2 }\nreturn p.x", "2"},
        {"type T<U> = { [K in keyof U]?: U[K] }; const t: T<{ a: 1 }> = {}; return t", "{}"},
        {"function f<T extends object>(this: void, a?: T, ...b: T[]): T | undefined { return a }\n"
         "return f({ a: 1 })",
         "{\"a\":1}"},
        {"const r = await echo({ n: 1 }) as { n: number }; return r.n!", "1"},
        {"return ({ a: 1 } satisfies Record<string, number>).a", "1"},
        {"enum E { A = 1, B, C = 'c' } return [E.A, E.B, E.C, E[2]]", "[1,2,\"c\",\"B\"]"},
        {"const enum E { A = 1 << 2 } return E.A", "4"},
        {"namespace N { export const x = 1; export function f() { return x + 1 } } return N.f()",
         "2"},
        {"class A<T> { constructor(private readonly v: T, public w = 2) {}\n"
         "  get(): T { return this.v } }\nreturn [new A<number>(1).get(), new A(1).w]",
         "[1,2]"},
        {"abstract class B { abstract f(): number; protected x?: string; declare y: number }\n"
         "class C extends B implements Object { override f() { return 3 } } return new C().f()",
         "3"},
        {"function f(a: string): string\nfunction f(a: number): number\n"
         "function f(a: any) { return a }\nreturn f(4)",
         "4"},
        {"const f = async <T,>(x: T): Promise<T> => x; return await f<number>(5)", "5"},
        {"const f = <T,>(x: T) => x; const number = 1; return f<number>(6)", "6"},
        {"let a: number\n(a as any) = 7\nreturn a", "7"},
        {"declare const q: number; return typeof q", "\"undefined\""},
        {"const x = 8\ntype T = string\n;[1].map((n): number => n)\nreturn x", "8"},
        {"try { throw 1 } catch (e: unknown) { return e }", "1"},
        {"return ((a: number) => a < 1 ? a : 9 > 2)(3)", "true"},
        {"const f = (m: string): (void) => {}\nreturn typeof f('')", "\"undefined\""},
        {"const f = (a: number): ({ v: number }) => ({ v: a })\nreturn f(1)", "{\"v\":1}"},
        {"const f = () => <any>{ a: null }.a ?? 2\nreturn f()", "2"},
        {"const f = () => <any>{ a: 3 }.a ?? 2\nreturn <any>\nf() ?? 4", "3"},
        {"return await (<any>\nasync () => 5)()", "5"},
        {"label: for (const k of [1, 2] as const) { if (k === 2) { break label } } return 'é'",
         "\"\u00e9\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        program_expect(*state, rows[i][0], rows[i][1]);
    }
}

static void javascript_is_left_alone_byte_for_byte(void **state) {
    static const char *const codes[] = {
        "",
        "return /*\t*/ 1 // \r\n  ;;  ",
        "return [1 < 2 && 3 > (2), 'a: b', `${ { a : 1 }.a } as any`, /:x!/g]",
        "var as = 1, type = 2, of = 3; type\n= as; declare: for (;;) { break declare }",
        "/* 日本 😀 */ const é = x ? y : z; return a?.b ?? !c != d",
        "class A { static { } #p = 1; get get() { return this.#p } async *[Symbol.x]() { } }",
        "label: switch (1) { case x: default: } return ({ type: 1, as: 2, interface: 3 })",
        "const { a: b = 1, ...c } = { }; return async ({ x: [y] }) => { await (a < b) }",
    };
    hutch_guest *guest = ((hutch_isolate *)*state)->guest;
    hutch_guest_visit visit = hutch_guest_enter(guest);
    for (size_t i = 0; i < COUNT(codes); i++) {
        hutch_source source = {0};
        assert_true(hutch_source_set(&source, guest->ctx, codes[i], strlen(codes[i]), 1));
        hutch_strip_options how = HUTCH_STRIP_OPTIONS_INIT;
        assert_true(hutch_source_strip(&source, guest->ctx, &guest->allocator, &how));
        assert_null(source.problem);
        assert_int_equal(source.length, strlen(codes[i]));
        assert_memory_equal(source.code, codes[i], source.length);
        hutch_source_free(&source, guest->ctx);
    }
    hutch_guest_leave(guest, visit);
}

static void a_text_with_two_meanings_is_typescript(void **state) {
    static const char code[] = "const f = (x) => [x], number = 0; return f<number>(5)";
    program_expect(*state, code, "[5]");
    hutch_isolate_options options = program_options();
    options.typescript = false;
    program_reset(*state, &options);
    program_expect(*state, code, "false");
}

static void without_the_option_types_are_errors_of_syntax(void **state) {
    hutch_isolate_options options = program_options();
    options.typescript = false;
    program_reset(*state, &options);
    program_expect_failure(*state, "let a: number = 1", HUTCH_FAILURE_SYNTAX, "SyntaxError",
                           "found ':'");
    program_expect(*state, "return 1", "1");
}

static void errors_are_where_the_typescript_has_them(void **state) {
    static const struct {
        const char *code;
        uint32_t line;
        uint32_t column;
        const char *stack;
    } rows[] = {
        {"interface P {\n  x: number\n}\nconst p: P = null!\nreturn p.x", 5, 10,
         "    at program.ts:5:10"},
        {"const a: Array<{ é: '日本😀' }> = []; nope", 1, 37, "    at program.ts:1:37"},
        {"const é: '日本😀' = '日本😀' as any; nope", 1, 34, "    at program.ts:1:34"},
        /* What is turned keeps its line, not its column. */
        {"enum E {\n  A = 1,\n  B = nope.x\n}", 3, 15, NULL},
        {"namespace N {\n  export const a = 1\n  nope()\n}", 3, 3, NULL},
        {"class A {\n  constructor(private x: number, public y: string) {\n    nope(x)\n  }\n}\n"
         "new A(1, '')",
         3, 5, NULL},
        {"const f = <T,>(\n  a: T,\n): T => {\n  return nope as T\n}\nf<number>(1)", 4, 10,
         "    at f (program.ts:4:10)\n    at program.ts:6:1"},
        {"type A = 1\r\ntype B = 2\r\nnope", 3, 1, "    at program.ts:3:1"},
        {"const x: number = 1;\n  let y: string = ;", 2, 19, NULL},
        {"interface A { x: }", 1, 18, NULL},
        {"let v: number = 1\nlet v: string = ''", 2, 5, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, rows[i].code, &end);
        if (end.line != rows[i].line || end.column != rows[i].column ||
            (rows[i].stack != NULL && strcmp(end.stack, rows[i].stack) != 0)) {
            fail_msg("%s\n  gave %u:%u %s\n%s", rows[i].code, end.line, end.column, end.message,
                     end.stack);
        }
    }
}

static void whoever_got_further_tells_what_is_wrong(void **state) {
    static const struct {
        const char *code;
        const char *message; /* a part of it */
    } rows[] = {
        /* The engine stumbles over the first type, the stripper over the real mistake. */
        {"const a: number = 1\nconst b: string = f(1,, 2)", "found ','"},
        /* The stripper takes it, the engine knows better. */
        {"const a: number = 1; const a: string = ''", "'a' is declared twice"},
        {"let { a, b }: { a: 1; b: 2 } = {}\nlet = 5; 'use strict'; var a: number",
         "declared twice"},
        /* Neither has them, and the stripper says so. */
        {"function log(v: any) {}\nclass A { @log m() { return 1 } }", "decorators are not"},
        {"@log class A {}", "decorators are not"},
        {"class A { accessor a = 1 }", "'accessor' fields are not"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        program_end end;
        program_run(*state, rows[i].code, &end);
        if (end.failure != HUTCH_FAILURE_SYNTAX || strstr(end.message, rows[i].message) == NULL) {
            fail_msg("%s\n  gave %u:%u %s", rows[i].code, end.line, end.column, end.message);
        }
    }
}

static void types_that_close_the_function_are_errors_of_syntax(void **state) {
    static const char *const codes[] = {
        "let a: { x: 1 } }, function() { let b: {",
        "interface A { } }, function() { interface B {",
        "enum E { A } }, function() { enum F { B",
        "namespace N { } }, evil(), async function() { namespace M {",
        "type T = `${ '}' }` }, function() {",
        "declare module 'x' { } }, function() {",
        "let a: /* } */ number } : evil(), 0 ? function() {",
        "class A { x: { } } }, function() {",
        "const f = (): { } => { } }, function() {",
        "let a = <{ }>1 }, function() {",
        "let a: typeof import('}') }, x() {",
        "abstract class A { abstract x(): { } } } }, function() { {",
        "} as any, function() {",
        "}!, function() {",
        "} satisfies {}, function() {",
        "enum E { A = (() => { } } }, function() { 1 })() }",
    };
    for (size_t i = 0; i < COUNT(codes); i++) {
        program_end end;
        program_run(*state, codes[i], &end);
        if (end.type != HUTCH_EVENT_FAILED || end.failure != HUTCH_FAILURE_SYNTAX) {
            fail_msg("%s\n  gave %s %s: %s", codes[i], end.json, end.name, end.message);
        }
    }
}

/* `before` repeated, `middle`, `behind` repeated; owned by the caller. */
static char *nest(const char *before, const char *middle, const char *behind, size_t depth) {
    size_t length = depth * (strlen(before) + strlen(behind)) + strlen(middle) + 1;
    char *code = malloc(length);
    char *at = code;
    assert_non_null(code);
    for (size_t i = 0; i < depth; i++) {
        at = stpcpy(at, before);
    }
    at = stpcpy(at, middle);
    for (size_t i = 0; i < depth; i++) {
        at = stpcpy(at, behind);
    }
    return code;
}

static void nesting_of_any_depth_ends_in_an_error_or_runs(void **state) {
    static const char *const rows[][3] = {
        {"let x: (", "1", ")"},
        {"type T = [", "1", "]"},
        {"(", "1", ")"},
        {"[", "1", "]"},
        {"{", "", "}"},
        {"f(", "1", ")"},
        {"namespace N {", "", "}"},
        {"class A { x = ", "1", "}"},
        {"() => ", "1", ""},
        {"<T>", "1", ""},
        {"`${", "1", "}`"},
        {"a ? ", "1", ": 2"},
        {"type T = A<", "1", ">"},
        {"if (1) ", ";", ""},
        {"!", "1", ""},
        {"let x: { a: ", "1", "}"},
        {"(a: ", "1", ") => 1"},
        {"new ", "A", ""},
    };
    static const size_t depths[] = {100, 1999, 2001, 20000};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(depths); j++) {
            program_end end;
            char *code = nest(rows[i][0], rows[i][1], rows[i][2], depths[j]);
            program_reset(*state, NULL);
            program_run(*state, code, &end);
            assert_true(end.type == HUTCH_EVENT_DONE || end.type == HUTCH_EVENT_FAILED);
            free(code);
        }
    }
}

/* What hutch_isolate_next() asks for beyond the guest's own stack. */
#define STACK_BEYOND ((size_t)128 * 1024)

static void *run_nested(void *isolate) {
    static const char *const rows[][3] = {
        {"(", "1", ")"}, {"let x: (", "1", ")"}, {"<T>(", "1", ")"}, {"a=(b=(", "1", ")=>1)"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *code = nest(rows[i][0], rows[i][1], rows[i][2], 1990);
        hutch_event event = HUTCH_EVENT_INIT;
        (void)hutch_isolate_start(isolate, code, strlen(code), NULL);
        do {
            (void)hutch_isolate_next(isolate, &event);
        } while (event.type != HUTCH_EVENT_DONE && event.type != HUTCH_EVENT_FAILED);
        (void)hutch_isolate_reset(isolate, NULL, NULL);
        free(code);
    }
    return isolate;
}

static void nesting_takes_no_more_stack_than_the_guest_may_have(void **state) {
    pthread_t thread;
    pthread_attr_t attributes;
    void *result = NULL;
    hutch_isolate_options options = program_options();
    options.limits.stack_bytes = 64 * HUTCH_KIB;
    program_reset(*state, &options);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(
        pthread_attr_setstacksize(
            &attributes, HUTCH_STACK_FACTOR * (size_t)options.limits.stack_bytes + STACK_BEYOND),
        0);
    assert_int_equal(pthread_create(&thread, &attributes, run_nested, *state), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, *state);
    (void)pthread_attr_destroy(&attributes);
}

static void a_program_without_room_for_its_javascript_meets_the_memory_limit(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.memory_bytes = 2 * HUTCH_MIB;
    program_reset(*state, &options);
    char *code = nest("a as number;", "", "", 60000);
    program_expect_failure(*state, code, HUTCH_FAILURE_MEMORY, "MemoryLimitError", "2 MiB");
    free(code);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(programs_with_types_run),
        program_test(javascript_is_left_alone_byte_for_byte),
        program_test(a_text_with_two_meanings_is_typescript),
        program_test(without_the_option_types_are_errors_of_syntax),
        program_test(errors_are_where_the_typescript_has_them),
        program_test(whoever_got_further_tells_what_is_wrong),
        program_test(types_that_close_the_function_are_errors_of_syntax),
        program_test(nesting_of_any_depth_ends_in_an_error_or_runs),
        program_test(nesting_takes_no_more_stack_than_the_guest_may_have),
        program_test(a_program_without_room_for_its_javascript_meets_the_memory_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
