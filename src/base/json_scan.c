/*
 * A pushdown automaton with a bit for each open container; see json_scan.h.
 *
 * Invariants: the bytes that are taken never go beyond the piece, so the
 * automaton can stop and go on at every byte. `kinds` has `depth` bits in use.
 * UTF-8 is judged for each piece first: to the automaton, bytes beyond ASCII
 * are plain parts of a string, and nothing anywhere else.
 *
 * Threads: one at a time.
 */
#include "base/json_scan.h"

#include "base/json_short.h"

#include <string.h>

/* What may come next. */
enum {
    VALUE,         /* a value */
    ITEM_OR_CLOSE, /* the first item of an array, or its end */
    NAME_OR_CLOSE, /* the first member of an object, or its end */
    NAME,          /* the name of another member */
    COLON,
    AFTER, /* a value is complete: a comma or an end */
    IN_STRING,
    IN_ESCAPE, /* after a backslash */
    IN_HEX,    /* after \u */
    IN_WORD,
    /* In a number, after: */
    IN_MINUS,
    IN_ZERO,
    IN_WHOLE,
    IN_POINT,
    IN_FRACTION,
    IN_E,
    IN_E_SIGN,
    IN_EXPONENT,
    /* What a byte makes of a number: */
    NUMBER_END,
    NUMBER_BAD,
};

_Static_assert(HUTCH_JSON_SHORT_MAX <= HUTCH_JSON_NUMBER_MAX,
               "what is judged at a glance has no number that is too long");

#define PROTO "__proto__"
#define PROTO_LENGTH 9

typedef const unsigned char *place;

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS EACH_BYTE(0x80)

/* High bits of the bytes that are zero; a byte above one may be marked, too. */
static uint64_t zero_bytes(uint64_t word) {
    return (word - EACH_BYTE(1)) & ~word & HIGH_BITS;
}

/* Whether one of the bytes is not a plain part of a string. */
static bool has_mark(uint64_t word) {
    uint64_t controls = (word - EACH_BYTE(0x20)) & ~word & HIGH_BITS;
    return (zero_bytes(word ^ EACH_BYTE('"')) | zero_bytes(word ^ EACH_BYTE('\\')) | controls) != 0;
}

static place skip_plain(place at, place end) {
    while ((size_t)(end - at) >= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        if (has_mark(word)) {
            break;
        }
        at += sizeof word;
    }
    while (at < end && *at != '"' && *at != '\\' && *at >= 0x20) {
        at++;
    }
    return at;
}

static place fail(hutch_json_scan *scan, hutch_json_verdict verdict, place at) {
    scan->verdict = verdict;
    return at;
}

static bool in_object(const hutch_json_scan *scan) {
    uint32_t top = scan->depth - 1;
    return scan->depth > 0 && (scan->kinds[top / 64] >> (top % 64) & 1) != 0;
}

static bool drops(const hutch_json_scan *scan) {
    return scan->drop.text != NULL;
}

static size_t offset_of(const hutch_json_scan *scan, place at) {
    return scan->piece_at + (size_t)((const char *)at - scan->piece);
}

/* A value ends before `at`. */
static void end_value(hutch_json_scan *scan, place at) {
    scan->state = AFTER;
    if (drops(scan)) {
        hutch_json_drop_value_end(&scan->drop, offset_of(scan, at), scan->depth);
    }
}

static place open_container(hutch_json_scan *scan, place at, bool object) {
    if (scan->depth == HUTCH_JSON_DEPTH_MAX) {
        return fail(scan, HUTCH_JSON_TOO_DEEP, at);
    }
    uint64_t bit = UINT64_C(1) << (scan->depth % 64);
    uint64_t *word = &scan->kinds[scan->depth / 64];
    *word = object ? *word | bit : *word & ~bit;
    scan->depth++;
    scan->state = object ? NAME_OR_CLOSE : ITEM_OR_CLOSE;
    if (object && drops(scan)) {
        hutch_json_drop_object(&scan->drop);
    }
    return at + 1;
}

static place close_container(hutch_json_scan *scan, place at, bool object) {
    if (scan->depth == 0 || in_object(scan) != object) {
        return fail(scan, HUTCH_JSON_INVALID, at);
    }
    if (object && drops(scan)) {
        hutch_json_drop_close(&scan->drop, offset_of(scan, at));
    }
    scan->depth--;
    end_value(scan, at + 1);
    return at + 1;
}

