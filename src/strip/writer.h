/**
 * @file writer.h
 * Writes JavaScript in the place of TypeScript: over blanks as far as they go on
 * their line, and what is longer than they are before the next character.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_WRITER_H
#define HUTCH_STRIP_WRITER_H

#include "strip/parser.h"

/** A range that has been blanked, and how much of it is still blank. */
typedef struct strip_writer {
    stripper *p;
    size_t at;
    size_t end;
} strip_writer;

/** Blank a range of the text and write there. */
strip_writer strip_writer_begin(stripper *p, const unsigned char *from, const unsigned char *to);

/** Write a text that ends with a zero. */
void strip_write(strip_writer *writer, const char *text);

/** Write a piece of the source. */
void strip_write_range(strip_writer *writer, const unsigned char *from, size_t length);

/** Write the name of a namespace, of an enum or of a variable in one. */
static inline void strip_write_name(strip_writer *writer, const strip_holder *name) {
    strip_write_range(writer, name->name, name->length);
}

/** Blank from a place to the end of the last token that was read. */
void strip_blank_since(stripper *p, const unsigned char *from);

/** The piece of the source after the current token's text. */
static inline const unsigned char *strip_source(const stripper *p, const unsigned char *at) {
    return p->out.source + strip_offset(p, at);
}

#endif
