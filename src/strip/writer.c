/*
 * JavaScript over blanks; see writer.h.
 *
 * Threads: as the stripper.
 */
#include "strip/writer.h"

#include <string.h>

/* How far ASCII goes on the line. What is written stays together: a string that it has may not
   break, and a wide character has too many bytes. */
static size_t plain_end(const strip_output *out, size_t at, size_t end) {
    while (at < end && out->source[at] < 0x80 && out->source[at] != '\n' &&
           out->source[at] != '\r') {
        at++;
    }
    return at;
}

strip_writer strip_writer_begin(stripper *p, const unsigned char *from, const unsigned char *to) {
    strip_writer writer = {p, strip_offset(p, from), strip_offset(p, to)};
    if (p->has_failed) {
        writer.at = writer.end;
    } else {
        strip_output_blank(&p->out, writer.at, writer.end);
        writer.end = plain_end(&p->out, writer.at, writer.end);
    }
    return writer;
}

void strip_write_range(strip_writer *writer, const unsigned char *from, size_t length) {
    strip_output *out = &writer->p->out;
    if (writer->p->has_failed) {
        return;
    }
    for (; length > 0 && writer->at < writer->end; from++, length--) {
        strip_output_put(out, writer->at++, (char)*from);
    }
    if (length > 0) {
        strip_output_insert(out, writer->end, (const char *)from, length);
    }
}

void strip_write(strip_writer *writer, const char *text) {
    strip_write_range(writer, (const unsigned char *)text, strlen(text));
}

void strip_blank_since(stripper *p, const unsigned char *from) {
    if (!p->has_failed) {
        strip_output_blank(&p->out, strip_offset(p, from), strip_offset(p, p->place.previous_end));
    }
}
