/*
 * Operators; see character.h.
 *
 * Threads: any; pure functions.
 */
#include "strip/operator.h"

#include <stdbool.h>
#include <stdint.h>

/* `+-*%&|^`, alone, twice, or before `=`. */
static strip_token arithmetic(unsigned char first, const unsigned char *rest, size_t *size) {
    unsigned char second = rest[0];
    static const struct {
        char first;
        uint8_t alone;
        uint8_t twice;
    } rows[] = {
        {'+', TOKEN_PLUS, TOKEN_INCREMENT},  {'-', TOKEN_MINUS, TOKEN_INCREMENT},
        {'*', TOKEN_STAR, TOKEN_POWER},      {'%', TOKEN_PERCENT, TOKEN_END},
        {'&', TOKEN_AND, TOKEN_LOGICAL_AND}, {'|', TOKEN_OR, TOKEN_LOGICAL_OR},
        {'^', TOKEN_XOR, TOKEN_END},
    };
    size_t i = 0;
    while ((unsigned char)rows[i].first != first) {
        i++;
    }
    bool is_twice = second == first && rows[i].twice != TOKEN_END;
    *size = is_twice ? 2 : 1;
    unsigned char next = is_twice ? rest[1] : second;
    if (next == '=' && !(is_twice && rows[i].twice == TOKEN_INCREMENT)) {
        ++*size;
        return TOKEN_COMPOUND_ASSIGN;
    }
    return (strip_token)(is_twice ? rows[i].twice : rows[i].alone);
}

strip_token strip_operator(unsigned char first, const unsigned char *rest, size_t *size) {
    unsigned char second = rest[0];
    unsigned char third = second != 0 ? rest[1] : 0;
    *size = 1;
    strip_token token = TOKEN_END;
    switch (first) {
    case '=':
        token = TOKEN_ASSIGN;
        if (second == '=') {
            token = TOKEN_EQUALITY;
            *size = third == '=' ? 3 : 2;
        } else if (second == '>') {
            token = TOKEN_ARROW;
            *size = 2;
        }
        break;
    case '!':
        token = TOKEN_NOT;
        if (second == '=') {
            token = TOKEN_EQUALITY;
            *size = third == '=' ? 3 : 2;
        }
        break;
    case '<':
        token = TOKEN_LESS;
        if (second == '=') {
            token = TOKEN_LESS_EQUAL;
            *size = 2;
        } else if (second == '<') {
            token = third == '=' ? TOKEN_SHIFT_LEFT_ASSIGN : TOKEN_SHIFT_LEFT;
            *size = third == '=' ? 3 : 2;
        }
        break;
    case '?':
        token = TOKEN_QUESTION;
        if (second == '.' && !(third >= '0' && third <= '9')) {
            token = TOKEN_QUESTION_DOT;
            *size = 2;
        } else if (second == '?') {
            token = third == '=' ? TOKEN_COMPOUND_ASSIGN : TOKEN_COALESCE;
            *size = third == '=' ? 3 : 2;
        }
        break;
    default:
        token = arithmetic(first, rest, size);
        break;
    }
    return token;
}
