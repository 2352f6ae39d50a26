/**
 * @file json.c
 * JSON of unknown origin: the judge that takes pieces (base/json_scan.h) and the
 * knife (base/json_cut.h) against a reader that has the whole text and recursion.
 *
 * An input is a number of bytes a piece, the limit of values, and the text.
 */
#include "target.h"

#include "base/json_cut.h"
#include "base/json_scan.h"
#include "base/utf8.h"

#include <string.h>

/* Longer texts are no use, and recursion has its price. */
#define TEXT_MAX 4096

/* Reads a text, and writes it without spaces and without members `__proto__`. */
typedef struct reader {
    const unsigned char *at;
    const unsigned char *end;
    uint64_t values;
    bool has_proto;
    bool keeps;     /* members `__proto__` are written all the same */
    bool is_spaced; /* there is more white space in a row than may cross */
    size_t written;
    char out[TEXT_MAX];
} reader;

static bool read_value(reader *in);

static void put(reader *in, const void *bytes, size_t length) {
    FUZZ_REQUIRE(in->written + length <= sizeof in->out);
    memcpy(in->out + in->written, bytes, length);
    in->written += length;
}

static void skip_space(reader *in) {
    const unsigned char *from = in->at;
    while (in->at < in->end && strchr(" \t\r\n", *in->at) != NULL && *in->at != '\0') {
        in->at++;
    }
    in->is_spaced |= in->at - from > HUTCH_JSON_SPACE_MAX;
}

static bool take(reader *in, char byte) {
    skip_space(in);
    if (in->at == in->end || *in->at != (unsigned char)byte) {
        return false;
    }
    in->at++;
    return true;
}

static int hex_digit(unsigned char byte) {
    static const char digits[] = "0123456789abcdef";
    const char *found =
        byte == '\0' ? NULL : strchr(digits, byte | (byte >= 'A' && byte <= 'F' ? 0x20 : 0));
    return found == NULL ? -1 : (int)(found - digits);
}

/* Behind a backslash. @param unit  [out] the UTF-16 unit, where it is \u; otherwise some other */
static bool read_escape(reader *in, unsigned *unit) {
    *unit = 1;
    if (in->at == in->end) {
        return false;
    }
    unsigned char kind = *in->at++;
    if (kind != 'u') {
        return kind != '\0' && strchr("\"\\/bfnrt", kind) != NULL;
    }
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = in->at < in->end ? hex_digit(*in->at++) : -1;
        if (digit < 0) {
            return false;
        }
        *unit = *unit * 16 + (unsigned)digit;
    }
    return true;
}

/* A string. @param is_proto  [out] */
static bool read_string(reader *in, bool *is_proto) {
    static const char proto[] = "__proto__";
    const unsigned char *begin = in->at;
    size_t same = 0;
    bool equal = true;
    if (in->at == in->end || *in->at++ != '"') {
        return false;
    }
    while (in->at < in->end && *in->at != '"') {
        unsigned unit = *in->at++;
        if (unit < 0x20 || (unit == '\\' && !read_escape(in, &unit))) {
            return false;
        }
        equal = equal && same < sizeof proto - 1 && unit == (unsigned char)proto[same];
        same++;
    }
    if (in->at == in->end) {
        return false;
    }
    in->at++;
    *is_proto = equal && same == sizeof proto - 1;
    put(in, begin, (size_t)(in->at - begin));
    return true;
}

static size_t read_digits(reader *in) {
    size_t count = 0;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        count++;
    }
    return count;
}

static bool is_next(const reader *in, const char *set) {
    return in->at < in->end && *in->at != '\0' && strchr(set, *in->at) != NULL;
}

static bool read_number(reader *in) {
    const unsigned char *begin = in->at;
    if (is_next(in, "-")) {
        in->at++;
    }
    bool zero = is_next(in, "0");
    size_t whole = read_digits(in);
    if (whole == 0 || (zero && whole > 1)) {
        return false;
    }
    if (is_next(in, ".")) {
        in->at++;
        if (read_digits(in) == 0) {
            return false;
        }
    }
    if (is_next(in, "eE")) {
        in->at++;
        if (is_next(in, "+-")) {
            in->at++;
        }
        if (read_digits(in) == 0) {
            return false;
        }
    }
    put(in, begin, (size_t)(in->at - begin));
    return true;
}

static bool read_word(reader *in, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) {
        return false;
    }
    put(in, in->at, length);
    in->at += length;
    return true;
}

static bool read_array(reader *in) {
    in->at++;
    put(in, "[", 1);
    if (take(in, ']')) {
        put(in, "]", 1);
        return true;
    }
    do {
        if (!read_value(in)) {
            return false;
        }
        skip_space(in);
        if (is_next(in, ",")) {
            put(in, ",", 1);
        }
    } while (take(in, ','));
    put(in, "]", 1);
    return take(in, ']');
}

static bool read_member(reader *in, bool first) {
    size_t before = in->written;
    bool is_proto = false;
    if (!first) {
        put(in, ",", 1);
    }
    skip_space(in);
    if (!read_string(in, &is_proto) || !take(in, ':')) {
        return false;
    }
    put(in, ":", 1);
    if (!read_value(in)) {
        return false;
    }
    in->has_proto = in->has_proto || is_proto;
    if (is_proto && !in->keeps) {
        in->written = before;
    }
    return true;
}

static bool read_object(reader *in) {
    in->at++;
    put(in, "{", 1);
    size_t empty = in->written;
    if (take(in, '}')) {
        put(in, "}", 1);
        return true;
    }
    do {
        if (!read_member(in, in->written == empty)) {
            return false;
        }
    } while (take(in, ','));
    put(in, "}", 1);
    return take(in, '}');
}