static place open_string(hutch_json_scan *scan, place at, bool is_name) {
    scan->state = IN_STRING;
    scan->in_name = is_name;
    scan->match = is_name ? 0 : -1;
    if (is_name && drops(scan)) {
        hutch_json_drop_name(&scan->drop, offset_of(scan, at));
    }
    return at + 1;
}

static place open_word(hutch_json_scan *scan, place at, const char *word) {
    scan->state = IN_WORD;
    scan->word = word;
    scan->next_in_word = 1;
    return at + 1;
}

static place open_number(hutch_json_scan *scan, place at, int state) {
    scan->state = state;
    scan->run = 1;
    return at + 1;
}

static place open_value(hutch_json_scan *scan, place at) {
    if (scan->values == scan->most_values) {
        return fail(scan, HUTCH_JSON_TOO_MANY, at);
    }
    scan->values++;
    switch (*at) {
    case '{':
        return open_container(scan, at, true);
    case '[':
        return open_container(scan, at, false);
    case '"':
        return open_string(scan, at, false);
    case 't':
        return open_word(scan, at, "true");
    case 'f':
        return open_word(scan, at, "false");
    case 'n':
        return open_word(scan, at, "null");
    case '-':
        return open_number(scan, at, IN_MINUS);
    case '0':
        return open_number(scan, at, IN_ZERO);
    default:
        if (*at >= '1' && *at <= '9') {
            return open_number(scan, at, IN_WHOLE);
        }
        /* What is not a value does not count as one. */
        scan->values--;
        return fail(scan, HUTCH_JSON_INVALID, at);
    }
}

static place take_comma(hutch_json_scan *scan, place at) {
    if (scan->depth == 0) {
        return fail(scan, HUTCH_JSON_INVALID, at);
    }
    bool object = in_object(scan);
    scan->state = object ? NAME : VALUE;
    if (object && drops(scan)) {
        hutch_json_drop_comma(&scan->drop, offset_of(scan, at));
    }
    return at + 1;
}

