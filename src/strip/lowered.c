/*
 * What enums and namespaces have in common; see lowered.h.
 *
 * Threads: as the stripper.
 */
#include "strip/lowered.h"

#include "strip/lexer.h"
#include "strip/rescan.h"
#include "strip/writer.h"

strip_name *strip_lowered_add_name(stripper *p, const unsigned char *name, size_t length,
                                   uint32_t scope) {
    strip_name *row = strip_names_add(&p->names, p->out.allocator, name, length, scope);
    if (row == NULL) {
        p->out.has_no_memory = true;
    }
    return row;
}

void strip_declare_name(stripper *p) {
    if (p->ambient == 0) {
        strip_name *row =
            strip_lowered_add_name(p, strip_source(p, p->place.start),
                                   (size_t)(p->place.at - p->place.start), p->around.scope);
        if (row != NULL) {
            row->declared = p->around.part + 1;
        }
    }
}

strip_lowered strip_lowered_begin(stripper *p, const unsigned char *from, bool is_exported) {
    strip_lowered lowered = {.outer = p->around.lowered, .from = from, .is_exported = is_exported};
    lowered.name =
        (strip_holder){strip_source(p, p->place.start), (size_t)(p->place.at - p->place.start)};
    strip_next(p);
    if (p->ambient > 0) {
        return lowered;
    }
    strip_name *row =
        strip_lowered_add_name(p, lowered.name.name, lowered.name.length, p->around.scope);
    if (row != NULL) {
        row->value = row->value != 0 ? row->value : ++p->scopes;
        row->part = is_exported && row->part == 0 ? p->around.part : row->part;
        lowered.scope = row->value;
        lowered.is_known = row->declared == p->around.part + 1;
        row->declared = p->around.part + 1;
        lowered.part = ++row->parts;
    }
    if (is_exported) {
        lowered.parent = p->around.holder;
    }
    return lowered;
}

/* Whether `var` may declare a name here; inside of blocks tsc takes `let`. */
static bool is_top(const stripper *p) {
    return p->around.scope == 0;
}

void strip_lowered_open(stripper *p, const strip_lowered *lowered) {
    if (p->ambient > 0) {
        strip_next(p);
        return;
    }
    strip_writer writer = strip_writer_begin(p, lowered->from, p->place.at);
    if (!lowered->is_known) {
        if (lowered->is_exported && lowered->parent.name == NULL && !p->wrapped.is_on) {
            strip_write(&writer, "export ");
        }
        strip_write(&writer, is_top(p) ? "var " : "let ");
        strip_write_name(&writer, &lowered->name);
        strip_write(&writer, "; ");
    } else if (p->needs_semicolon) {
        strip_write(&writer, ";");
    }
    strip_write(&writer, "(function (");
    strip_write_name(&writer, &lowered->name);
    strip_write(&writer, ") {");
    strip_next(p);
}

/* What the function is called with: `N || (N = {})`, or `N = P.N || (P.N = {})`. */
static void write_argument(strip_writer *writer, const strip_lowered *lowered) {
    const strip_holder *parent = &lowered->parent;
    bool has_parent = parent->name != NULL;
    strip_write_name(writer, &lowered->name);
    if (has_parent) {
        strip_write(writer, " = ");
        strip_write_name(writer, parent);
        strip_write(writer, ".");
        strip_write_name(writer, &lowered->name);
    }
    strip_write(writer, " || (");
    if (has_parent) {
        strip_write_name(writer, parent);
        strip_write(writer, ".");
    }
    strip_write_name(writer, &lowered->name);
    strip_write(writer, " = {})");
}

void strip_lowered_close(stripper *p, const strip_lowered *lowered, bool is_closed) {
    const unsigned char *from = p->place.previous_end;
    if (!is_closed) {
        from = p->place.start;
        strip_expect(p, TOKEN_CLOSE_BRACE, "'}'");
    }
    if (p->ambient == 0 && !p->has_failed) {
        strip_writer writer = strip_writer_begin(p, from, p->place.previous_end);
        strip_write(&writer, "})(");
        write_argument(&writer, lowered);
        strip_write(&writer, ");");
    }
}

/* Fail if an earlier part of a namespace around exports the current name, and nothing nearer hides it. */
static void refer_to_exported(stripper *p) {
    const unsigned char *name = strip_source(p, p->place.start);
    size_t length = (size_t)(p->place.at - p->place.start);
    if (!p->around.is_merged) {
        return;
    }
    for (const strip_lowered *at = p->around.lowered; at != NULL; at = at->outer) {
        const strip_name *row = strip_names_find(&p->names, name, length, at->scope);
        if (row == NULL) {
            continue;
        }
        if (row->declared == at->part + 1 || row->part == at->part) {
            return;
        }
        if (row->part != 0) {
            strip_fail_at(p, p->place.start, p->place.at,
                          "an earlier part of this namespace exports this name; write it as "
                          "'Namespace.name'");
            return;
        }
    }
}

bool strip_lowered_is_member(const stripper *p) {
    return p->around.enum_scope != 0 &&
           strip_names_find(&p->names, strip_source(p, p->place.start),
                            (size_t)(p->place.at - p->place.start), p->around.enum_scope) != NULL;
}

/* `E.` before the current token. */
static void insert_enum(stripper *p) {
    size_t at = strip_offset(p, p->place.start);
    strip_output_insert(&p->out, at, (const char *)p->around.enum_name.name,
                        p->around.enum_name.length);
    strip_output_insert(&p->out, at, ".", 1);
}

void strip_lowered_refuse(stripper *p, const unsigned char *from, const unsigned char *to) {
    strip_fail_at(p, from, to, "this name is a member of the enclosing enum; choose another");
}

void strip_lowered_declare_inside(stripper *p) {
    if (strip_lowered_is_member(p)) {
        strip_lowered_refuse(p, p->place.start, p->place.at);
    }
}

void strip_lowered_refer_inside(stripper *p) {
    if (!strip_lowered_is_member(p)) {
        refer_to_exported(p);
    } else if (strip_peek(p, NULL) == TOKEN_ARROW) {
        strip_lowered_refuse(p, p->place.start, p->place.at);
    } else {
        insert_enum(p);
    }
}

void strip_lowered_refer_short(stripper *p) {
    if (!strip_lowered_is_member(p)) {
        refer_to_exported(p);
        return;
    }
    size_t at = strip_offset(p, p->place.start);
    const unsigned char *name = strip_source(p, p->place.start);
    strip_output_insert(&p->out, at, (const char *)name, (size_t)(p->place.at - p->place.start));
    strip_output_insert(&p->out, at, ": ", 2);
    insert_enum(p);
}
