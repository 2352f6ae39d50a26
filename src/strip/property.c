/*
 * Parameters that are properties; see property.h. Their assignments wait until
 * the body is there; those of functions in the parameters are placed before.
 *
 * Threads: as the stripper.
 */
#include "strip/property.h"

#include "strip/lexer.h"
#include "strip/rescan.h"
#include "strip/statement.h"

#include <string.h>

static void insert(stripper *p, size_t before, const char *text) {
    strip_output_insert(&p->out, before, text, strlen(text));
}

static void wait(stripper *p, const char *text) {
    strip_output_wait(&p->out, text, strlen(text));
}

static void refuse(stripper *p, const unsigned char *from, const unsigned char *end) {
    strip_fail_at(p, from, end,
                  "expected a parameter, found a property, which only a "
                  "constructor with a body can have");
}

void strip_properties_add(stripper *p, strip_properties *properties, const unsigned char *from) {
    if (p->ambient > 0) {
        return;
    }
    if (properties->constructor == NULL) {
        refuse(p, from, p->place.at);
        return;
    }
    if (!strip_is_name(p->place.token)) {
        strip_fail_expected(p, "the name of a property");
        return;
    }
    const unsigned char *source = p->out.source + strip_offset(p, p->place.start);
    size_t length = (size_t)(p->place.at - p->place.start);
    size_t head = strip_offset(p, properties->constructor->class_body);
    strip_output_insert(&p->out, head, (const char *)source, length);
    insert(p, head, ";");
    wait(p, "this.");
    strip_output_wait(&p->out, (const char *)source, length);
    wait(p, " = ");
    strip_output_wait(&p->out, (const char *)source, length);
    wait(p, "; ");
    if (properties->first == NULL) {
        properties->first = from;
    }
}

/* The statements of a derived class's constructor. @return whether `super(…)` was one of them */
static bool read_statements(stripper *p, const strip_properties *properties) {
    bool found = false;
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed) {
        bool is_super = strip_is(p, TOKEN_SUPER) && strip_peek(p, NULL) == TOKEN_OPEN_PAREN;
        strip_statement(p);
        strip_list_member_end(p);
        if (is_super && !found && !p->has_failed) {
            size_t end = strip_offset(p, p->place.previous_end);
            insert(p, end, p->needs_semicolon ? "; " : " ");
            strip_output_place(&p->out, properties->waiting, end);
            found = true;
        }
    }
    return found;
}

void strip_properties_body(stripper *p, const strip_properties *properties) {
    if (!properties->constructor->is_derived) {
        strip_output_place(&p->out, properties->waiting, strip_offset(p, p->place.at));
        strip_function_body(p);
        return;
    }
    bool needed_semicolon = p->needs_semicolon;
    p->needs_semicolon = false;
    p->wrapped.functions++;
    strip_next(p);
    if (!read_statements(p, properties)) {
        strip_fail_at(p, properties->first, p->place.start,
                      "expected super(…) as a statement of its own in a constructor whose "
                      "parameters are properties");
    }
    strip_expect(p, TOKEN_CLOSE_BRACE, "'}'");
    p->wrapped.functions--;
    p->needs_semicolon = needed_semicolon;
}

void strip_properties_without_body(stripper *p, const strip_properties *properties) {
    if (properties->first != NULL) {
        refuse(p, properties->first, p->place.previous_end);
    }
}
