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

#include "closing.h"
#include "slots.h"
#include "waker.h"

#include "base/buffer.h"

#include <hutch/hutch.h>
#include <node_api.h>

/** What there may be after a batch. */
enum {
    HUTCH_MORE_NONE = 0, /**< nothing, and the worker has been told to ring */
    HUTCH_MORE_NOW = 1,  /**< the batch was cut: there may be more at once */
    HUTCH_MORE_LATER =
        2, /**< it ends with WAITING: nothing comes without an answer, but for the end
                               of a run whose time is over. The worker has not been told to ring */
};

/** Words of the header. */
enum {
    HUTCH_HEADER_STATUS, /**< hutch_status of the last call */
    HUTCH_HEADER_CLOCK,  /**< monotonic microseconds, modulo 2^32, at the end of the last batch,
                              piece or poll */
    HUTCH_HEADER_EVENTS, /**< events in the batch */
    HUTCH_HEADER_MORE,   /**< HUTCH_MORE_…: what there may be after the batch */
    HUTCH_HEADER_BEGAN,  /**< the clock when the batch was begun */
    HUTCH_HEADER_VALUES, /**< values in the JSON of the batch, or of the piece */
    HUTCH_HEADER_BATCH,  /**< here the records of the batch begin; see batch.h */
    HUTCH_HEADER_WORDS = 512,
};

typedef struct hutch_addon hutch_addon;

/** A pool as the addon knows it. */
typedef struct hutch_addon_pool {
    hutch_addon *addon; /**< borrowed */
    hutch_pool *pool;   /**< owned */
    hutch_waker *waker; /**< owned; the pool's watcher rings it */
    uint32_t holders;   /**< hubs that are held */
} hutch_addon_pool;

/** A pool as one copy of the package sees it; hub.h. */
typedef struct hutch_hub hutch_hub;

/** JSON of a context that comes in pieces; pieces.h. */
typedef struct hutch_pieces hutch_pieces;

typedef struct hutch_bound_native hutch_bound_native;

struct hutch_addon {
    hutch_slots hubs;         /**< hutch_hub, owned */
    hutch_slots contexts;     /**< hutch_context, owned by their pools; a slot's owner is its hub */
    hutch_addon_pool *shared; /**< the pool of the drivers that have no other; NULL: none yet */
    double last_domain;       /**< number of the last trust domain that was given out */
    hutch_buffer arguments;   /**< texts on their way down, of one call */
    hutch_buffer texts;       /**< texts on their way up, of one batch */
    hutch_pieces *pieces;     /**< a list; owned */
    hutch_bound_native *natives; /**< owned; one for each function that was exported */
    uint32_t *header;            /**< owned by the array behind `header_reference` */
    napi_ref header_reference;
    uint64_t allowance_ns;       /**< for vain looks at rings; see batch.c */
    uint64_t allowance_since_ns; /**< when it was last counted */
    hutch_closing *closing;      /**< pools that take longer to close */
    hutch_error error;           /**< of the last call that failed */
};

/* --- arguments ------------------------------------------------------------------------------- */

/** Most arguments of a native function. */
#define HUTCH_ARGUMENTS_MAX 6

/** The arguments of one call. */
typedef struct hutch_native_call {
    napi_env env;
    hutch_addon *addon;
    napi_value values[HUTCH_ARGUMENTS_MAX]; /**< those not given are undefined */
    uint32_t number;                        /**< of the hub or the context it is about */
    hutch_hub *hub;                         /**< set where it is about one */
    hutch_context *context;                 /**< the same */
} hutch_native_call;

/** Throw a TypeError: a native function was called wrongly. @return NULL, for `return`. */
napi_value hutch_call_misused(const hutch_native_call *call, const char *what);

/** Throw what a Node-API function reported, unless an exception is pending. @return NULL */
napi_value hutch_call_failed(const hutch_native_call *call);

/** A whole number from 0 to 2^32 - 1; no other number is taken for one. @return false with an
 *  exception pending */
bool hutch_call_uint32(const hutch_native_call *call, int index, uint32_t *value);

/** The elements of a Float64Array of so many. @return borrowed; NULL: it is none, no exception */
const double *hutch_call_doubles(const hutch_native_call *call, int index, size_t count);

/**
 * Append a string argument to the buffer of arguments, as UTF-8; lone
 * surrogates become U+FFFD.
 *
 * @param offset  [out] where the text begins in the buffer
 * @param length  [out] its bytes
 * @return false with an exception pending
 */
bool hutch_call_text(hutch_native_call *call, int index, size_t *offset, size_t *length);

/** Say in the header how a call into the library ended. @return undefined, or NULL */
napi_value hutch_call_report(const hutch_native_call *call, hutch_status status);

/** What the clock says now, as in HUTCH_HEADER_CLOCK. */
uint32_t hutch_call_clock(void);

/** A number, or NULL with an exception pending. */
napi_value hutch_call_number(const hutch_native_call *call, double value);

/** A string, or NULL with an exception pending. @param units  UTF-16 units of the text */
napi_value hutch_call_string(const hutch_native_call *call, hutch_text text, size_t units);

/* --- native functions ------------------------------------------------------------------------ */

/** What a native function is about: its first argument is the number of it. */
typedef enum hutch_native_subject {
    HUTCH_ABOUT_NOTHING,
    HUTCH_ABOUT_HUB,
    HUTCH_ABOUT_CONTEXT,
} hutch_native_subject;

/** One native function: its name in JavaScript, and what answers a call whose subject was found.
 *  It returns NULL with an exception pending. */
typedef struct hutch_native {
    const char *name;
    hutch_native_subject subject;
    napi_value (*function)(hutch_native_call *call);
} hutch_native;

/** A native function in one environment: what Node-API keeps with the JavaScript function. */
struct hutch_bound_native {
    const hutch_native *native;
    hutch_addon *addon;
};

/** Native functions that are about texts, pools and contexts; each table ends with a NULL name. */
extern const hutch_native hutch_text_natives[];
extern const hutch_native hutch_pool_natives[];
extern const hutch_native hutch_context_natives[];

/** What Node-API calls for all of them; its data is a hutch_bound_native. Empties the buffer of
 *  arguments, reads the call's, and finds its subject. */
napi_value hutch_native_enter(napi_env env, napi_callback_info info);

#endif