static bool read_value(reader *in) {
    bool ignored;
    skip_space(in);
    if (in->at == in->end) {
        return false;
    }
    in->values++;
    switch (*in->at) {
    case '[':
        return read_array(in);
    case '{':
        return read_object(in);
    case '"':
        return read_string(in, &ignored);
    case 't':
        return read_word(in, "true");
    case 'f':
        return read_word(in, "false");
    case 'n':
        return read_word(in, "null");
    default:
        return read_number(in);
    }
}

static bool read_text(reader *in, const char *text, size_t length, bool keeps) {
    in->at = (const unsigned char *)text;
    in->end = in->at + length;
    in->values = 0;
    in->has_proto = false;
    in->keeps = keeps;
    in->is_spaced = false;
    in->written = 0;
    bool sound = read_value(in);
    skip_space(in);
    return sound && in->at == in->end;
}

/* The text in a buffer of its own, judged and edited in pieces. */
static hutch_json_verdict judge(const char *text, size_t length, size_t piece, uint64_t most,
                                hutch_json_scan *scan, char *buffer, size_t *kept) {
    *kept = 0;
    hutch_json_scan_begin(scan, most, HUTCH_PROTO_KEYS_DROP);
    for (size_t at = 0; at < length; at += piece) {
        size_t now = length - at < piece ? length - at : piece;
        memcpy(buffer + *kept, text + at, now);
        if (hutch_json_scan_edit(scan, buffer, *kept, *kept + now, kept) != HUTCH_JSON_SOUND) {
            break;
        }
    }
    return hutch_json_scan_end(scan);
}

/* The pieces of a text put together. @return length */
static size_t put_together(const char *text, size_t length, char *out) {
    static hutch_json_cut cut;
    static bool filled[TEXT_MAX];
    static bool objects[TEXT_MAX];
    size_t written = 0;
    size_t depth = 0;
    filled[0] = false;
    hutch_json_cut_begin(&cut, text, length);
    while (cut.at < cut.length) {
        hutch_json_cut_next(&cut);
        FUZZ_REQUIRE(cut.step_count <= HUTCH_JSON_CUT_STEPS);
        for (size_t i = 0; i < cut.step_count; i++) {
            const hutch_json_step *step = &cut.steps[i];
            if (step->kind == HUTCH_JSON_STEP_CLOSE) {
                FUZZ_REQUIRE(depth > 0);
                out[written++] = objects[depth--] ? '}' : ']';
                continue;
            }
            if (filled[depth]) {
                out[written++] = ',';
            }
            filled[depth] = true;
            memcpy(out + written, text + step->from, step->to - step->from);
            written += step->to - step->from;
            if (step->kind != HUTCH_JSON_STEP_ITEMS) {
                bool object = step->kind == HUTCH_JSON_STEP_OBJECT;
                if (step->to > step->from) {
                    out[written++] = ':';
                }
                out[written++] = object ? '{' : '[';
                objects[++depth] = object;
                filled[depth] = false;
            }
        }
    }
    FUZZ_REQUIRE(depth == 0);
    return written;
}

static void check_sound(const hutch_json_scan *scan, const reader *whole, const char *buffer,
                        size_t kept) {
    static reader left;
    static reader again;
    static char together[TEXT_MAX];
    FUZZ_REQUIRE(scan->values == whole->values);
    FUZZ_REQUIRE(scan->has_proto == whole->has_proto);
    FUZZ_REQUIRE(read_text(&left, buffer, kept, true));
    FUZZ_REQUIRE(!left.has_proto);
    FUZZ_REQUIRE(left.written == whole->written && memcmp(left.out, whole->out, left.written) == 0);
    size_t length = put_together(buffer, kept, together);
    FUZZ_REQUIRE(read_text(&again, together, length, true));
    FUZZ_REQUIRE(again.written == left.written && memcmp(again.out, left.out, left.written) == 0);
}

/* What the judge has to say of JSON; the first of two faults, wherever each is. */
static bool is_right(hutch_json_verdict verdict, const reader *whole, uint64_t most) {
    bool is_many = whole->values > most;
    switch (verdict) {
    case HUTCH_JSON_SOUND:
        return !is_many && !whole->is_spaced;
    case HUTCH_JSON_TOO_MANY:
        return is_many;
    case HUTCH_JSON_SPACED:
        return whole->is_spaced;
    default:
        /* No text here is long enough for a number that is too long, or nested too deep. */
        return false;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static reader whole;
    static hutch_json_scan scan;
    fuzz_input input = {.data = data, .left = size};
    size_t piece = (size_t)fuzz_byte(&input) + 1;
    uint64_t most = fuzz_byte(&input);
    size_t length;
    size_t kept;
    const char *text = fuzz_text(&input, TEXT_MAX, &length);
    char *buffer = malloc(length + 1);
    FUZZ_REQUIRE(buffer != NULL);
    most = most == 255 ? UINT64_MAX : most;
    hutch_json_verdict verdict = judge(text, length, piece, most, &scan, buffer, &kept);
    bool sound = hutch_utf8_is_valid(text, length) && read_text(&whole, text, length, false);
    FUZZ_REQUIRE(sound || verdict != HUTCH_JSON_SOUND);
    FUZZ_REQUIRE(!sound || is_right(verdict, &whole, most));
    if (verdict == HUTCH_JSON_SOUND) {
        check_sound(&scan, &whole, buffer, kept);
    }
    free(buffer);
    return 0;
}