static bool is_space(unsigned char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static place take_space(hutch_json_scan *scan, place at) {
    return scan->run++ < HUTCH_JSON_SPACE_MAX ? at + 1 : fail(scan, HUTCH_JSON_SPACED, at);
}

/* A byte between values. */
static place take_mark(hutch_json_scan *scan, place at) {
    unsigned char byte = *at;
    if (is_space(byte)) {
        return take_space(scan, at);
    }
    scan->run = 0;
    switch (scan->state) {
    case VALUE:
        return open_value(scan, at);
    case ITEM_OR_CLOSE:
        return byte == ']' ? close_container(scan, at, false) : open_value(scan, at);
    case NAME_OR_CLOSE:
        if (byte == '}') {
            return close_container(scan, at, true);
        }
        return byte == '"' ? open_string(scan, at, true) : fail(scan, HUTCH_JSON_INVALID, at);
    case NAME:
        return byte == '"' ? open_string(scan, at, true) : fail(scan, HUTCH_JSON_INVALID, at);
    case COLON:
        scan->state = VALUE;
        return byte == ':' ? at + 1 : fail(scan, HUTCH_JSON_INVALID, at);
    default:
        if (byte == ',') {
            return take_comma(scan, at);
        }
        return byte == ']' || byte == '}' ? close_container(scan, at, byte == '}')
                                          : fail(scan, HUTCH_JSON_INVALID, at);
    }
}

/* The name has gone on with this UTF-16 unit. */
static void match_unit(hutch_json_scan *scan, unsigned unit) {
    bool same =
        scan->match >= 0 && scan->match < PROTO_LENGTH && unit == (unsigned char)PROTO[scan->match];
    scan->match = same ? scan->match + 1 : -1;
}

static void end_name(hutch_json_scan *scan, place at) {
    scan->state = COLON;
    if (scan->match != PROTO_LENGTH) {
        return;
    }
    scan->has_proto = true;
    if (scan->proto_keys == HUTCH_PROTO_KEYS_ERROR) {
        scan->verdict = HUTCH_JSON_PROTO;
    } else if (drops(scan)) {
        hutch_json_drop_member(&scan->drop, offset_of(scan, at), scan->depth);
    }
}

static place end_string(hutch_json_scan *scan, place at) {
    if (scan->in_name) {
        end_name(scan, at + 1);
    } else {
        end_value(scan, at + 1);
    }
    return at + 1;
}

static place take_string(hutch_json_scan *scan, place at, place end) {
    if (scan->match < 0) {
        at = skip_plain(at, end);
        if (at == end) {
            return at;
        }
    }
    unsigned char byte = *at;
    if (byte == '"') {
        return end_string(scan, at);
    }
    if (byte == '\\') {
        scan->state = IN_ESCAPE;
    } else if (byte < 0x20) {
        return fail(scan, HUTCH_JSON_INVALID, at);
    } else {
        match_unit(scan, byte);
    }
    return at + 1;
}

static place take_escape(hutch_json_scan *scan, place at) {
    if (*at == 'u') {
        scan->state = IN_HEX;
        scan->hex = 0;
        scan->hex_digits = 0;
        return at + 1;
    }
    if (*at == '\0' || strchr("\"\\/bfnrt", *at) == NULL) {
        return fail(scan, HUTCH_JSON_INVALID, at);
    }
    /* None of these is in the name that is looked for. */
    scan->match = -1;
    scan->state = IN_STRING;
    return at + 1;
}

/* The value of a digit; above 15 for what is none. */
static unsigned hex_digit(unsigned char byte) {
    unsigned char lower = byte | 0x20;
    return byte >= '0' && byte <= '9'     ? (unsigned)(byte - '0')
           : lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10
                                          : 16;
}

static place take_hex(hutch_json_scan *scan, place at) {
    unsigned digit = hex_digit(*at);
    if (digit > 15) {
        return fail(scan, HUTCH_JSON_INVALID, at);
    }
    scan->hex = scan->hex << 4 | digit;
    if (++scan->hex_digits == 4) {
        scan->state = IN_STRING;
        match_unit(scan, scan->hex);
    }
    return at + 1;
}

static place take_word(hutch_json_scan *scan, place at) {
    if (*at != (unsigned char)scan->word[scan->next_in_word]) {
        return fail(scan, HUTCH_JSON_INVALID, at);
    }
    if (scan->word[++scan->next_in_word] == '\0') {
        end_value(scan, at + 1);
    }
    return at + 1;
}

static bool is_number(int state) {
    return state >= IN_MINUS && state <= IN_EXPONENT;
}

/* Whether a number may end here. */
static bool is_whole_number(int state) {
    return state == IN_ZERO || state == IN_WHOLE || state == IN_FRACTION || state == IN_EXPONENT;
}

/* What a byte that is not a digit makes of a number. */
static int after_mark(int state, unsigned char byte) {
    if (byte == '.' && (state == IN_ZERO || state == IN_WHOLE)) {
        return IN_POINT;
    }
    if ((byte == 'e' || byte == 'E') && is_whole_number(state) && state != IN_EXPONENT) {
        return IN_E;
    }
    if ((byte == '+' || byte == '-') && state == IN_E) {
        return IN_E_SIGN;
    }
    return is_whole_number(state) ? NUMBER_END : NUMBER_BAD;
}

static int after_digit(int state, unsigned char byte) {
    switch (state) {
    case IN_MINUS:
        return byte == '0' ? IN_ZERO : IN_WHOLE;
    case IN_ZERO:
        return NUMBER_BAD;
    case IN_POINT:
        return IN_FRACTION;
    case IN_E:
    case IN_E_SIGN:
        return IN_EXPONENT;
    default:
        return state;
    }
}

static place take_number(hutch_json_scan *scan, place at, place end) {
    for (; at < end; at++) {
        bool digit = *at >= '0' && *at <= '9';
        int next = digit ? after_digit(scan->state, *at) : after_mark(scan->state, *at);
        if (next == NUMBER_BAD) {
            return fail(scan, HUTCH_JSON_INVALID, at);
        }
        if (next == NUMBER_END) {
            scan->run = 0;
            end_value(scan, at);
            return at;
        }
        scan->state = next;
        if (scan->run++ == HUTCH_JSON_NUMBER_MAX) {
            return fail(scan, HUTCH_JSON_TOO_LONG, at);
        }
    }
    return at;
}

static place take(hutch_json_scan *scan, place at, place end) {
    switch (scan->state) {
    case IN_STRING:
        return take_string(scan, at, end);
    case IN_ESCAPE:
        return take_escape(scan, at);
    case IN_HEX:
        return take_hex(scan, at);
    case IN_WORD:
        return take_word(scan, at);
    default:
        return is_number(scan->state) ? take_number(scan, at, end) : take_mark(scan, at);
    }
}

void hutch_json_scan_begin(hutch_json_scan *scan, uint64_t most_values,
                           hutch_proto_keys proto_keys) {
    /* What else there is has been set when it comes to be read. */
    scan->verdict = HUTCH_JSON_SOUND;
    scan->values = 0;
    scan->has_proto = false;
    scan->most_values = most_values;
    scan->proto_keys = proto_keys;
    scan->drop = (hutch_json_drop){0};
    scan->walk = (hutch_utf8_walk){0};
    scan->run = 0;
    scan->state = VALUE;
    scan->depth = 0;
}

/* A whole text that can be judged at a glance. Otherwise nothing has been taken of it. A number may go
 * on in the next piece. */
static bool take_short(hutch_json_scan *scan, const char *bytes, size_t length) {
    uint64_t values;
    bool begins = scan->verdict == HUTCH_JSON_SOUND && scan->state == VALUE && scan->depth == 0;
    char last = bytes[length - 1];
    if (!begins || (last >= '0' && last <= '9') ||
        !hutch_json_short_count(bytes, length, &values) || values > scan->most_values) {
        return false;
    }
    scan->values = values;
    scan->run = 0;
    scan->state = AFTER;
    return true;
}

static void feed(hutch_json_scan *scan, const char *bytes, size_t length, size_t offset) {
    if (take_short(scan, bytes, length)) {
        return;
    }
    if (scan->verdict == HUTCH_JSON_SOUND && !hutch_utf8_walk_on(&scan->walk, bytes, length)) {
        scan->verdict = HUTCH_JSON_NOT_UTF8;
    }
    scan->piece = bytes;
    scan->piece_at = offset;
    place at = (place)bytes;
    place end = at + length;
    while (at < end && scan->verdict == HUTCH_JSON_SOUND) {
        at = take(scan, at, end);
    }
}

hutch_json_verdict hutch_json_scan_feed(hutch_json_scan *scan, const char *bytes, size_t length) {
    if (length > 0) {
        feed(scan, bytes, length, 0);
    }
    return scan->verdict;
}

hutch_json_verdict hutch_json_scan_edit(hutch_json_scan *scan, char *text, size_t from, size_t to,
                                        size_t *kept) {
    if (scan->proto_keys != HUTCH_PROTO_KEYS_DROP) {
        *kept = to;
        return hutch_json_scan_feed(scan, text + from, to - from);
    }
    if (from < to) {
        hutch_json_drop_begin(&scan->drop, text, from);
        feed(scan, text + from, to - from, from);
        if (scan->verdict == HUTCH_JSON_SOUND) {
            hutch_json_drop_end(&scan->drop, to);
        }
    }
    *kept = scan->drop.kept;
    return scan->verdict;
}

hutch_json_verdict hutch_json_scan_end(hutch_json_scan *scan) {
    if (scan->verdict != HUTCH_JSON_SOUND) {
        return scan->verdict;
    }
    if (!hutch_utf8_walk_is_whole(&scan->walk)) {
        scan->verdict = HUTCH_JSON_NOT_UTF8;
    } else if (scan->depth > 0 || !(scan->state == AFTER || is_whole_number(scan->state))) {
        scan->verdict = HUTCH_JSON_INVALID;
    }
    return scan->verdict;
}

hutch_json_verdict hutch_json_scan_text(hutch_json_scan *scan, const char *text, size_t length,
                                        uint64_t most_values, hutch_proto_keys proto_keys) {
    scan->verdict = HUTCH_JSON_SOUND;
    scan->has_proto = false;
    if (hutch_json_short_count(text, length, &scan->values) && scan->values <= most_values) {
        return HUTCH_JSON_SOUND;
    }
    hutch_json_scan_begin(scan, most_values, proto_keys);
    (void)hutch_json_scan_feed(scan, text, length);
    return hutch_json_scan_end(scan);
}
