/**
 * @file notes.h
 * What the parser notes of a program's wrapping while it reads, for wrapping.c. Nothing of it reads a
 * statement.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_NOTES_H
#define HUTCH_STRIP_NOTES_H

#include "strip/parser.h"

/** The names main and run. */
#define STRIP_ENTRY_POINTS 2

/** Which of the entry points a name is; STRIP_ENTRY_POINTS: none. */
size_t strip_wrapping_entry(const unsigned char *name, size_t length);

/** The name of a member by which a module gives its program. @param entry  below STRIP_MEMBERS */
const char *strip_wrapping_member_name(size_t entry);

/** Which of those a name is; STRIP_MEMBERS: none. */
size_t strip_wrapping_member_entry(const unsigned char *name, size_t length);

/** A member of an object has just been read, with its value or body.
 *  @param is_plain  it is no accessor and no generator */
void strip_wrapping_member(stripper *p, const unsigned char *name, const unsigned char *end,
                           bool is_plain);

/** The function that was read last is one of the top, and has a name. */
void strip_wrapping_add_function(stripper *p, const unsigned char *name, size_t length);

/** The current token begins what `export default` may stand before: a function or class, perhaps with a name.
 *  @param found [in, out] */
void strip_wrapping_read_name(stripper *p, strip_default *found);

/** The token at a place of the text becomes the current one. */
void strip_wrapping_go_to(stripper *p, const unsigned char *at);

/** Blank a range, also where types stay. */
void strip_wrapping_blank(stripper *p, const unsigned char *from, const unsigned char *to);

/** Something of a wrapping was seen at a place of the text. */
void strip_wrapping_see(stripper *p, hutch_wrapper wrapper, const unsigned char *at);

/** A name is used in an expression. */
void strip_wrapping_note_use(stripper *p, const unsigned char *from, const unsigned char *to);

static inline void strip_wrapping_refer(stripper *p, const unsigned char *from,
                                        const unsigned char *to) {
    if (p->wrapped.is_on && (*from == 'm' || *from == 'r')) {
        strip_wrapping_note_use(p, from, to);
    }
}

/** The current token follows a statement's expression. @param read [in, out] where it begins */
void strip_wrapping_expression(stripper *p, strip_last *read);

/** The block after `try` has just been read. */
void strip_wrapping_attempt(stripper *p);

/** What an `if` rules has just been read. @param from, to  its condition, with the parentheses */
void strip_wrapping_guard(stripper *p, const unsigned char *from, const unsigned char *to);

/** The value of a variable has just been read. */
void strip_wrapping_variable(stripper *p, const unsigned char *from, const unsigned char *to);

/** A statement has been read that begins with `export`. @return whether it is taken; otherwise it is to be
 *  refused, or has been */
bool strip_wrapping_export(stripper *p, const unsigned char *from);

/** The current token, where an operand or a call may be, may be a markdown fence: then the text is none
 *  that can be read. */
void strip_wrapping_meet(stripper *p);

#endif
