/**
 * @file list.h
 * Doubly linked lists through members of their elements: nothing is allocated,
 * and an element leaves its list without a search.
 *
 * A list is a link that is its own neighbour when empty. An element that is in
 * no list has NULL neighbours.
 *
 * Threads: as whoever guards the list.
 */
#ifndef HUTCH_POOL_LIST_H
#define HUTCH_POOL_LIST_H

#include <stdbool.h>
#include <stddef.h>

/** A list, or an element's place in one. */
typedef struct hutch_link {
    struct hutch_link *next;
    struct hutch_link *previous;
} hutch_link;

/** The struct of `type` whose `member` is this link. */
#define HUTCH_LINK_OWNER(link, type, member)                                                       \
    ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void hutch_list_init(hutch_link *list) {
    list->next = list;
    list->previous = list;
}

static inline bool hutch_list_is_empty(const hutch_link *list) {
    return list->next == list;
}

static inline bool hutch_link_is_in_list(const hutch_link *element) {
    return element->next != NULL;
}

/** Put an element that is in no list after `place`: first in a list when `place` is the list. */
static inline void hutch_link_insert(hutch_link *place, hutch_link *element) {
    element->previous = place;
    element->next = place->next;
    place->next->previous = element;
    place->next = element;
}

/** Put an element that is in no list at the end. */
static inline void hutch_list_append(hutch_link *list, hutch_link *element) {
    hutch_link_insert(list->previous, element);
}

/** Take an element out of its list; nothing if it is in none. */
static inline void hutch_link_remove(hutch_link *element) {
    if (element->next != NULL) {
        element->previous->next = element->next;
        element->next->previous = element->previous;
        element->next = NULL;
        element->previous = NULL;
    }
}

/** Take the first element out. @return NULL when the list is empty */
static inline hutch_link *hutch_list_take_first(hutch_link *list) {
    hutch_link *first = list->next;
    if (first == list) {
        return NULL;
    }
    hutch_link_remove(first);
    return first;
}

#endif
