/*
 * Looking for text that gets out of its body: random programs made of the
 * pieces that matter to a parser, and variations of attempts that are known.
 * Whatever compiles must be one async function with exactly this body, its types
 * as blanks.
 */
#include "program.h"

#include "isolate/guest.h"
#include "isolate/scan.h"
#include "isolate/typescript.h"

#include <stdio.h>
#include <string.h>

#define PROGRAMS 60000
#define CODE_MAX 1024

static const char *const pieces[] = {
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "?",
    ";",
    "=",
    "=>",
    "function ",
    "async ",
    "get ",
    "static ",
    "x",
    "1",
    "'",
    "\"",
    "`",
    "${",
    "/",
    "//",
    "/*",
    "*/",
    "<!--",
    "-->",
    "\n",
    "\r",
    "\xE2\x80\xA8",
    " ",
    "+",
    "-",
    "*",
    "...",
    "return ",
    "await ",
    "class ",
    "super",
    "\\",
    "\\u{7d}",
    "'}'",
    "`}`",
    "/}/",
    "/[/]}/",
    "if(1)",
    "else ",
    "in ",
    "of ",
    "new ",
    ".x",
    "()",
    "(){",
    "async function(){",
    "function(){",
    "},",
    "}:",
    "=>{",
    "x(){",
    "/g",
    "||",
    "?.",
    "let ",
    "for(",
    "yield ",
    "++",
    "--",
    "<",
    "label:",
    "try{",
    "}catch{",
    "#p",
    "'\\\n'",
    "}`",
    ":{",
    " as ",
    "!",
    "<T>",
    "enum E{",
    "interface I{",
    "type T=",
    "namespace N{",
    "declare ",
    "abstract ",
    "private ",
    " satisfies ",
    "'}'=",
};

static const char *const attempts[] = {
    "}, function(){",
    "} : evil(), 0 ? function(){",
    "}, async function(){",
    "}, x(){",
    "} / 1 / {",
    "`${`}`}`",
    "}, get x(){",
    "/}/ }, function(){",
    "async (x = /}/) => {}",
    "({a:{x}.y} = 1)",
    "[{}/}/1]",
    "({ a: [x = /}/] } = 0)",
    "(a = /[}]/) => 1",
    "x = { a: { b /}/ 1 } }",
    "let a: { x: 1 } }, function(){",
    "enum E { A } }, function(){",
    "enum E { '}' = 1, A = (() => {})() }",
    "namespace N { export const a = 1 } }, function(){",
    "class A { constructor(private a: {}) {} } }, function(){",
    "const f = (a: `}`): {} => {}",
    "<{}>{} as {}",
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static uint64_t seed;

static size_t random_below(size_t bound) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % bound;
}

static void insert(char *code, size_t at, const char *piece) {
    size_t length = strlen(piece);
    memmove(code + at + length, code + at, strlen(code + at) + 1);
    memcpy(code + at, piece, length);
}

static void make_program(char *code) {
    code[0] = '\0';
    if (random_below(2) == 0) {
        strcpy(code, attempts[random_below(COUNT(attempts))]);
    }
    for (size_t changes = 1 + random_below(code[0] != '\0' ? 4 : 16); changes > 0; changes--) {
        size_t at = random_below(strlen(code) + 1);
        if (random_below(3) == 0 && code[at] != '\0') {
            memmove(code + at, code + at + 1, strlen(code + at));
        } else {
            insert(code, at, pieces[random_below(COUNT(pieces))]);
        }
    }
}

/* The source text of what came out of the compiler. */
static void check_function(JSContext *ctx, JSValueConst made, const hutch_source *source,
                           const char *code) {
    char whole[CODE_MAX + 64];
    snprintf(whole, sizeof whole, "async function(){\n%.*s\n}", (int)source->length, source->code);
    const char *text = JS_IsAsyncFunction(made) ? JS_ToCString(ctx, made) : NULL;
    if (text == NULL || strcmp(text, whole) != 0) {
        fail_msg("%s\n  got out as %s", code, text != NULL ? text : "something else");
    }
    JS_FreeCString(ctx, text);
}

