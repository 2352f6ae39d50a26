/**
 * @file inspect_parts.h
 * What inspect.c (values, properties, nesting) shares with inspect_heads.c,
 * inspect_items.c and inspect_error.c (what differs from kind to kind).
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_INSPECT_PARTS_H
#define HUTCH_ISOLATE_INSPECT_PARTS_H

#include "isolate/inspect.h"
#include "isolate/inspect_layout.h"
#include "isolate/inspect_object.h"

/** Objects that contain themselves and are numbered the same wherever they are met again. */
#define HUTCH_INSPECT_REFERENCES 256

/** An object that is being printed, or was, and is referred to from inside itself. */
typedef struct hutch_reference {
    const void *object; /**< identity only */
    unsigned number;    /**< 0: nothing refers to it */
} hutch_reference;

/** One call of hutch_inspect_append(). */
typedef struct hutch_inspector {
    JSContext *ctx;
    JSValue kept; /**< of hutch_intrinsics_get() */
    hutch_layout layout;
    hutch_reference path[HUTCH_INSPECT_DEPTH + 1]; /**< the objects around the present value */
    unsigned depth;                                /**< how many of them */
    hutch_reference known[HUTCH_INSPECT_REFERENCES];
    unsigned references;
} hutch_inspector;

/** Print a value in place; what cannot be printed is `[unprintable]`. Leaves no exception. */
void hutch_inspect_value(hutch_inspector *in, JSValueConst value);

/** How a property's name is printed. */
typedef enum hutch_naming {
    HUTCH_NAMING_NONE,   /**< an item of an array: the value alone */
    HUTCH_NAMING_PLAIN,  /**< `name: value` */
    HUTCH_NAMING_HIDDEN, /**< `[name]: value`: not enumerable, and worth showing */
} hutch_naming;

/** Print an own property as an entry of the group that is open; nothing when it is not there.
 *  @return false with an exception pending */
bool hutch_inspect_property(hutch_inspector *in, JSValueConst object, JSAtom name,
                            hutch_naming naming);

/** Print a value as an entry of the group that is open, behind what was put since `start`. */
void hutch_inspect_entry(hutch_inspector *in, size_t start, JSValueConst value);

/** Print a string in quotes; beyond HUTCH_INSPECT_STRING_UNITS its rest is only counted. */
bool hutch_inspect_string(hutch_inspector *in, JSValueConst value);

/** Whether to print more entries: there is memory and room. */
static inline bool hutch_inspect_goes_on(const hutch_inspector *in) {
    return !in->layout.failed && !in->layout.full;
}

/** How much of an object its head has said. */
typedef enum hutch_head {
    HUTCH_HEAD_FAILED,   /**< an exception is pending */
    HUTCH_HEAD_OPEN,     /**< entries follow */
    HUTCH_HEAD_COMPLETE, /**< there is nothing more to say */
} hutch_head;

/** Print what comes before an object's entries, and fill in the group. */
hutch_head hutch_kind_head(hutch_inspector *in, hutch_object *object, hutch_layout_group *group);

/** Print the entries that the kind has besides its properties. @return false: exception pending */
bool hutch_kind_entries(hutch_inspector *in, hutch_object *object, hutch_layout_group *group);

/** The head and the hidden entries (`cause`, `errors`) of errors, as the two above. */
hutch_head hutch_error_head(hutch_inspector *in, hutch_object *object, hutch_layout_group *group);
bool hutch_error_entries(hutch_inspector *in, const hutch_object *object);

/** Whether this property name has been printed in the head or among the entries already. */
bool hutch_kind_hides(hutch_inspector *in, const hutch_object *object, JSAtom name);

/** "Foo", "Object [tag]", "[Array(2): null prototype]". @param counted  print `count` too */
void hutch_kind_put_name(hutch_inspector *in, const hutch_object *object, const char *fallback,
                         bool counted, uint64_t count);

/** End a group's head with its opening bracket. */
static inline void hutch_inspect_open(hutch_inspector *in, hutch_layout_group *group,
                                      const char *opening) {
    hutch_layout_put_text(&in->layout, opening);
    group->opening_end = in->layout.text.length;
}

#endif
