/*
 * Characters; see character.h.
 *
 * Threads: any; pure functions.
 */
#include "strip/character.h"

#include "base/utf8.h"
#include "strip/runs.h"

#include <string.h>

size_t strip_wide_space_size(const unsigned char *at, bool *is_break) {
    if (at[0] == 0xc2) {
        return at[1] == 0xa0 ? 2 : 0;
    }
    uint32_t three = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
    if (three == 0xe280a8 || three == 0xe280a9) {
        *is_break = true;
        return 3;
    }
    bool is_space = three == 0xefbbbf || three == 0xe19a80 ||
                    (three >= 0xe28080 && three <= 0xe2808a) || three == 0xe280af ||
                    three == 0xe2819f;
    return is_space || three == 0xe38080 ? 3 : 0;
}

size_t strip_wide_word_size(const unsigned char *at) {
    bool is_break;
    if (strip_wide_space_size(at, &is_break) != 0) {
        return 0;
    }
    size_t size = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    return hutch_utf8_is_valid((const char *)at, size) ? size : 0;
}

static bool is_hex(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

size_t strip_escape_size(const unsigned char *at) {
    size_t digits = 0;
    if (at[1] != 'u') {
        return 0;
    }
    if (at[2] == '{') {
        while (is_hex(at[3 + digits])) {
            digits++;
        }
        return digits > 0 && at[3 + digits] == '}' ? digits + 4 : 0;
    }
    while (digits < 4 && is_hex(at[2 + digits])) {
        digits++;
    }
    return digits == 4 ? 6 : 0;
}

unsigned char *strip_line_comment_end(unsigned char *at, unsigned char *end) {
    for (;; at++) {
        at = strip_break_candidate(at);
        bool is_break = *at == '\n' || *at == '\r';
        if (*at == 0xe2) {
            (void)strip_wide_space_size(at, &is_break);
        }
        if (is_break || at >= end) {
            return at < end ? at : end;
        }
    }
}

unsigned char *strip_block_comment_end(unsigned char *at, unsigned char *end) {
    while (at < end) {
        at = memchr(at, '*', (size_t)(end - at));
        if (at == NULL) {
            return NULL;
        }
        at++;
        if (*at == '/') {
            return at + 1;
        }
    }
    return NULL;
}

bool strip_has_break(const unsigned char *from, const unsigned char *to) {
    size_t length = (size_t)(to - from);
    if (memchr(from, '\n', length) != NULL || memchr(from, '\r', length) != NULL) {
        return true;
    }
    while ((from = memchr(from, 0xe2, (size_t)(to - from))) != NULL) {
        bool is_break = false;
        if (to - from >= 3) {
            (void)strip_wide_space_size(from, &is_break);
        }
        if (is_break) {
            return true;
        }
        from++;
    }
    return false;
}
