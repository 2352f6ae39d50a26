/*
 * Text of inspected values: see layout.h. How lines break follows what
 * Node.js prints, so that people and models read what they are used to.
 *
 * Invariant: entries of open groups lie one after another in `text`, in the
 * order of `entries`; a group's own parts lie before its first entry.
 *
 * Threads: one at a time; no state outside the struct.
 */
#include "inspect/layout.h"

#include "base/checked.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the brackets of a one-line value and the spaces around it are reckoned at. */
#define LINE_OVERHEAD 10
/* Columns beyond this number do not help the eye. */
#define COLUMNS_MAX 12
/* ", " between two columns. */
#define SEPARATOR_WIDTH 2
/* How much taller than wide a character is on a terminal: columns aim at a square. */
#define CHARACTER_HEIGHT 2.5
/* A string up to this long is never broken at its line feeds. */
#define SPLIT_UNITS_MIN 16

void hutch_layout_init(hutch_layout *layout, size_t bound, const hutch_allocator *allocator) {
    *layout = (hutch_layout){.allocator = allocator};
    hutch_buffer_init(&layout->text, bound, "HUTCH_INSPECT_TEXT_BYTES", allocator);
    hutch_buffer_init(&layout->spare, bound, "HUTCH_INSPECT_TEXT_BYTES", allocator);
}

void hutch_layout_free(hutch_layout *layout) {
    hutch_buffer_free(&layout->text);
    hutch_buffer_free(&layout->spare);
    hutch_allocator_release(layout->allocator, layout->entries);
    layout->entries = NULL;
}

/* Append to one of the two buffers; what is beyond the bound is cut away. */
static void append(hutch_layout *layout, hutch_buffer *buffer, const char *text, size_t length) {
    size_t room = buffer->cap - buffer->length;
    if (layout->failed) {
        return;
    }
    if (length > room) {
        layout->full = true;
        length = hutch_utf8_cut(text, length, room);
    }
    if (length > 0 && hutch_buffer_append(buffer, text, length, NULL) != HUTCH_OK) {
        layout->failed = true;
    }
}

static void append_text(hutch_layout *layout, hutch_buffer *buffer, const char *text) {
    append(layout, buffer, text, strlen(text));
}

static void append_spaces(hutch_layout *layout, hutch_buffer *buffer, size_t count) {
    static const char spaces[] = "                                ";
    while (count > 0) {
        size_t part = count < sizeof spaces - 1 ? count : sizeof spaces - 1;
        append(layout, buffer, spaces, part);
        count -= part;
    }
}

void hutch_layout_put(hutch_layout *layout, const char *text, size_t length) {
    append(layout, &layout->text, text, length);
}

void hutch_layout_put_text(hutch_layout *layout, const char *text) {
    append_text(layout, &layout->text, text);
}

void hutch_layout_put_count(hutch_layout *layout, uint64_t count) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    append(layout, &layout->text, digits, (size_t)length);
}

static bool contains(const char *text, size_t length, const char *what) {
    return memmem(text, length, what, strlen(what)) != NULL;
}

/* Single quotes, unless others spare an escape. */
static char choose_quote(const char *text, size_t length) {
    if (!contains(text, length, "'")) {
        return '\'';
    }
    if (!contains(text, length, "\"")) {
        return '"';
    }
    return contains(text, length, "`") || contains(text, length, "${") ? '\'' : '`';
}

/* The escape of a character inside quotes, or an empty text when it stands for itself. */
static void escape_of(uint32_t point, char quote, char escape[8]) {
    static const char letters[] = "btnvfr";
    escape[0] = '\0';
    if (point >= '\b' && point <= '\r' && point != '\v') {
        snprintf(escape, 8, "\\%c", letters[point - '\b']);
    } else if (point < 0x20 || (point >= 0x7F && point <= 0x9F)) {
        snprintf(escape, 8, "\\x%02" PRIX32, point);
    } else if (point == '\\' || (point == '\'' && quote == '\'')) {
        snprintf(escape, 8, "\\%c", (char)point);
    } else if (point >= 0xD800 && point <= 0xDFFF) {
        snprintf(escape, 8, "\\u%04" PRIx32, point);
    }
}

void hutch_layout_put_quoted_line(hutch_layout *layout, const char *text, size_t length) {
    char quote = choose_quote(text, length);
    size_t plain = 0;
    hutch_layout_put(layout, &quote, 1);
    for (size_t i = 0, used; i < length; i += used) {
        char escape[8];
        hutch_character next = hutch_utf8_next(text + i, length - i);
        used = next.bytes;
        escape_of(next.point, quote, escape);
        if (escape[0] != '\0') {
            hutch_layout_put(layout, text + plain, i - plain);
            hutch_layout_put_text(layout, escape);
            plain = i + used;
        }
    }
    hutch_layout_put(layout, text + plain, length - plain);
    hutch_layout_put(layout, &quote, 1);
}

