/*
 * The outbox. A frame that fits into the ring as a whole is never copied on
 * the host's heap; one that does not is copied once, and written from there in
 * portions.
 *
 * Invariant: the writer is busy only with the first waiting frame, whose copy
 * it borrows; or with one that was dropped, of which it borrows nothing.
 */
#include "pool/outbox.h"

#include "base/allocator.h"
#include "base/checked.h"

#include <string.h>

struct hutch_outbox_frame {
    hutch_outbox_frame *next;
    hutch_frame_type type;
    uint32_t run;
    size_t fixed_length;
    unsigned char fixed[HUTCH_FRAME_FIXED_MAX];
    size_t text_length;
    unsigned char text[]; /* all texts, one after the other */
};

void hutch_outbox_init(hutch_outbox *outbox, hutch_ring_writer *ring) {
    *outbox = (hutch_outbox){.ring = ring};
    hutch_frame_writer_init(&outbox->writer, ring);
}

void hutch_outbox_free(hutch_outbox *outbox) {
    while (outbox->first != NULL) {
        hutch_outbox_frame *frame = outbox->first;
        outbox->first = frame->next;
        hutch_allocator_release(NULL, frame);
    }
    outbox->last = NULL;
    outbox->bytes = 0;
}

bool hutch_outbox_is_empty(const hutch_outbox *outbox) {
    return outbox->first == NULL && !hutch_frame_writer_is_busy(&outbox->writer);
}

/* Bytes of all texts together. False: more than there can be. */
static bool text_length(const hutch_outgoing *frame, size_t *length) {
    *length = 0;
    for (size_t i = 0; i < HUTCH_FRAME_TEXTS_MAX; i++) {
        if (!hutch_checked_add(*length, frame->texts[i].length, length)) {
            return false;
        }
    }
    return true;
}

static hutch_status write_whole(hutch_outbox *outbox, const hutch_outgoing *frame) {
    hutch_frame_writer *writer = &outbox->writer;
    hutch_frame_writer_begin(writer, frame->type, frame->run, frame->fixed, frame->fixed_length);
    for (size_t i = 0; i < HUTCH_FRAME_TEXTS_MAX; i++) {
        hutch_frame_writer_add(writer, frame->texts[i].data, frame->texts[i].length);
    }
    return hutch_frame_writer_flush(writer) == HUTCH_FRAME_WRITTEN ? HUTCH_OK : HUTCH_DISPOSED;
}

static hutch_status keep(hutch_outbox *outbox, const hutch_outgoing *frame, size_t length) {
    size_t size;
    hutch_outbox_frame *copy = NULL;
    if (hutch_checked_add(sizeof *copy, length, &size)) {
        copy = hutch_allocator_resize(NULL, NULL, size);
    }
    if (copy == NULL) {
        return HUTCH_OUT_OF_MEMORY;
    }
    *copy = (hutch_outbox_frame){.type = frame->type,
                                 .run = frame->run,
                                 .fixed_length = frame->fixed_length,
                                 .text_length = length};
    if (frame->fixed_length > 0) {
        memcpy(copy->fixed, frame->fixed, frame->fixed_length);
    }
    unsigned char *end = copy->text;
    for (size_t i = 0; i < HUTCH_FRAME_TEXTS_MAX; i++) {
        if (frame->texts[i].length > 0) {
            memcpy(end, frame->texts[i].data, frame->texts[i].length);
            end += frame->texts[i].length;
        }
    }
    if (outbox->last == NULL) {
        outbox->first = copy;
    } else {
        outbox->last->next = copy;
    }
    outbox->last = copy;
    outbox->bytes += size;
    return HUTCH_OK;
}

