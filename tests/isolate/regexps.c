/*
 * Regular expressions that the engine alone would refuse.
 */
#include "program.h"

#include <stdio.h>

typedef struct row {
    const char *code;
    const char *json;
} row;

#define COUNT(rows) (sizeof rows / sizeof((rows)[0]))

static void expect_rows(hutch_isolate *isolate, const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        program_expect(isolate, rows[i].code, rows[i].json);
    }
}

static void the_flag_v_restricts_classes_only(void **state) {
    static const row rows[] = {
        {"return { ...'2024-01-02'.match(/(?<y>\\d{4})-(?<m>\\d\\d)-(?<d>\\d\\d)/v)?.groups }",
         "{\"y\":\"2024\",\"m\":\"01\",\"d\":\"02\"}"},
        {"return [/-/v.test('-'), /a&&b/v.test('a&&b'), /--/v.exec('a--b').index]",
         "[true,true,1]"},
        /* Every punctuation that a class may not have twice, twice outside of one. */
        {"return [...'&!#%,:;<=>@`~-'].filter((c) => !new RegExp(c + c, 'v').test('x' + c + c))",
         "[]"},
        {"return [...'&!#%,:;<=>@`~-'].filter((c) => !new RegExp(`(?:a|${c})+$`, 'vi')"
         ".test('A' + c))",
         "[]"},
        {"return /https:\\/\\/[\\w.\\-]+\\/a--b&&c/v.test('https://x-y.z/a--b&&c')", "true"},
        {"return [/[[a-z]--[aeiou]]/v.test('e'), /[\\w&&\\d]/v.test('a'),"
         " /-[[a-z]--[c]]/v.test('-d'), /[\\q{abc|d}]/v.exec('xabc')[0]]",
         "[false,false,true,\"abc\"]"},
        /* In a class they are refused as before. */
        {"return ['[a&&&b]', '[(]', '[a--]', '[!!]', '[-]', '[a-]', '[|]', '[a&&b--c]']"
         ".filter((p) => { try { new RegExp(p, 'v'); return true } catch { return false } })",
         "[]"},
        {"return ['\\\\-', '\\\\&', '\\\\!'].filter((p) => {"
         " try { new RegExp(p, 'v'); return true } catch { return false } })",
         "[]"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void no_range_begins_behind_a_class_and_a_dash(void **state) {
    static const row rows[] = {
        {"return ['5', '-', 'a', 'z', 'm', 'b'].filter((c) => /^[\\d-a-z]$/.test(c))",
         "[\"5\",\"-\",\"a\",\"z\"]"},
        {"return ['.', '-', '_', ',', '/'].filter((c) => /^[\\w-.]$/.test(c))",
         "[\".\",\"-\",\"_\"]"},
        {"return ['a', '-', '5', 'x'].filter((c) => /^[a-\\d]$/.test(c))", "[\"a\",\"-\",\"5\"]"},
        {"return ['c', '1', '-', '8'].filter((c) => /^[\\s-ab-d1-3]$/.test(c))",
         "[\"c\",\"1\",\"-\"]"},
        {"return ['5', '-', '9', '.'].filter((c) => /^[\\d--9]$/.test(c))", "[\"5\",\"-\",\"9\"]"},
        {"try { new RegExp('[\\\\d-a]', 'u') } catch (e) { return e.name }", "\"SyntaxError\""},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void names_may_be_in_any_number_of_alternatives(void **state) {
    static const row rows[] = {
        {"const words = Array.from({ length: 300 }, (_, i) => `w${i}x`);"
         "const all = new RegExp(words.map((w) => `(?<word>${w})`).join('|'));"
         "return words.filter((w) => all.exec(`-${w}`)?.groups.word !== w)",
         "[]"},
        {"const words = Array.from({ length: 300 }, (_, i) => `w${i}x`);"
         "const all = new RegExp(words.map((w, i) => `(?<t${i}>${w})`).join('|'), 'y');"
         "return words.filter((w, i) => all.exec((all.lastIndex = 0, w))?.groups[`t${i}`] !== w)",
         "[]"},
        {"const all = new RegExp(`(?:${Array.from({ length: 300 }, (_, i) => `(?<q>${"
         "String.fromCharCode(0x4e00 + i)})`).join('|')})-\\\\k<q>`);"
         "return [all.test('\\u4e05-\\u4e05'), all.test('\\u4f2b-\\u4f2b'),"
         " all.test('\\u4e05-\\u4f2b')]",
         "[true,true,false]"},
        {"const all = new RegExp(['(?<a>X)', ...Array(5000).fill('z'), '(?<a>Y)'].join('|'));"
         "return [all.exec('X').groups.a, all.exec('Y').groups.a]",
         "[\"X\",\"Y\"]"},
        {"try { new RegExp('(?<a>x)(?<a>y)') } catch (e) { return e.message }",
         "\"Invalid regular expression: /(?<a>x)(?<a>y)/: Duplicate capture group name\""},
        {"const one = new RegExp('(?<n>a)' + '|b'.repeat(256));"
         "try { new RegExp('(?<n>a)(?<n>b)' + '|b'.repeat(256)) } catch (e) {"
         " return [one.exec('a').groups.n, e.name] }",
         "[\"a\",\"SyntaxError\"]"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void captures_beyond_the_254th_work_like_the_first(void **state) {
    static const row rows[] = {
        {"const m = new RegExp('(.)'.repeat(1000)).exec('ab'.repeat(500));"
         "return [m.length, m[1], m[256], m[257], m[1000]]",
         "[1001,\"a\",\"b\",\"a\",\"b\"]"},
        {"return new RegExp('(.)'.repeat(300) + '\\\\300$').test('x'.repeat(299) + 'yy')", "true"},
        {"return new RegExp('(.)'.repeat(300) + '\\\\300$').test('x'.repeat(299) + 'yx')", "false"},
        {"return 'a'.repeat(300).replace(new RegExp('(a)'.repeat(300)), '$99-$1')", "\"a-a\""},
        /* Captures are reset when the group around them is tried again. */
        {"const m = new RegExp('(?:' + '(a)?'.repeat(300) + 'b)+').exec('aabb');"
         "return [m[0], m.slice(1).filter(Boolean)]",
         "[\"aabb\",[]]"},
        {"const m = new RegExp('(?:' + '(a)'.repeat(300) + '|b)*').exec('a'.repeat(300) + 'b');"
         "return [m[0].length, m.slice(1).filter(Boolean)]",
         "[301,[]]"},
        {"return 'xa'.repeat(300).replace(new RegExp('(?<=' + '(x)(a)'.repeat(300) + ')$'), '!')"
         ".length",
         "601"},
        {"const m = new RegExp('(.)'.repeat(8190)).exec('a'.repeat(8190)); return m.length",
         "8191"},
        {"try { new RegExp('(.)'.repeat(8191)) } catch (e) { return e.message }",
         "\"too many captures\""},
        {"const m = new RegExp('(.)'.repeat(300), 'd').exec('a'.repeat(300));"
         "return m.indices[300]",
         "[299,300]"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(the_flag_v_restricts_classes_only),
        program_test(no_range_begins_behind_a_class_and_a_dash),
        program_test(names_may_be_in_any_number_of_alternatives),
        program_test(captures_beyond_the_254th_work_like_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