void hutch_layout_put_quoted(hutch_layout *layout, const char *text, size_t length) {
    size_t units = hutch_utf8_utf16_units(text, length);
    bool split = units > SPLIT_UNITS_MIN && units + layout->indent + 4 > HUTCH_LAYOUT_LINE_WIDTH;
    const char *feed;
    while (split && (feed = memchr(text, '\n', length)) != NULL && feed + 1 < text + length) {
        size_t line = (size_t)(feed + 1 - text);
        hutch_layout_put_quoted_line(layout, text, line);
        hutch_layout_put_text(layout, " +\n");
        append_spaces(layout, &layout->text, layout->indent + 2);
        text += line;
        length -= line;
    }
    hutch_layout_put_quoted_line(layout, text, length);
}

void hutch_layout_put_indented(hutch_layout *layout, const char *text, size_t length) {
    const char *feed;
    while ((feed = memchr(text, '\n', length)) != NULL) {
        size_t line = (size_t)(feed + 1 - text);
        hutch_layout_put(layout, text, line);
        append_spaces(layout, &layout->text, layout->indent);
        text += line;
        length -= line;
    }
    hutch_layout_put(layout, text, length);
}

static bool reserve_entry(hutch_layout *layout) {
    size_t bytes;
    if (layout->entry_count < layout->entry_capacity) {
        return true;
    }
    size_t capacity = layout->entry_capacity == 0 ? 16 : layout->entry_capacity * 2;
    if (!hutch_checked_multiply(capacity, sizeof(hutch_layout_entry), &bytes)) {
        return false;
    }
    hutch_layout_entry *grown = hutch_allocator_resize(layout->allocator, layout->entries, bytes);
    if (grown == NULL) {
        return false;
    }
    layout->entries = grown;
    layout->entry_capacity = capacity;
    return true;
}

void hutch_layout_end_entry(hutch_layout *layout, size_t start) {
    if (layout->failed) {
        return;
    }
    if (!reserve_entry(layout)) {
        layout->failed = true;
        return;
    }
    size_t length = layout->text.length - start;
    const char *text = length == 0 ? "" : layout->text.data + start;
    layout->entries[layout->entry_count++] = (hutch_layout_entry){
        .start = start,
        .length = length,
        .units = hutch_utf8_utf16_units(text, length),
        .width = hutch_text_columns(text, length),
    };
}

/* Entries of a group that stand in columns. */
typedef struct column_plan {
    size_t entries; /* without the one that says how many were left out */
    size_t columns; /* 0: no columns */
    size_t widths[COLUMNS_MAX];
} column_plan;

/* As many columns as make the whole about as wide as it is high. `rows`: entries, and the one that
 * says how many were left out. */
static size_t count_columns(const hutch_layout *layout, const hutch_layout_entry *entries,
                            size_t count, size_t rows) {
    size_t total = 0;
    size_t widest = 0;
    for (size_t i = 0; i < count; i++) {
        total += entries[i].width + SEPARATOR_WIDTH;
        widest = entries[i].width > widest ? entries[i].width : widest;
    }
    size_t cell = widest + SEPARATOR_WIDTH;
    bool worth = (double)total / (double)cell > 5 || widest <= 6;
    if (!worth || cell * 3 + layout->indent >= HUTCH_LAYOUT_LINE_WIDTH) {
        return 0;
    }
    double slack = sqrt((double)cell - (double)total / (double)rows);
    double biased = fmax((double)cell - 3 - slack, 1);
    double square = round(sqrt(CHARACTER_HEIGHT * biased * (double)rows) / biased);
    size_t fitting = (HUTCH_LAYOUT_LINE_WIDTH - layout->indent) / cell;
    size_t columns = square < COLUMNS_MAX ? (size_t)square : COLUMNS_MAX;
    columns = columns < fitting ? columns : fitting;
    return columns > 1 ? columns : 0;
}

static column_plan plan_columns(const hutch_layout *layout, const hutch_layout_group *group) {
    const hutch_layout_entry *entries = layout->entries + group->first_entry;
    size_t count = layout->entry_count - group->first_entry;
    column_plan plan = {.entries = group->left_out ? count - 1 : count};
    if (!group->columns || count <= HUTCH_LAYOUT_COLUMN_ENTRIES) {
        return plan;
    }
    plan.columns = count_columns(layout, entries, plan.entries, count);
    for (size_t i = 0; plan.columns > 0 && i < plan.entries; i++) {
        size_t *width = &plan.widths[i % plan.columns];
        size_t cell = entries[i].width + SEPARATOR_WIDTH;
        *width = cell > *width ? cell : *width;
    }
    return plan;
}

