/*
 * What characters look like; see text.h.
 *
 * Threads: any.
 */
#include "base/text.h"

#include "base/text_widths.h"

#include <string.h>

unsigned hutch_text_columns_of(uint32_t point) {
    size_t low = 0;
    size_t high = sizeof hutch_widths / sizeof hutch_widths[0];
    if (point < 0x80) {
        return point < 0x20 || point == 0x7F ? 0 : 1;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hutch_widths[middle].last < point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found =
        low < sizeof hutch_widths / sizeof hutch_widths[0] && hutch_widths[low].first <= point;
    return found ? (unsigned)hutch_widths[low].columns : 1;
}

size_t hutch_text_columns(const char *text, size_t length) {
    size_t columns = 0;
    for (size_t at = 0; at < length;) {
        hutch_character next = hutch_utf8_next(text + at, length - at);
        columns += hutch_text_columns_of(next.point);
        at += next.bytes;
    }
    return columns;
}

bool hutch_text_is_unsafe(uint32_t point) {
#define RANGE(first, last, meaning) {first, last},
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {HUTCH_TEXT_UNSAFE_TABLE(RANGE)};
#undef RANGE
    size_t i = 0;
    while (i < sizeof ranges / sizeof ranges[0] && point > ranges[i].last) {
        i++;
    }
    return i < sizeof ranges / sizeof ranges[0] && point >= ranges[i].first;
}

size_t hutch_text_make_safe(const char *text, size_t length, char *out) {
    size_t written = 0;
    for (size_t at = 0; at < length;) {
        hutch_character next = hutch_utf8_next(text + at, length - at);
        bool is_safe = next.is_valid && !hutch_text_is_unsafe(next.point);
        size_t bytes = is_safe ? next.bytes : sizeof HUTCH_UTF8_REPLACEMENT - 1;
        memcpy(out + written, is_safe ? text + at : HUTCH_UTF8_REPLACEMENT, bytes);
        written += bytes;
        at += next.bytes;
    }
    return written;
}

bool hutch_text_equals(hutch_text a, hutch_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}
