/**
 * @file events.h
 * What the guest has made happen and the host has not fetched yet. The texts
 * are values of the engine or blocks of its memory, so that they count towards
 * the memory limit; none is copied on its way to the host.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_EVENTS_H
#define HUTCH_ISOLATE_EVENTS_H

#include "isolate/crossing.h"

#include <hutch/event.h>

#include <quickjs.h>

/** One thing that happened. */
typedef struct hutch_event_node {
    struct hutch_event_node *next;
    hutch_event_type type; /**< TOOL_CALL or LOG */
    uint32_t id;           /**< TOOL_CALL: of the call */
    uint32_t tool;         /**< TOOL_CALL: index of the tool */
    hutch_text name;       /**< TOOL_CALL: of the tool, borrowed from the guest's table */
    hutch_log_level level; /**< LOG */
    hutch_crossing input;  /**< TOOL_CALL */
    hutch_text text;       /**< LOG: a constant, or the block's */
    char *block;           /**< LOG: owned, where the text is in a block: for js_free() */
} hutch_event_node;

/** First come, first served. */
typedef struct hutch_events {
    hutch_event_node *first;
    hutch_event_node *last;
    hutch_event_node *shown; /**< the one whose text the host is reading */
} hutch_events;

/** A new node at the end, all zero but for `type`; NULL without memory. */
hutch_event_node *hutch_events_add(hutch_events *events, JSContext *ctx, hutch_event_type type);

/** The oldest one, kept until hutch_events_release(); NULL: there is none. */
const hutch_event_node *hutch_events_show(hutch_events *events);

/** The event that a node is; its texts are the node's. @param event  its size and run set */
void hutch_event_node_fill(const hutch_event_node *node, hutch_event *event);

/** The host has read what it was shown. */
void hutch_events_release(hutch_events *events, JSContext *ctx);

#endif