static void copy_part(hutch_layout *layout, size_t start, size_t end) {
    if (end > start) {
        append(layout, &layout->spare, layout->text.data + start, end - start);
    }
}

static void copy_entry(hutch_layout *layout, const hutch_layout_entry *entry) {
    copy_part(layout, entry->start, entry->start + entry->length);
}

static void new_line(hutch_layout *layout, size_t indent) {
    append_text(layout, &layout->spare, "\n");
    append_spaces(layout, &layout->spare, indent);
}

/* One row of columns, without the comma after it. */
static void write_row(hutch_layout *layout, const hutch_layout_group *group,
                      const column_plan *plan, size_t first) {
    const hutch_layout_entry *entries = layout->entries + group->first_entry;
    size_t end = first + plan->columns < plan->entries ? first + plan->columns : plan->entries;
    for (size_t i = first; i < end; i++) {
        size_t gap = plan->widths[i - first] - SEPARATOR_WIDTH - entries[i].width;
        if (group->numbers) {
            append_spaces(layout, &layout->spare, gap);
        }
        copy_entry(layout, &entries[i]);
        if (i + 1 < end) {
            append_text(layout, &layout->spare, ", ");
            append_spaces(layout, &layout->spare, group->numbers ? 0 : gap);
        }
    }
}

static void begin_row(hutch_layout *layout, bool first) {
    append_text(layout, &layout->spare, first ? "" : ",");
    new_line(layout, layout->indent + 2);
}

static void write_lines(hutch_layout *layout, const hutch_layout_group *group,
                        const column_plan *plan) {
    const hutch_layout_entry *entries = layout->entries + group->first_entry;
    size_t count = layout->entry_count - group->first_entry;
    size_t step = plan->columns > 0 ? plan->columns : 1;
    for (size_t i = 0; i < plan->entries; i += step) {
        begin_row(layout, i == 0);
        if (plan->columns > 0) {
            write_row(layout, group, plan, i);
        } else {
            copy_entry(layout, &entries[i]);
        }
    }
    if (count > plan->entries) {
        begin_row(layout, plan->entries == 0);
        copy_entry(layout, &entries[plan->entries]);
    }
    new_line(layout, layout->indent);
}

static void write_line(hutch_layout *layout, const hutch_layout_group *group) {
    append_text(layout, &layout->spare, " ");
    for (size_t i = group->first_entry; i < layout->entry_count; i++) {
        append_text(layout, &layout->spare, i == group->first_entry ? "" : ", ");
        copy_entry(layout, &layout->entries[i]);
    }
    append_text(layout, &layout->spare, " ");
}

/* Whether all of it may stand on one line. `head`: UTF-16 units before the entries. */
static bool fits_line(const hutch_layout *layout, const hutch_layout_group *group, size_t head) {
    size_t total = head + layout->indent + LINE_OVERHEAD;
    if (layout->deepest - group->level >= HUTCH_LAYOUT_INLINE_LEVELS) {
        return false;
    }
    for (size_t i = group->first_entry; i < layout->entry_count; i++) {
        const hutch_layout_entry *entry = &layout->entries[i];
        total += entry->units + 2;
        if (total > HUTCH_LAYOUT_LINE_WIDTH ||
            contains(layout->text.data + entry->start, entry->length, "\n")) {
            return false;
        }
    }
    size_t prefix = group->prefix_end - group->start;
    return prefix == 0 || !contains(layout->text.data + group->start, prefix, "\n");
}

void hutch_layout_close(hutch_layout *layout, const hutch_layout_group *group, unsigned reference) {
    const char *text = layout->text.data;
    if (layout->failed) {
        return;
    }
    hutch_buffer_clear(&layout->spare);
    if (reference > 0) {
        char mark[32];
        snprintf(mark, sizeof mark, "<ref *%u> ", reference);
        append_text(layout, &layout->spare, mark);
    }
    copy_part(layout, group->start, group->prefix_end);
    append_text(layout, &layout->spare, group->prefix_end > group->start ? " " : "");
    /* The space after the prefix, or after the mark, is not part of what is measured. */
    size_t head = hutch_utf8_utf16_units(layout->spare.data, layout->spare.length);
    head -= head > 0 ? 1 : 0;
    head +=
        hutch_utf8_utf16_units(text + group->prefix_end, group->opening_end - group->prefix_end);
    copy_part(layout, group->prefix_end, group->opening_end);

    column_plan plan = plan_columns(layout, group);
    if (plan.columns == 0 && fits_line(layout, group, head)) {
        write_line(layout, group);
    } else {
        write_lines(layout, group, &plan);
    }
    append_text(layout, &layout->spare, group->closing);

    hutch_buffer_truncate(&layout->text, group->start);
    layout->entry_count = group->first_entry;
    append(layout, &layout->text, layout->spare.data, layout->spare.length);
}
