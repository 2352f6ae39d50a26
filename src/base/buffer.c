/*
 * Bytes that grow up to a named cap; see buffer.h for the invariants.
 *
 * Threads: one at a time.
 */
#include "base/buffer.h"

#include "base/checked.h"
#include "base/error.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/* The first allocation: small enough for a message, large enough not to come again soon. */
#define FIRST_CAPACITY ((size_t)256)

void hutch_buffer_init(hutch_buffer *buffer, size_t cap, const char *cap_name,
                       const hutch_allocator *allocator) {
    *buffer = (hutch_buffer){.cap = cap, .cap_name = cap_name, .allocator = allocator};
}

void hutch_buffer_free(hutch_buffer *buffer) {
    hutch_allocator_release(buffer->allocator, buffer->data);
    hutch_buffer_init(buffer, buffer->cap, buffer->cap_name, buffer->allocator);
}

void hutch_buffer_clear(hutch_buffer *buffer) {
    buffer->length = 0;
}

char *hutch_buffer_take(hutch_buffer *buffer, size_t *length) {
    char *data = buffer->data;
    *length = buffer->length;
    hutch_buffer_init(buffer, buffer->cap, buffer->cap_name, buffer->allocator);
    return data;
}

/* At least `wanted`, twice the present capacity where the cap permits: appending byte by byte then
 * costs a constant time a byte. */
static size_t next_capacity(const hutch_buffer *buffer, size_t wanted) {
    size_t doubled = buffer->capacity;
    if (!hutch_checked_multiply(doubled, 2, &doubled) || doubled > buffer->cap) {
        doubled = buffer->cap;
    }
    if (doubled < FIRST_CAPACITY && FIRST_CAPACITY <= buffer->cap) {
        doubled = FIRST_CAPACITY;
    }
    return wanted > doubled ? wanted : doubled;
}

hutch_status hutch_buffer_reserve(hutch_buffer *buffer, size_t more, hutch_error *error) {
    size_t wanted = 0;
    if (!hutch_checked_add(buffer->length, more, &wanted) || wanted > buffer->cap) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "%zu bytes and %zu more are beyond %s, which is %zu bytes",
                               buffer->length, more, buffer->cap_name, buffer->cap);
    }
    if (wanted <= buffer->capacity) {
        return HUTCH_OK;
    }
    size_t capacity = next_capacity(buffer, wanted);
    char *data = hutch_allocator_resize(buffer->allocator, buffer->data, capacity);
    if (data == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for a buffer of %zu bytes",
                               capacity);
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return HUTCH_OK;
}

hutch_status hutch_buffer_extend(hutch_buffer *buffer, size_t more, char **room,
                                 hutch_error *error) {
    hutch_status status = hutch_buffer_reserve(buffer, more, error);
    if (status == HUTCH_OK) {
        *room = more > 0 ? buffer->data + buffer->length : buffer->data;
        buffer->length += more;
    }
    return status;
}

hutch_status hutch_buffer_append(hutch_buffer *buffer, const void *bytes, size_t length,
                                 hutch_error *error) {
    char *room = NULL;
    hutch_status status = hutch_buffer_extend(buffer, length, &room, error);
    if (status == HUTCH_OK && length > 0) {
        memcpy(room, bytes, length);
    }
    return status;
}

hutch_status hutch_buffer_append_repaired(hutch_buffer *buffer, const char *text, size_t length,
                                          hutch_error *error) {
    char *room = NULL;
    size_t repaired = hutch_utf8_repaired_length(text, length);
    hutch_status status = hutch_buffer_extend(buffer, repaired, &room, error);
    if (status == HUTCH_OK) {
        hutch_utf8_repair(text, length, room);
    }
    return status;
}

void hutch_buffer_truncate(hutch_buffer *buffer, size_t length) {
    assert(length <= buffer->length);
    buffer->length = length;
}