/* Whether a frame can go straight into the ring. */
static hutch_status goes_at_once(const hutch_outbox *outbox, const hutch_outgoing *frame,
                                 size_t length, bool *at_once) {
    size_t total;
    size_t room = 0;
    if (!hutch_checked_add(length, sizeof(hutch_frame_header) + frame->fixed_length, &total)) {
        return HUTCH_OUT_OF_MEMORY;
    }
    if (hutch_outbox_is_empty(outbox) &&
        hutch_ring_writable(outbox->ring, &room) != HUTCH_RING_SOUND) {
        return HUTCH_DISPOSED;
    }
    *at_once = total <= room;
    return HUTCH_OK;
}

size_t hutch_outbox_cost_of(const hutch_outbox *outbox, const hutch_outgoing *frame) {
    size_t length;
    size_t size;
    bool at_once;
    if (!text_length(frame, &length) ||
        !hutch_checked_add(sizeof(hutch_outbox_frame), length, &size)) {
        return SIZE_MAX;
    }
    /* A ring that is garbled is found out when it is written to. */
    return goes_at_once(outbox, frame, length, &at_once) != HUTCH_OK || at_once ? 0 : size;
}

hutch_status hutch_outbox_send(hutch_outbox *outbox, const hutch_outgoing *frame) {
    size_t length;
    bool at_once;
    if (!text_length(frame, &length)) {
        return HUTCH_OUT_OF_MEMORY;
    }
    hutch_status status = goes_at_once(outbox, frame, length, &at_once);
    if (status != HUTCH_OK) {
        return status;
    }
    if (at_once) {
        return write_whole(outbox, frame);
    }
    status = keep(outbox, frame, length);
    return status == HUTCH_OK ? hutch_outbox_pump(outbox) : status;
}

/* Gives the first frame to the writer, if it does not have it yet. */
static void begin_first(hutch_outbox *outbox) {
    hutch_outbox_frame *frame = outbox->first;
    if (!hutch_frame_writer_is_busy(&outbox->writer)) {
        hutch_frame_writer_begin(&outbox->writer, frame->type, frame->run, frame->fixed,
                                 frame->fixed_length);
        hutch_frame_writer_add(&outbox->writer, frame->text, frame->text_length);
    }
}

/* Takes a frame out; `last` is the caller's. */
static void forget(hutch_outbox *outbox, hutch_outbox_frame **link) {
    hutch_outbox_frame *frame = *link;
    *link = frame->next;
    outbox->bytes -= sizeof *frame + frame->text_length;
    hutch_allocator_release(NULL, frame);
}

static void drop_first(hutch_outbox *outbox) {
    forget(outbox, &outbox->first);
    if (outbox->first == NULL) {
        outbox->last = NULL;
    }
}

hutch_status hutch_outbox_pump(hutch_outbox *outbox) {
    while (!hutch_outbox_is_empty(outbox)) {
        bool is_dropped = outbox->is_first_dropped;
        if (!is_dropped) {
            begin_first(outbox);
        }
        hutch_frame_progress progress = hutch_frame_writer_flush(&outbox->writer);
        if (progress != HUTCH_FRAME_WRITTEN) {
            return progress == HUTCH_FRAME_FULL ? HUTCH_OK : HUTCH_DISPOSED;
        }
        outbox->is_first_dropped = false;
        if (!is_dropped) {
            drop_first(outbox);
        }
    }
    return HUTCH_OK;
}

static bool is_answer(const hutch_outbox_frame *frame) {
    return frame->type == HUTCH_FRAME_REPLY || frame->type == HUTCH_FRAME_REJECT;
}

void hutch_outbox_drop_answers(hutch_outbox *outbox) {
    if (outbox->first == NULL) {
        return;
    }
    if (!outbox->is_first_dropped && hutch_frame_writer_is_busy(&outbox->writer) &&
        is_answer(outbox->first)) {
        hutch_frame_writer_blank(&outbox->writer);
        outbox->is_first_dropped = true;
    }
    hutch_outbox_frame **link = &outbox->first;
    outbox->last = NULL;
    while (*link != NULL) {
        hutch_outbox_frame *frame = *link;
        if (is_answer(frame)) {
            forget(outbox, link);
        } else {
            outbox->last = frame;
            link = &frame->next;
        }
    }
}
