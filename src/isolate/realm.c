/*
 * Building the realm; see realm.h. What is built here is the image: each fresh
 * context is a copy of it.
 *
 * Threads: the isolate's own.
 */
#include "isolate/realm.h"

#include "base/error.h"
#include "isolate/cbrt.h"
#include "isolate/console.h"
#include "isolate/rejections.h"
#include "isolate/words.h"

#include <string.h>

/* Garbage collections look for cycles only, and each one walks the whole heap: the first comes when
 * this much has been allocated, the next ones whenever the heap has grown by half. */
#define FIRST_COLLECTION ((size_t)4 * 1024 * 1024)

static void *engine_calloc(void *arena, size_t count, size_t size) {
    return hutch_arena_calloc(arena, count, size);
}

static void *engine_malloc(void *arena, size_t size) {
    return hutch_arena_alloc(arena, size);
}

static void engine_free(void *arena, void *block) {
    hutch_arena_release(arena, block);
}

static void *engine_realloc(void *arena, void *block, size_t size) {
    return hutch_arena_realloc(arena, block, size);
}

static const JSMallocFunctions engine_memory = {
    .js_calloc = engine_calloc,
    .js_malloc = engine_malloc,
    .js_free = engine_free,
    .js_realloc = engine_realloc,
    .js_malloc_usable_size = hutch_arena_usable_size,
};

/* Buffers in the engine's memory, so that their blocks can be given to events. */
static void *buffer_resize(void *rt, void *block, size_t size) {
    return js_realloc_rt(rt, block, size);
}

static void buffer_release(void *rt, void *block) {
    js_free_rt(rt, block);
}

static int on_interrupt(JSRuntime *rt, void *opaque) {
    hutch_guest *guest = opaque;
    (void)rt;
    if (guest->dropping) {
        return 0;
    }
    if (!hutch_guest_must_stop(guest)) {
        hutch_guest_tend_collector(guest);
        return 0;
    }
    /* The engine makes an error object to unwind with. Without memory for it, it would throw what
     * the guest can catch. */
    hutch_guest_open_reserve(guest);
    return 1;
}

/* A module's name is being looked up: there are none. */
static char *refuse_import(JSContext *ctx, const char *base, const char *name, void *opaque) {
    (void)base;
    (void)opaque;
    JS_ThrowTypeError(ctx, "Cannot import \"%s\": a program has no modules", name);
    return NULL;
}

static JSValue math_random(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    (void)argc;
    (void)argv;
    return JS_NewFloat64(ctx, hutch_world_random(&hutch_guest_of(ctx)->world));
}

static JSValue math_cbrt(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    double x = 0;
    (void)self;
    (void)argc;
    return JS_ToFloat64(ctx, &x, argv[0]) < 0 ? JS_EXCEPTION : JS_NewFloat64(ctx, hutch_cbrt(x));
}

static JSValue performance_now(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    (void)argc;
    (void)argv;
    return JS_NewFloat64(ctx, (double)hutch_world_elapsed_ns(&hutch_guest_of(ctx)->world) / 1e6);
}

static JSValue performance_origin(JSContext *ctx, JSValueConst self) {
    (void)self;
    const hutch_world *world = &hutch_guest_of(ctx)->world;
    double now = (double)hutch_world_now_us(world) / 1e3;
    return JS_NewFloat64(ctx, now - (double)hutch_world_elapsed_ns(world) / 1e6);
}

static const JSCFunctionListEntry performance_members[] = {
    JS_CFUNC_DEF2("now", 0, performance_now, JS_PROP_C_W_E),
    JS_CGETSET_DEF2("timeOrigin", performance_origin, NULL,
                    JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE),
};

static bool add_intrinsics(JSContext *ctx) {
    return JS_AddIntrinsicBaseObjects(ctx) == 0 && JS_AddIntrinsicDate(ctx) == 0 &&
           JS_AddIntrinsicEval(ctx) == 0 && JS_AddIntrinsicRegExp(ctx) == 0 &&
           JS_AddIntrinsicJSON(ctx) == 0 && JS_AddIntrinsicProxy(ctx) == 0 &&
           JS_AddIntrinsicMapSet(ctx) == 0 && JS_AddIntrinsicTypedArrays(ctx) == 0 &&
           JS_AddIntrinsicPromise(ctx) == 0 && JS_AddIntrinsicWeakRef(ctx) == 0 &&
           JS_AddIntrinsicAToB(ctx) == 0;
}

static bool replace_member(JSContext *ctx, JSValueConst object, const char *name,
                           JSCFunction *function, int length) {
    JSValue made = JS_NewCFunction(ctx, function, name, length);
    return !JS_IsException(made) &&
           JS_DefinePropertyValueStr(ctx, object, name, made,
                                     JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE) > 0;
}

