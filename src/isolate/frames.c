/*
 * Reading the engine's stacks; see frames.h. A line of them is
 *
 *     at name (file:line:column)      or, for errors of syntax,
 *     at file:line:column
 *
 * Threads: the isolate's own.
 */
#include "isolate/frames.h"

#include <inttypes.h>
#include <string.h>

/* A piece of the text. */
typedef struct span {
    const char *begin;
    const char *end;
} span;

typedef struct frame {
    span name; /* may be empty */
    uint32_t run;
    uint32_t line;
    uint32_t column;
} frame;

static size_t span_length(span s) {
    return (size_t)(s.end - s.begin);
}

static bool span_is(span s, const char *text) {
    return span_length(s) == strlen(text) && memcmp(s.begin, text, span_length(s)) == 0;
}

static bool take_prefix(span *s, const char *text) {
    size_t length = strlen(text);
    if (span_length(*s) < length || memcmp(s->begin, text, length) != 0) {
        return false;
    }
    s->begin += length;
    return true;
}

/* A decimal number that fits, at the beginning of `s`. */
static bool take_number(span *s, uint32_t *number) {
    uint64_t value = 0;
    const char *begin = s->begin;
    while (s->begin < s->end && *s->begin >= '0' && *s->begin <= '9' && value <= UINT32_MAX) {
        value = value * 10 + (uint64_t)(*s->begin++ - '0');
    }
    *number = (uint32_t)value;
    return s->begin > begin && value <= UINT32_MAX;
}

/* `program.ts:4:9` or `program.ts#2:4:9`, and nothing else. */
static bool read_place(span place, frame *out) {
    out->run = 1;
    return take_prefix(&place, HUTCH_SOURCE_NAME) &&
           (!take_prefix(&place, "#") || take_number(&place, &out->run)) &&
           take_prefix(&place, ":") && take_number(&place, &out->line) &&
           take_prefix(&place, ":") && take_number(&place, &out->column) &&
           place.begin == place.end;
}

/* The last " (" before the final ")" divides name and place. */
static bool read_frame(span line, frame *out) {
    while (line.begin < line.end && (*line.begin == ' ' || *line.begin == '\t')) {
        line.begin++;
    }
    if (!take_prefix(&line, "at ")) {
        return false;
    }
    if (line.begin == line.end || line.end[-1] != ')') {
        out->name = (span){line.begin, line.begin};
        return read_place(line, out);
    }
    for (const char *at = line.end - 1; at > line.begin; at--) {
        if (at[0] == '(' && at[-1] == ' ') {
            out->name = (span){line.begin, at - 1};
            return read_place((span){at + 1, line.end - 1}, out);
        }
    }
    return false;
}

static void add_frame(hutch_report *report, const hutch_source *source, const frame *read) {
    /* Line 0 and less is our own wrapping. */
    if (read->line == 0 || span_is(read->name, "<eval>")) {
        return;
    }
    bool own = read->run == source->run;
    hutch_position position = {read->line, read->column};
    if (own) {
        position = hutch_source_position(source, read->line, read->column);
        if (report->line == 0) {
            report->line = position.line;
            report->column = position.column;
        }
    }
    bool named = span_length(read->name) > 0 && !span_is(read->name, "<anonymous>");
    hutch_report_format(&report->stack, "%s    at ", report->stack.length > 0 ? "\n" : "");
    if (named) {
        hutch_report_add(&report->stack, read->name.begin, span_length(read->name));
        hutch_report_format(&report->stack, " (");
    }
    hutch_report_format(&report->stack, HUTCH_SOURCE_NAME);
    if (!own) {
        hutch_report_format(&report->stack, "#%" PRIu32, read->run);
    }
    hutch_report_format(&report->stack, ":%" PRIu32 ":%" PRIu32 "%s", position.line,
                        position.column, named ? ")" : "");
}

void hutch_frames_read(hutch_report *report, const hutch_source *source, const char *text,
                       size_t length) {
    span rest = {text, text + length};
    while (rest.begin < rest.end) {
        const char *end = memchr(rest.begin, '\n', span_length(rest));
        span line = {rest.begin, end != NULL ? end : rest.end};
        frame read = {0};
        if (read_frame(line, &read)) {
            add_frame(report, source, &read);
        }
        rest.begin = end != NULL ? end + 1 : rest.end;
    }
}
