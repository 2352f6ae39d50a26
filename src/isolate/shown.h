/**
 * @file shown.h
 * An expression of a program as V8 shows it in a message: `rows.map(...)`, `o[(k + 1)]`,
 * `{(intermediate value)}`. It is read forwards, from the text and its mask (mask.h); what is not known
 * here is not shown, and the message keeps other words.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_ISOLATE_SHOWN_H
#define HUTCH_ISOLATE_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

/** Longest name, in bytes with its NUL. */
#define HUTCH_SHOWN_MAX ((size_t)256)

/** What V8 says instead of what has no name. */
#define HUTCH_SHOWN_UNNAMED "(intermediate value)"

/** A program; borrowed. */
typedef struct hutch_shown_text {
    const char *data;
    const char *mask; /**< of hutch_mask_write() */
    size_t length;
} hutch_shown_text;

/** A name, NUL-terminated. */
typedef struct hutch_shown_name {
    char text[HUTCH_SHOWN_MAX];
    size_t length;
} hutch_shown_name;

/** What an expression is at its top. */
typedef enum hutch_shown_kind {
    HUTCH_SHOWN_VALUE,    /**< a name, a literal, something unnamed */
    HUTCH_SHOWN_NUMBER,   /**< a literal, perhaps with a sign */
    HUTCH_SHOWN_MEMBER,   /**< ends with a property */
    HUTCH_SHOWN_CALL,     /**< ends with a call, of one name */
    HUTCH_SHOWN_CALL_OF,  /**< ends with a call, of more */
    HUTCH_SHOWN_OPERATOR, /**< two operands */
    HUTCH_SHOWN_ENCLOSED, /**< in parentheses */
} hutch_shown_kind;

/** How an expression is read. */
typedef struct hutch_shown_reader {
    hutch_shown_text text;
    size_t at;              /**< where it begins; after reading: where it ends */
    size_t end;             /**< what begins at or after it is not read */
    bool hides_calls;       /**< as V8 does where it tells of what is walked */
    unsigned depth;         /**< of nesting; 0 */
    hutch_shown_kind kind;  /**< [out] */
    hutch_shown_name *name; /**< [out] */
} hutch_shown_reader;

bool hutch_shown_is_word(char c);
/** After the blanks, comments being some, from `at` on. */
size_t hutch_shown_skip_blanks(hutch_shown_text text, size_t at);
size_t hutch_shown_skip_word(hutch_shown_text text, size_t at);
/** The character of the mask; NUL after the end. */
char hutch_shown_char(hutch_shown_text text, size_t at);
/** After what closes the bracket, string, … that opens at `at`; 0 where there is none. */
size_t hutch_shown_skip_brackets(hutch_shown_text text, size_t at);
/** Whether these bytes are this word. */
bool hutch_shown_word_is(hutch_shown_text text, size_t begin, size_t end, const char *word);
/** Whether they are a word that an operand can follow, and is none of it. */
bool hutch_shown_is_keyword(hutch_shown_text text, size_t begin, size_t end);

bool hutch_shown_add(hutch_shown_name *name, const char *bytes, size_t length);
bool hutch_shown_add_text(hutch_shown_name *name, const char *bytes);

/** Show what can be called: a chain, or what `new` is applied to. @return false: it has no name */
bool hutch_shown_chain(hutch_shown_reader *r);
/** The same, but it ends at its first call. */
bool hutch_shown_constructor(hutch_shown_reader *r);
/** Show an expression up to a comma. */
bool hutch_shown_expression(hutch_shown_reader *r);

#endif
