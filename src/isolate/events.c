/*
 * The queue of events; see events.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/events.h"

hutch_event_node *hutch_events_add(hutch_events *events, JSContext *ctx, hutch_event_type type) {
    hutch_event_node *node = js_mallocz(ctx, sizeof *node);
    if (node == NULL) {
        return NULL;
    }
    node->type = type;
    if (events->last != NULL) {
        events->last->next = node;
    } else {
        events->first = node;
    }
    events->last = node;
    return node;
}

const hutch_event_node *hutch_events_show(hutch_events *events) {
    hutch_event_node *node = events->first;
    if (node != NULL) {
        events->first = node->next;
        if (events->first == NULL) {
            events->last = NULL;
        }
        events->shown = node;
    }
    return node;
}

void hutch_event_node_fill(const hutch_event_node *node, hutch_event *event) {
    event->type = node->type;
    if (node->type == HUTCH_EVENT_TOOL_CALL) {
        event->as.tool_call = (hutch_tool_call){.id = node->id,
                                                .tool = node->tool,
                                                .name = node->name,
                                                .input = node->input.json,
                                                .values = node->input.values};
    } else {
        event->as.log = (hutch_log){.level = node->level, .text = node->text};
    }
}

void hutch_events_release(hutch_events *events, JSContext *ctx) {
    hutch_event_node *node = events->shown;
    if (node == NULL) {
        return;
    }
    events->shown = NULL;
    hutch_crossing_free(&node->input, ctx);
    js_free(ctx, node->block);
    js_free(ctx, node);
}