/* The engine's own Math.random() would go on from the state in the image. */
static bool replace_math(JSContext *ctx, JSValueConst global) {
    JSValue math = JS_GetPropertyStr(ctx, global, "Math");
    bool replaced = JS_IsObject(math) && replace_member(ctx, math, "random", math_random, 0) &&
                    replace_member(ctx, math, "cbrt", math_cbrt, 1);
    JS_FreeValue(ctx, math);
    return replaced;
}

static bool add_performance(JSContext *ctx, JSValueConst global) {
    JSValue performance = JS_NewObject(ctx);
    return !JS_IsException(performance) &&
           JS_SetPropertyFunctionList(
               ctx, performance, performance_members,
               (int)(sizeof performance_members / sizeof performance_members[0])) == 0 &&
           JS_DefinePropertyValueStr(ctx, global, "performance", performance, JS_PROP_C_W_E) > 0;
}

static JSValue prototype_of(JSContext *ctx, JSValueConst global, const char *constructor) {
    JSValue function = JS_GetPropertyStr(ctx, global, constructor);
    JSValue prototype = JS_GetPropertyStr(ctx, function, "prototype");
    JS_FreeValue(ctx, function);
    return prototype;
}

static bool furnish(hutch_guest *guest) {
    JSContext *ctx = guest->ctx;
    if (!add_intrinsics(ctx) || hutch_intrinsics_keep(ctx, &guest->intrinsics) < 0 ||
        !hutch_console_install(guest)) {
        return false;
    }
    JSValue global = JS_GetGlobalObject(ctx);
    guest->range_error = prototype_of(ctx, global, "RangeError");
    guest->reference_error = prototype_of(ctx, global, "ReferenceError");
    /* Made by the engine when it is first asked for: have it in the image. */
    JSValue json = JS_GetPropertyStr(ctx, global, "JSON");
    bool furnished = JS_IsObject(guest->range_error) && JS_IsObject(guest->reference_error) &&
                     JS_IsObject(json) && replace_math(ctx, global) && add_performance(ctx, global);
    JS_FreeValue(ctx, json);
    JS_FreeValue(ctx, global);
    return furnished;
}

static bool build(hutch_guest *guest, hutch_arena *arena) {
    guest->rt = JS_NewRuntime2(&engine_memory, arena);
    if (guest->rt == NULL) {
        return false;
    }
    guest->allocator = (hutch_allocator){buffer_resize, buffer_release, guest->rt};
    guest->ctx = JS_NewContextRaw(guest->rt);
    if (guest->ctx == NULL) {
        return false;
    }
    JS_SetContextOpaque(guest->ctx, guest);
    JS_SetCanBlock(guest->rt, false);
    JS_SetModuleLoaderFunc(guest->rt, refuse_import, NULL, NULL);
    JS_SetGCThreshold(guest->rt, SIZE_MAX);
    if (!furnish(guest)) {
        return false;
    }
    JS_SetInterruptHandler(guest->rt, on_interrupt, guest);
    JS_SetErrorWords(guest->rt, hutch_words_give);
    hutch_rejections_watch(guest);
    JS_RunGC(guest->rt);
    JS_SetGCThreshold(guest->rt, FIRST_COLLECTION);
    return true;
}

hutch_status hutch_realm_build(hutch_isolate *isolate, hutch_error *error) {
    hutch_guest *guest = hutch_arena_calloc(isolate->arena, 1, sizeof *guest);
    if (guest == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for an isolate");
    }
    isolate->guest = guest;
    guest->isolate = isolate;

    const hutch_world *before = hutch_world_enter(&guest->world);
    bool built = build(guest, isolate->arena);
    hutch_world_leave(before);
    if (!built) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0,
                               "no memory for the realm of an isolate");
    }
    return HUTCH_OK;
}

static bool is_tool(const hutch_guest *guest, const char *name) {
    for (size_t i = 0; i < guest->tool_count; i++) {
        if (strcmp(guest->tools[i].bound.data, name) == 0) {
            return true;
        }
    }
    return false;
}

void hutch_realm_trim(hutch_guest *guest) {
    static const char name[] = "queueMicrotask";
    JSContext *ctx = guest->ctx;
    if (guest->isolate->options.queue_microtask || is_tool(guest, name)) {
        return;
    }
    JSValue global = JS_GetGlobalObject(ctx);
    JSAtom atom = JS_NewAtom(ctx, name);
    if (atom == JS_ATOM_NULL || JS_DeleteProperty(ctx, global, atom, 0) < 0) {
        JS_FreeValue(ctx, JS_GetException(ctx));
    }
    JS_FreeAtom(ctx, atom);
    JS_FreeValue(ctx, global);
}
