/*
 * Events on their way up; see batch.h.
 *
 * How long the thread looks at a ring: LOOK_US for the first event, and
 * NEXT_LOOK_US for each one after it, because a call is mostly followed by
 * another one or by WAITING, and JavaScript then need not ask again. But no
 * batch is looked for longer than LOOK_US altogether.
 *
 * The pool demands that a context is asked until it says NONE: only then is its
 * worker told to ring. After WAITING, which ends a batch, that is left to
 * hutch_batch_listen(): mostly an answer comes first, and to tell the worker, and
 * to take it back, costs as much as the call.
 *
 * A look that was in vain is paid for, out of an allowance that all contexts
 * share and that grows by one part in LOOK_SHARE of the time that passes, up to
 * ALLOWANCE_NS. When it is used up, nothing is looked for, only taken. So an
 * event loop with hundreds of busy contexts loses no more than that share of
 * its time, and one that now and then waits for a slow guest loses nothing of
 * the looks that pay.
 */
#include "batch.h"
#include "pieces.h"

#include "base/utf8.h"

#include <time.h>

#define LOOK_US UINT64_C(50)
#define NEXT_LOOK_US UINT64_C(5)
#define NS_PER_US UINT64_C(1000)
/* Of all time, the part that may be lost on vain looks. */
#define LOOK_SHARE 10
/* What can be saved up: ten vain looks. */
#define ALLOWANCE_NS (10 * LOOK_US * NS_PER_US)
/* Longest record, in words. */
#define RECORD_MAX 9
/* Text after which a batch is cut. */
#define TEXT_MAX ((size_t)256 * 1024)
/* Values after which it is. */
#define BATCH_VALUES 2500
/* A buffer above this is not kept from batch to batch. */
#define KEPT_MAX ((size_t)1024 * 1024)

/* A batch in the making. */
typedef struct batch_writer {
    hutch_addon *addon;
    uint32_t context;  /* its number */
    bool in_pieces;    /* the JSON of the last event is */
    uint32_t used;     /* words of the header */
    uint32_t events;   /* records so far */
    uint64_t values;   /* of all JSON */
    uint64_t began_ns; /* when it was begun */
    uint64_t now_ns;   /* when the clock was read last */
    size_t units;      /* UTF-16 units of all texts */
    hutch_text single; /* the text of a batch that has only one; never copied */
} batch_writer;

static uint64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void put_word(batch_writer *batch, uint32_t word) {
    batch->addon->header[batch->used++] = word;
}

/* Append a text and put its length. The text of an event that ends the batch need not be copied,
 * because nothing asks the context again before the string is made. */
static hutch_status put_text(batch_writer *batch, hutch_text text, bool last) {
    hutch_buffer *texts = &batch->addon->texts;
    size_t units = hutch_utf8_utf16_units(text.data, text.length);
    if (units > UINT32_MAX) {
        return HUTCH_OUT_OF_MEMORY;
    }
    put_word(batch, (uint32_t)units);
    batch->units += units;
    if (last && texts->length == 0) {
        batch->single = text;
        return HUTCH_OK;
    }
    return hutch_buffer_append(texts, text.data, text.length, &batch->addon->error);
}

/* The JSON of an event, or that it comes in pieces, which ends the batch. */
static hutch_status put_json(batch_writer *batch, hutch_text json, uint64_t values, bool last) {
    if (!hutch_pieces_are_due(json, values)) {
        batch->values += values;
        return put_text(batch, json, last);
    }
    put_word(batch, HUTCH_PIECES_LENGTH);
    batch->in_pieces = true;
    return hutch_pieces_begin(batch->addon, batch->context, json, values);
}

static hutch_status put_failed(batch_writer *batch, const hutch_failed *failed) {
    const hutch_text texts[] = {failed->name, failed->message, failed->stack, failed->code};
    hutch_status status = HUTCH_OK;
    put_word(batch, (uint32_t)failed->failure);
    put_word(batch, failed->usable ? 1 : 0);
    put_word(batch, failed->line);
    put_word(batch, failed->column);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == HUTCH_OK; i++) {
        status = put_text(batch, texts[i], false);
    }
    return status;
}

static hutch_status put_event(batch_writer *batch, const hutch_event *event) {
    put_word(batch, (uint32_t)event->type);
    batch->events++;
    switch (event->type) {
    case HUTCH_EVENT_TOOL_CALL:
        put_word(batch, event->as.tool_call.id);
        put_word(batch, event->as.tool_call.tool);
        return put_json(batch, event->as.tool_call.input, event->as.tool_call.values, false);
    case HUTCH_EVENT_LOG:
        put_word(batch, (uint32_t)event->as.log.level);
        return put_text(batch, event->as.log.text, false);
    case HUTCH_EVENT_DONE:
        return put_json(batch, event->as.done.json, event->as.done.values, true);
    case HUTCH_EVENT_FAILED:
        return put_failed(batch, &event->as.failed);
    case HUTCH_EVENT_WAITING:
        return HUTCH_OK;
    case HUTCH_EVENT_NONE:
        break;
    }
    return HUTCH_UNSUPPORTED;
}