/* @return whether it compiled */
static bool try_program(hutch_guest *guest, const char *code) {
    hutch_source source = {0};
    hutch_guest_visit visit = hutch_guest_enter(guest);
    assert_true(hutch_source_set(&source, guest->ctx, code, strlen(code), 1));
    hutch_strip_options how = HUTCH_STRIP_OPTIONS_INIT;
    assert_true(hutch_source_strip(&source, guest->ctx, &guest->allocator, &how));
    JSValue made = hutch_source_compile(&source, guest->ctx, NULL, HUTCH_WRAPPING_AS_IS);
    bool compiled = !JS_IsException(made);
    if (compiled) {
        check_function(guest->ctx, made, &source, code);
        assert_false(source.strayed);
    }
    hutch_guest_clear_exception(guest);
    JS_FreeValue(guest->ctx, made);
    hutch_source_free(&source, guest->ctx);
    hutch_guest_leave(guest, visit);
    return compiled;
}

static void whatever_compiles_is_one_function_with_this_body(void **state) {
    hutch_isolate *isolate = *state;
    size_t compiled = 0;
    seed = 1;
    for (size_t i = 0; i < PROGRAMS; i++) {
        char code[CODE_MAX];
        if (i % 1000 == 0) {
            program_reset(isolate, NULL);
            isolate->guest->run.deadline_ns = UINT64_MAX;
        }
        make_program(code);
        compiled += try_program(isolate->guest, code);
    }
    assert_true(compiled > PROGRAMS / 100);
}

static void the_scanner_knows_what_it_can_know(void **state) {
    (void)state;
    static const struct {
        const char *code;
        hutch_scan_result result;
        size_t offset;
    } rows[] = {
        {"", HUTCH_SCAN_INSIDE, 0},
        {"{}", HUTCH_SCAN_INSIDE, 0},
        {"}", HUTCH_SCAN_CLOSES, 0},
        {"{}}", HUTCH_SCAN_CLOSES, 2},
        {"{", HUTCH_SCAN_INSIDE, 0},
        {"'}' \"}\" `}`", HUTCH_SCAN_INSIDE, 0},
        {"'\\'}'", HUTCH_SCAN_INSIDE, 0},
        {"`${{}}`", HUTCH_SCAN_INSIDE, 0},
        {"`${`${'}'}`}` }", HUTCH_SCAN_CLOSES, 14},
        {"`\\${`", HUTCH_SCAN_INSIDE, 0},
        {"// }\n/* } */", HUTCH_SCAN_INSIDE, 0},
        {"// }\r\n}", HUTCH_SCAN_CLOSES, 6},
        {"// }\r}", HUTCH_SCAN_UNKNOWN, 0},
        {"// \xE2\x80\xA9}", HUTCH_SCAN_UNKNOWN, 0},
        {"1 / 2", HUTCH_SCAN_UNKNOWN, 0},
        {"'\n}'", HUTCH_SCAN_UNKNOWN, 0},
        {"'", HUTCH_SCAN_UNKNOWN, 0},
        {"'\\", HUTCH_SCAN_UNKNOWN, 0},
        {"`", HUTCH_SCAN_UNKNOWN, 0},
        {"`\\", HUTCH_SCAN_UNKNOWN, 0},
        {"`${", HUTCH_SCAN_INSIDE, 0},
        {"/*", HUTCH_SCAN_UNKNOWN, 0},
        {"/", HUTCH_SCAN_UNKNOWN, 0},
        {"<!-- }", HUTCH_SCAN_UNKNOWN, 0},
        {"x --> 0", HUTCH_SCAN_UNKNOWN, 0},
        {"a < b - c", HUTCH_SCAN_INSIDE, 0},
        {"\\u0061", HUTCH_SCAN_UNKNOWN, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t offset = 0;
        hutch_scan_result result = hutch_scan(rows[i].code, strlen(rows[i].code), &offset);
        if (result != rows[i].result || (result == HUTCH_SCAN_CLOSES && offset != rows[i].offset)) {
            fail_msg("%s: %d at %zu", rows[i].code, (int)result, offset);
        }
    }
}

static void templates_nested_deeper_than_the_scanner_looks_still_run(void **state) {
    char code[1024] = "return ";
    for (int i = 0; i < 40; i++) {
        strcat(code, "`a${");
    }
    strcat(code, "1");
    for (int i = 0; i < 40; i++) {
        strcat(code, "}`");
    }
    strcat(code, ".length");
    size_t offset = 0;
    assert_int_equal(hutch_scan(code, strlen(code), &offset), HUTCH_SCAN_UNKNOWN);
    program_expect(*state, code, "41");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(whatever_compiles_is_one_function_with_this_body),
        cmocka_unit_test(the_scanner_knows_what_it_can_know),
        program_test(templates_nested_deeper_than_the_scanner_looks_still_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
