/*
 * Pieces of JSON texts: put together again they are the text, without the
 * spaces between its values; each is within its bounds.
 */
#include "base/json_cut.h"

#include "../support/cmocka.h"

#include <stdlib.h>
#include <string.h>

/* A text that is put together from steps. */
typedef struct text {
    char *data;
    size_t length;
    bool objects[HUTCH_JSON_DEPTH_MAX + 1]; /* the containers that are open */
    bool filled[HUTCH_JSON_DEPTH_MAX + 1];  /* whether they have items already */
    size_t depth;
} text;

static void add(text *out, const char *data, size_t length) {
    memcpy(out->data + out->length, data, length);
    out->length += length;
}

static void add_item(text *out, const char *data, size_t length) {
    if (out->filled[out->depth]) {
        add(out, ",", 1);
    }
    out->filled[out->depth] = true;
    add(out, data, length);
}

static void apply(text *out, const char *source, const hutch_json_step *step) {
    const char *from = source + step->from;
    size_t length = step->to - step->from;
    bool object = step->kind == HUTCH_JSON_STEP_OBJECT;
    switch (step->kind) {
    case HUTCH_JSON_STEP_ITEMS:
        add_item(out, from, length);
        break;
    case HUTCH_JSON_STEP_ARRAY:
    case HUTCH_JSON_STEP_OBJECT:
        assert_int_equal(length > 0, out->depth > 0 && out->objects[out->depth]);
        add_item(out, from, length);
        add(out, length > 0 ? ":" : "", length > 0);
        add(out, object ? "{" : "[", 1);
        out->objects[++out->depth] = object;
        out->filled[out->depth] = false;
        break;
    case HUTCH_JSON_STEP_CLOSE:
        assert_true(out->depth > 0);
        add(out, out->objects[out->depth--] ? "}" : "]", 1);
        break;
    }
}

/* Puts the pieces of a text together. @return how many there were */
static size_t put_together(const char *source, size_t length, text *out) {
    hutch_json_cut *cut = malloc(sizeof *cut);
    /* An allocation of its own, so that a sanitizer sees who reads behind its end. */
    char *copy = malloc(length);
    memcpy(copy, source, length);
    size_t pieces = 0;
    out->data = malloc(length + 1);
    out->length = 0;
    out->depth = 0;
    out->filled[0] = false;
    hutch_json_cut_begin(cut, copy, length);
    while (cut->at < cut->length) {
        size_t before = cut->at;
        hutch_json_cut_next(cut);
        assert_true(cut->at > before);
        assert_true(cut->values <= HUTCH_JSON_CUT_VALUES);
        assert_true(cut->step_count <= HUTCH_JSON_CUT_STEPS);
        for (size_t i = 0; i < cut->step_count; i++) {
            apply(out, copy, &cut->steps[i]);
        }
        pieces++;
    }
    assert_int_equal(out->depth, 0);
    free(copy);
    free(cut);
    return pieces;
}

static void expect_whole(const char *source, size_t length, size_t least_pieces) {
    text *out = malloc(sizeof *out);
    size_t pieces = put_together(source, length, out);
    assert_int_equal(out->length, length);
    assert_memory_equal(out->data, source, length);
    assert_true(pieces >= least_pieces);
    free(out->data);
    free(out);
}

static void small_texts_are_one_piece(void **state) {
    static const char *const texts[] = {
        "[]",
        "{}",
        "[1]",
        "[[],{}]",
        "{\"\":1}",
        "{\"a\":[1,2,{\"b\":\"]}\\\\\"}],\"c\":null}",
        "[\"\\\"\",\"\\\\\\\"\",\"\\\\\"]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_whole(texts[i], strlen(texts[i]), 1);
    }
}

static void spaces_between_values_do_not_matter(void **state) {
    static const char source[] = " [ 1 , { \"a\" : [ ] } ] \n";
    (void)state;
    text *out = malloc(sizeof *out);
    (void)put_together(source, strlen(source), out);
    /* They stay in what is one item of a piece. */
    assert_int_equal(out->length, strlen("[ 1 , { \"a\" : [ ] } ]"));
    free(out->data);
    free(out);
}

/* `unit` so many times between two brackets. */
static char *repeated(const char *open, const char *unit, const char *close, size_t times,
                      size_t *length) {
    size_t each = strlen(unit) + 1;
    char *made = malloc(strlen(open) + times * each + strlen(close) + 1);
    char *at = stpcpy(made, open);
    for (size_t i = 0; i < times; i++) {
        at = stpcpy(at, i > 0 ? "," : "");
        at = stpcpy(at, unit);
    }
    at = stpcpy(at, close);
    *length = (size_t)(at - made);
    return made;
}

static void many_values_are_many_pieces(void **state) {
    static const struct {
        const char *open;
        const char *unit;
        const char *close;
        size_t values; /* of a unit */
    } rows[] = {
        {"[", "1", "]", 1},
        {"[", "{}", "]", 1},
        {"{", "\"a\":1", "}", 1},
        {"[[[", "[1,[2],{\"a\":{\"b\":\"c\"}}]", "]]]", 7},
        {"{\"x\":{\"y\":[", "{\"a\":[]}", "],\"z\":true}}", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t times = 30000;
        size_t length;
        char *source = repeated(rows[i].open, rows[i].unit, rows[i].close, times, &length);
        expect_whole(source, length, times * rows[i].values / HUTCH_JSON_CUT_VALUES);
        free(source);
    }
}

static void long_texts_are_cut_between_strings(void **state) {
    char unit[20004];
    size_t length;
    (void)state;
    memset(unit, 'x', sizeof unit);
    unit[0] = unit[20002] = '"';
    unit[20003] = '\0';
    char *source = repeated("[", unit, "]", 100, &length);
    expect_whole(source, length, 100 * 20003 / (HUTCH_JSON_CUT_BYTES + 20003));
    free(source);
}

/* As deep as may be, with items on both sides of each container. */
static void deep_texts_are_cut_by_their_levels(void **state) {
    size_t depth = HUTCH_JSON_DEPTH_MAX;
    (void)state;
    char *source = malloc(depth * 24);
    char *at = source;
    for (size_t i = 0; i < depth; i++) {
        at = stpcpy(at, i % 2 == 0 ? "[1," : "{\"a\":2,\"b\":");
    }
    at = stpcpy(at, "0");
    for (size_t i = depth; i > 0; i--) {
        at = stpcpy(at, i % 2 == 1 ? ",3]" : ",\"c\":4}");
    }
    expect_whole(source, (size_t)(at - source), depth / HUTCH_JSON_CUT_LEVELS);
    free(source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_texts_are_one_piece),
        cmocka_unit_test(spaces_between_values_do_not_matter),
        cmocka_unit_test(many_values_are_many_pieces),
        cmocka_unit_test(long_texts_are_cut_between_strings),
        cmocka_unit_test(deep_texts_are_cut_by_their_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
