/**
 * @file crossing.h
 * JSON on its way from the guest to the host: the input of a tool call, or the
 * result of a run. It is judged here as the host will judge it again, so that
 * an honest guest meets an error inside and never the end of its worker.
 *
 * The text is the engine's, or a block of the engine's memory where members had
 * to be taken out of it: both count towards the memory limit.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_CROSSING_H
#define HUTCH_ISOLATE_CROSSING_H

#include "base/json_scan.h"

#include <hutch/event.h>

#include <quickjs.h>

/** All zero: there is none. */
typedef struct hutch_crossing {
    hutch_text json;         /**< what crosses; borrowed from one of the two below */
    uint64_t values;         /**< in it */
    const char *engine_text; /**< owned: for JS_FreeCString() */
    char *block;             /**< owned: for js_free() */
} hutch_crossing;

/**
 * Take the text of a string that JSON.stringify has made.
 *
 * @param most  bytes; what is longer is not judged
 * @return false with an exception pending: there was no memory
 */
bool hutch_crossing_take(hutch_crossing *crossing, JSContext *ctx, JSValueConst json, uint64_t most,
                         uint64_t most_values, hutch_proto_keys proto_keys,
                         hutch_json_verdict *verdict);

/** Give the memory back; there is none any more. */
void hutch_crossing_free(hutch_crossing *crossing, JSContext *ctx);

#endif
