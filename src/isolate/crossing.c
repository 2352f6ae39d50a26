/*
 * JSON on its way to the host; see crossing.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/crossing.h"

#include <string.h>

/* Takes the members `__proto__` out, in a copy: the engine's texts are not for writing. */
static bool drop_members(hutch_crossing *crossing, JSContext *ctx) {
    size_t length = crossing->json.length;
    crossing->block = js_malloc(ctx, length + 1);
    if (crossing->block == NULL) {
        return false;
    }
    memcpy(crossing->block, crossing->json.data, length);
    hutch_json_scan scan;
    hutch_json_scan_begin(&scan, crossing->values, HUTCH_PROTO_KEYS_DROP);
    (void)hutch_json_scan_edit(&scan, crossing->block, 0, length, &crossing->json.length);
    crossing->json.data = crossing->block;
    JS_FreeCString(ctx, crossing->engine_text);
    crossing->engine_text = NULL;
    return true;
}

bool hutch_crossing_take(hutch_crossing *crossing, JSContext *ctx, JSValueConst json, uint64_t most,
                         uint64_t most_values, hutch_proto_keys proto_keys,
                         hutch_json_verdict *verdict) {
    hutch_json_scan scan;
    *crossing = (hutch_crossing){0};
    *verdict = HUTCH_JSON_SOUND;
    crossing->engine_text = JS_ToCStringLen(ctx, &crossing->json.length, json);
    crossing->json.data = crossing->engine_text;
    if (crossing->engine_text == NULL) {
        return false;
    }
    if (crossing->json.length > most) {
        return true;
    }
    *verdict = hutch_json_scan_text(&scan, crossing->json.data, crossing->json.length, most_values,
                                    proto_keys);
    crossing->values = scan.values;
    bool drops = scan.has_proto && proto_keys == HUTCH_PROTO_KEYS_DROP;
    if (*verdict == HUTCH_JSON_SOUND && drops && !drop_members(crossing, ctx)) {
        hutch_crossing_free(crossing, ctx);
        return false;
    }
    return true;
}

void hutch_crossing_free(hutch_crossing *crossing, JSContext *ctx) {
    JS_FreeCString(ctx, crossing->engine_text);
    js_free(ctx, crossing->block);
    *crossing = (hutch_crossing){0};
}
