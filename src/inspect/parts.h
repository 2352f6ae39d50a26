/**
 * @file parts.h
 * What inspect.c (values, properties, nesting) shares with heads.c,
 * items.c and error.c (what differs from kind to kind).
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_INSPECT_PARTS_H
#define HUTCH_INSPECT_PARTS_H

#include "inspect/inspect.h"
#include "inspect/layout.h"
#include "inspect/object.h"

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
    const hutch_intrinsics *kept; /**< borrowed */
    hutch_layout layout;
    hutch_reference path[HUTCH_INSPECT_DEPTH + 1]; /**< the objects around the present value */
    unsigned depth;                                /**< how many of them */
    hutch_reference known[HUTCH_INSPECT_REFERENCES];
    unsigned references;
    uint64_t values; /**< that have been looked at */
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

/** Print a value as an entry of the group that is open, after what was put since `start`. */
void hutch_inspect_entry(hutch_inspector *in, size_t start, JSValueConst value);

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
typedef hutch_head hutch_head_function(hutch_inspector *in, const hutch_object *object,
                                       hutch_layout_group *group);
hutch_head_function hutch_head_arguments;
hutch_head_function hutch_head_array;
hutch_head_function hutch_head_boxed;
hutch_head_function hutch_head_callable;
hutch_head_function hutch_head_collection;
hutch_head_function hutch_head_date;
hutch_head_function hutch_head_error;
hutch_head_function hutch_head_named;
hutch_head_function hutch_head_plain;
hutch_head_function hutch_head_regexp;

/** Print the entries that objects of a kind have besides their properties.
 *  @return false with an exception pending */
typedef bool hutch_entries_function(hutch_inspector *in, const hutch_object *object,
                                    hutch_layout_group *group);
hutch_entries_function hutch_entries_array;
hutch_entries_function hutch_entries_buffer;
hutch_entries_function hutch_entries_collection;
hutch_entries_function hutch_entries_error;
hutch_entries_function hutch_entries_promise;
hutch_entries_function hutch_entries_unknown;
hutch_entries_function hutch_entries_view;

/** What has been put is the prefix of a group; properties follow in braces, if there are more. */
hutch_head hutch_head_prefix(hutch_inspector *in, hutch_layout_group *group, bool more);

/** Whether this property of an error has been printed in its head. */
bool hutch_error_hides(hutch_inspector *in, const hutch_object *object, JSAtom name);

/** "Foo", "Object [tag]", "[Array(2): null prototype]". @param counted  print the length too */
void hutch_head_put_name(hutch_inspector *in, const hutch_object *object, const char *fallback,
                         bool counted);

static inline void hutch_put(hutch_inspector *in, const char *text) {
    hutch_layout_put_text(&in->layout, text);
}

static inline void hutch_put_borrowed(hutch_inspector *in, const hutch_borrowed *text) {
    hutch_layout_put(&in->layout, text->data, text->length);
}

/** Call one of the engine's own methods. Owned by the caller. */
static inline JSValue hutch_inspect_call(const hutch_inspector *in, hutch_intrinsic which,
                                         JSValueConst value) {
    return hutch_intrinsics_call(in->ctx, in->kept, which, value);
}

#endif
