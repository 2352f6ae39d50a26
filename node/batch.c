/*
 * Events on their way up; see batch.h.
 *
 * How long the thread looks at a ring: HUTCH_LOOK_US for the first event, and
 * NEXT_LOOK_US for each one behind it, because a call is mostly followed by
 * another one or by WAITING, and JavaScript then need not ask again. A look
 * that was in vain is paid for: for the next QUIET_NS, in whichever context,
 * nothing is looked for, only taken. So an event loop with hundreds of busy
 * contexts loses no more than a twentieth of its time.
 */
#include "batch.h"

#include "base/utf8.h"

#include <time.h>

#define LOOK_US 50
#define NEXT_LOOK_US 5
#define QUIET_NS UINT64_C(1000000)
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

static hutch_status collect(batch_writer *batch, hutch_context *context) {
    hutch_addon *addon = batch->addon;
    hutch_event event = HUTCH_EVENT_INIT;
    uint64_t look = now_ns() - addon->missed_ns < QUIET_NS ? 0 : LOOK_US;
    for (;;) {
        hutch_status status = hutch_context_next(context, look, &event);
        if (status != HUTCH_OK || event.type == HUTCH_EVENT_NONE) {
            if (look == LOOK_US) {
                addon->missed_ns = now_ns();
            }
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
        look = look == 0 ? 0 : NEXT_LOOK_US;
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