static bool is_last(hutch_event_type type) {
    return type == HUTCH_EVENT_DONE || type == HUTCH_EVENT_FAILED;
}

static bool is_full(const batch_writer *batch) {
    return batch->used + RECORD_MAX > HUTCH_HEADER_WORDS || batch->addon->texts.length > TEXT_MAX ||
           batch->values >= BATCH_VALUES;
}

/* What has been saved up for vain looks by now. */
static uint64_t allowance(hutch_addon *addon, uint64_t now) {
    uint64_t earned = (now - addon->allowance_since_ns) / LOOK_SHARE;
    uint64_t room = ALLOWANCE_NS - addon->allowance_ns;
    addon->allowance_ns += earned < room ? earned : room;
    addon->allowance_since_ns = now;
    return addon->allowance_ns;
}

/* Nothing came of a look. */
static void pay(hutch_addon *addon, uint64_t looked_ns) {
    uint64_t saved = addon->allowance_ns;
    addon->allowance_ns = looked_ns < saved ? saved - looked_ns : 0;
}

/* How long to look for the next event of a batch that was begun then. */
static uint64_t next_look(uint64_t begin, uint64_t now) {
    return now - begin < (LOOK_US - NEXT_LOOK_US) * NS_PER_US ? NEXT_LOOK_US : 0;
}

/* What a status, an event or a full batch means for the rest of it. */
static bool ends_batch(batch_writer *batch, hutch_status status, hutch_event_type type) {
    uint32_t *more = &batch->addon->header[HUTCH_HEADER_MORE];
    if (status != HUTCH_OK || is_last(type)) {
        return true;
    }
    if (type == HUTCH_EVENT_WAITING) {
        *more = HUTCH_MORE_LATER;
    } else if (is_full(batch) || batch->in_pieces) {
        *more = HUTCH_MORE_NOW;
    }
    return *more != HUTCH_MORE_NONE;
}

/* Takes events until there is none, and looks for each for so long. */
static hutch_status collect(batch_writer *batch, hutch_context *context, bool may_look) {
    hutch_addon *addon = batch->addon;
    hutch_event event = HUTCH_EVENT_INIT;
    uint64_t now = batch->began_ns;
    uint64_t look = may_look ? LOOK_US : 0;
    for (;;) {
        hutch_status status = hutch_context_poll(context, look, &event);
        if (status != HUTCH_OK || event.type == HUTCH_EVENT_NONE) {
            /* Where nothing was looked for, no time to speak of has passed. */
            batch->now_ns = look > 0 ? now_ns() : now;
            pay(addon, batch->now_ns - now);
            return status;
        }
        status = put_event(batch, &event);
        now = now_ns();
        batch->now_ns = now;
        if (ends_batch(batch, status, event.type)) {
            return status;
        }
        look = may_look ? next_look(batch->began_ns, now) : 0;
    }
}

/* As HUTCH_HEADER_CLOCK. */
static uint32_t clock_of(uint64_t ns) {
    return (uint32_t)(ns / NS_PER_US);
}

/* The string with the texts of a batch. */
static napi_value take_texts(const hutch_native_call *call, const batch_writer *batch) {
    hutch_buffer *texts = &call->addon->texts;
    hutch_text text = batch->single;
    if (texts->length > 0) {
        text = (hutch_text){texts->data, texts->length};
    }
    napi_value string = hutch_call_string(call, text, batch->units);
    if (texts->capacity > KEPT_MAX) {
        hutch_buffer_free(texts);
    } else {
        hutch_buffer_clear(texts);
    }
    return string;
}

static napi_value read_batch(const hutch_native_call *call, hutch_context *context, uint32_t number,
                             bool shall_look) {
    hutch_addon *addon = call->addon;
    uint64_t now = now_ns();
    batch_writer batch = {.addon = addon,
                          .context = number,
                          .used = HUTCH_HEADER_BATCH,
                          .began_ns = now,
                          .now_ns = now};
    bool may_look = allowance(addon, now) >= LOOK_US * NS_PER_US && shall_look;
    hutch_pieces_drop(addon, number);
    addon->header[HUTCH_HEADER_MORE] = HUTCH_MORE_NONE;
    addon->header[HUTCH_HEADER_STATUS] = (uint32_t)collect(&batch, context, may_look);
    addon->header[HUTCH_HEADER_EVENTS] = batch.events;
    addon->header[HUTCH_HEADER_BEGAN] = clock_of(batch.began_ns);
    addon->header[HUTCH_HEADER_VALUES] = (uint32_t)batch.values;
    addon->header[HUTCH_HEADER_CLOCK] = clock_of(batch.now_ns);
    napi_value string = take_texts(call, &batch);
    if (!batch.in_pieces) {
        hutch_context_release(context);
    }
    return string;
}

napi_value hutch_batch_read(const hutch_native_call *call, hutch_context *context,
                            uint32_t number) {
    return read_batch(call, context, number, true);
}

napi_value hutch_batch_listen(const hutch_native_call *call, hutch_context *context,
                              uint32_t number) {
    return read_batch(call, context, number, false);
}
