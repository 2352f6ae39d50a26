/**
 * @file addon.h
 * What one environment (the main thread, or a worker thread) has of the addon,
 * and the helpers that its native functions share.
 *
 * Native functions take numbers for pools and contexts (slots.h). What a call
 * into the library returned goes into the header, an array of 32-bit words
 * which JavaScript reads without a call; see HUTCH_HEADER_*. Exceptions are
 * left for what the package itself got wrong: a missing or mistyped argument.
 *
 * Threads: the environment's own.
 */
#ifndef HUTCH_NODE_ADDON_H
#define HUTCH_NODE_ADDON_H

#include "slots.h"
#include "waker.h"

#include "base/buffer.h"

#include <hutch/hutch.h>
#include <node_api.h>

/** Words of the header. */
enum {
    HUTCH_HEADER_STATUS, /**< hutch_status of the last call */
    HUTCH_HEADER_CLOCK,  /**< monotonic microseconds, modulo 2^32, at the end of the last batch */
    HUTCH_HEADER_EVENTS, /**< events in the batch */
    HUTCH_HEADER_MORE,   /**< 1: the batch was cut, there may be more at once */
    HUTCH_HEADER_BATCH,  /**< here the records of the batch begin; see batch.h */
    HUTCH_HEADER_WORDS = 512,
};

/** A pool as the addon knows it. */
typedef struct hutch_addon_pool {
    hutch_pool *pool;   /**< owned */
    hutch_waker *waker; /**< owned; the pool's watcher rings it */
} hutch_addon_pool;

typedef struct hutch_addon {
    hutch_slots pools;      /**< hutch_addon_pool, owned */
    hutch_slots contexts;   /**< hutch_context, owned by their pools */
    hutch_buffer arguments; /**< texts on their way down, of one call */
    hutch_buffer texts;     /**< texts on their way up, of one batch */
    uint32_t *header;       /**< owned by the array behind `header_reference` */
    napi_ref header_reference;
    uint64_t allowance_ns;       /**< for vain looks at rings; see batch.c */
    uint64_t allowance_since_ns; /**< when it was last counted */
    hutch_error error;           /**< of the last call that failed */
} hutch_addon;

/** One native function: its name in JavaScript and its arguments' number. */
typedef struct hutch_native {
    const char *name;
    napi_callback function;
} hutch_native;

/** Native functions that are about texts, pools and contexts; each table ends with a NULL name. */
extern const hutch_native hutch_text_natives[];
extern const hutch_native hutch_pool_natives[];
extern const hutch_native hutch_context_natives[];

/** Free a pool and all its contexts. @param number of an open pool. */
void hutch_addon_close_pool(hutch_addon *addon, uint32_t number);

/** Add the tables of limits, failures, statuses and event types to the exports.
 *  @return false on failure, an exception may be pending */
bool hutch_addon_export_tables(napi_env env, napi_value exports);

/* --- arguments ------------------------------------------------------------------------------- */

/** Most arguments of a native function. */
#define HUTCH_ARGUMENTS_MAX 8

/** The arguments of one call. */
typedef struct hutch_call {
    napi_env env;
    hutch_addon *addon;
    napi_value values[HUTCH_ARGUMENTS_MAX]; /**< those not given are undefined */
} hutch_call;

/** Read a call's arguments and empty the buffer of arguments.
 *  @return false with an exception pending */
bool hutch_call_begin(hutch_call *call, napi_env env, napi_callback_info info);

/** Throw a TypeError: a native function was called wrongly. @return NULL, for `return`. */
napi_value hutch_call_misused(const hutch_call *call, const char *what);

/** Throw what a Node-API function reported, unless an exception is pending. @return NULL */
napi_value hutch_call_failed(const hutch_call *call);

/** A number of 32 bits. @return false with an exception pending */
bool hutch_call_uint32(const hutch_call *call, int index, uint32_t *value);

/** The pool, or the context, of the first argument. @return NULL with an exception pending */
hutch_addon_pool *hutch_call_pool(const hutch_call *call, uint32_t *number);
hutch_context *hutch_call_context(const hutch_call *call, uint32_t *number);

/**
 * Append a string argument to the buffer of arguments, as UTF-8; lone
 * surrogates become U+FFFD.
 *
 * @param offset  [out] where the text begins in the buffer
 * @param length  [out] its bytes
 * @return false with an exception pending
 */
bool hutch_call_text(hutch_call *call, int index, size_t *offset, size_t *length);

/** Say in the header how a call into the library ended. @return undefined, or NULL */
napi_value hutch_call_report(const hutch_call *call, hutch_status status);

/** A number, or NULL with an exception pending. */
napi_value hutch_call_number(const hutch_call *call, double value);

#endif
