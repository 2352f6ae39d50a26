/*
 * The outbox. A frame that fits into the ring as a whole is never copied on
 * the host's heap; one that does not is copied once, and written from there in
 * portions.
 *
 * Invariant: the writer is busy only with the first waiting frame, whose copy
 * it borrows.
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
    unsigned char text[]; /* all texts, one behind the other */
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
}

bool hutch_outbox_is_empty(const hutch_outbox *outbox) {
    return outbox->first == NULL;
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
    return HUTCH_OK;
}

hutch_status hutch_outbox_send(hutch_outbox *outbox, const hutch_outgoing *frame) {
    size_t length;
    size_t total;
    size_t room = 0;
    if (!text_length(frame, &length) ||
        !hutch_checked_add(length, sizeof(hutch_frame_header) + frame->fixed_length, &total)) {
        return HUTCH_OUT_OF_MEMORY;
    }
    if (outbox->first == NULL && hutch_ring_writable(outbox->ring, &room) != HUTCH_RING_SOUND) {
        return HUTCH_DISPOSED;
    }
    if (total <= room) {
        return write_whole(outbox, frame);
    }
    hutch_status status = keep(outbox, frame, length);
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

static void drop_first(hutch_outbox *outbox) {
    hutch_outbox_frame *frame = outbox->first;
    outbox->first = frame->next;
    if (outbox->first == NULL) {
        outbox->last = NULL;
    }
    hutch_allocator_release(NULL, frame);
}

hutch_status hutch_outbox_pump(hutch_outbox *outbox) {
    while (outbox->first != NULL) {
        begin_first(outbox);
        hutch_frame_progress progress = hutch_frame_writer_flush(&outbox->writer);
        if (progress != HUTCH_FRAME_WRITTEN) {
            return progress == HUTCH_FRAME_FULL ? HUTCH_OK : HUTCH_DISPOSED;
        }
        drop_first(outbox);
    }
    return HUTCH_OK;
}
