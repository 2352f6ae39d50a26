/*
 * Events on their way up; see batch.h.
 *
 * How long the thread looks at a ring: LOOK_US for the first event, and
 * NEXT_LOOK_US for each one behind it, because a call is mostly followed by
 * another one or by WAITING, and JavaScript then need not ask again. But no
 * batch is looked for longer than LOOK_US altogether.
 *
 * A look that was in vain is paid for, out of an allowance that all contexts
 * share and that grows by one part in LOOK_SHARE of the time that passes, up to
 * ALLOWANCE_NS. When it is used up, nothing is looked for, only taken. So an
 * event loop with hundreds of busy contexts loses no more than that share of
 * its time, and one that now and then waits for a slow guest loses nothing of
 * the looks that pay.
 */
#include "batch.h"

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
/* A buffer above this is not kept from batch to batch. */
#define KEPT_MAX ((size_t)1024 * 1024)

/* A batch in the making. */
typedef struct batch_writer {
    hutch_addon *addon;
    uint32_t used;     /* words of the header */
    uint32_t events;   /* records so far */
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

static hutch_status put_failed(batch_writer *batch, const hutch_failed *failed) {
    const hutch_text texts[] = {failed->name, failed->message, failed->stack, failed->code};
    hutch_status status = HUTCH_OK;
    put_word(batch, (uint32_t)failed->failure);
    put_word(batch, failed->usable ? 1 : 0);
    put_word(batch, failed->line);
    put_word(batch, failed->column);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && status == HUTCH_OK; i++) {
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
        return put_text(batch, event->as.tool_call.input, false);
    case HUTCH_EVENT_LOG:
        put_word(batch, (uint32_t)event->as.log.level);
        return put_text(batch, event->as.log.text, false);
    case HUTCH_EVENT_DONE:
        return put_text(batch, event->as.done.json, true);
    case HUTCH_EVENT_FAILED:
        return put_failed(batch, &event->as.failed);
    case HUTCH_EVENT_NONE:
    case HUTCH_EVENT_WAITING:
        break;
    }
    return HUTCH_OK;
}

static bool is_last(hutch_event_type type) {
    return type == HUTCH_EVENT_DONE || type == HUTCH_EVENT_FAILED || type == HUTCH_EVENT_WAITING;
}

static bool is_full(const batch_writer *batch) {
    return batch->used + RECORD_MAX > HUTCH_HEADER_WORDS || batch->addon->texts.length > TEXT_MAX;
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

static hutch_status collect(batch_writer *batch, hutch_context *context) {
    hutch_addon *addon = batch->addon;
    hutch_event event = HUTCH_EVENT_INIT;
    uint64_t begin = now_ns();
    uint64_t now = begin;
    bool may_look = allowance(addon, now) >= LOOK_US * NS_PER_US;
    uint64_t look = may_look ? LOOK_US : 0;
    for (;;) {
        hutch_status status = hutch_context_next(context, look, &event);
        if (status != HUTCH_OK || event.type == HUTCH_EVENT_NONE) {
            pay(addon, look > 0 ? now_ns() - now : 0);
            return status;
        }
        status = put_event(batch, &event);
        if (status != HUTCH_OK || is_last(event.type)) {
            return status;
        }
        if (is_full(batch)) {
            addon->header[HUTCH_HEADER_MORE] = 1;
            return HUTCH_OK;
        }
        now = now_ns();
        look = may_look ? next_look(begin, now) : 0;
    }
}

/* A text with as many units as bytes is ASCII, which the runtimes take faster as Latin-1. */
static napi_value create_string(const hutch_call *call, hutch_text text, size_t units) {
    napi_value string;
    const char *data = text.data != NULL ? text.data : "";
    napi_status status = units == text.length
                             ? napi_create_string_latin1(call->env, data, text.length, &string)
                             : napi_create_string_utf8(call->env, data, text.length, &string);
    return status == napi_ok ? string : hutch_call_failed(call);
}

napi_value hutch_batch_read(const hutch_call *call, hutch_context *context) {
    hutch_addon *addon = call->addon;
    batch_writer batch = {.addon = addon, .used = HUTCH_HEADER_BATCH};
    addon->header[HUTCH_HEADER_MORE] = 0;
    addon->header[HUTCH_HEADER_STATUS] = (uint32_t)collect(&batch, context);
    addon->header[HUTCH_HEADER_EVENTS] = batch.events;
    addon->header[HUTCH_HEADER_CLOCK] = (uint32_t)(now_ns() / 1000);
    hutch_text text = batch.single;
    if (addon->texts.length > 0) {
        text = (hutch_text){addon->texts.data, addon->texts.length};
    }
    napi_value string = create_string(call, text, batch.units);
    if (addon->texts.capacity > KEPT_MAX) {
        hutch_buffer_free(&addon->texts);
    } else {
        hutch_buffer_clear(&addon->texts);
    }
    return string;
}
