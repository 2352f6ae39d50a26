/*
 * Frames into a ring. Owns nothing but the copy of the header and the struct.
 *
 * Invariant: `written` counts through the head and then the texts in order;
 * the frame is whole when it has reached the header's length, header included.
 *
 * Threads: one at a time.
 */
#include "wire/frame_writer.h"

#include <string.h>

void hutch_frame_writer_init(hutch_frame_writer *writer, hutch_ring_writer *ring) {
    memset(writer, 0, sizeof *writer);
    writer->ring = ring;
}

void hutch_frame_writer_begin(hutch_frame_writer *writer, hutch_frame_type type, uint32_t run,
                              const void *fixed, size_t fixed_length) {
    writer->head.header =
        (hutch_frame_header){.type = (uint32_t)type, .run = run, .length = fixed_length};
    if (fixed_length > 0) {
        memcpy(writer->head.fixed, fixed, fixed_length);
    }
    writer->head_length = sizeof writer->head.header + fixed_length;
    writer->text_count = 0;
    writer->written = 0;
}

void hutch_frame_writer_add(hutch_frame_writer *writer, const void *data, size_t length) {
    if (length > 0) {
        writer->texts[writer->text_count].data = data;
        writer->texts[writer->text_count].length = length;
        writer->text_count++;
        writer->head.header.length += length;
    }
}

/* Writes the rest of the piece that begins `start` bytes into the frame. @param data  NULL: zeros */
static hutch_frame_progress write_piece(hutch_frame_writer *writer, uint64_t start,
                                        const unsigned char *data, size_t length) {
    static const unsigned char zeros[4096];
    while (writer->written - start < length) {
        size_t done = (size_t)(writer->written - start);
        size_t rest = length - done;
        size_t most = data != NULL || rest < sizeof zeros ? rest : sizeof zeros;
        const unsigned char *from = data != NULL ? data + done : zeros;
        size_t count;
        if (hutch_ring_write(writer->ring, from, most, &count) != HUTCH_RING_SOUND) {
            return HUTCH_FRAME_CORRUPT;
        }
        writer->written += count;
        if (count < most) {
            return HUTCH_FRAME_FULL;
        }
    }
    return HUTCH_FRAME_WRITTEN;
}

hutch_frame_progress hutch_frame_writer_flush(hutch_frame_writer *writer) {
    hutch_frame_progress progress =
        write_piece(writer, 0, (const unsigned char *)&writer->head, writer->head_length);
    uint64_t start = writer->head_length;
    for (size_t i = 0; i < writer->text_count && progress == HUTCH_FRAME_WRITTEN; i++) {
        progress = write_piece(writer, start, writer->texts[i].data, writer->texts[i].length);
        start += writer->texts[i].length;
    }
    return progress;
}

void hutch_frame_writer_blank(hutch_frame_writer *writer) {
    for (size_t i = 0; i < writer->text_count; i++) {
        writer->texts[i].data = NULL;
    }
}

bool hutch_frame_writer_is_busy(const hutch_frame_writer *writer) {
    return writer->head_length > 0 &&
           writer->written < sizeof writer->head.header + writer->head.header.length;
}
