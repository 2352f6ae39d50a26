/* Memory of the command; see bytes.h. */
#include "bytes.h"

#include "exit_code.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *cli_resize(void *block, size_t count, size_t size) {
    size_t bytes;
    void *resized = NULL;
    if (!__builtin_mul_overflow(count, size, &bytes)) {
        resized = realloc(block, bytes > 0 ? bytes : 1);
    }
    if (resized == NULL) {
        fputs("hutch: out of memory\n", stderr);
        exit(CLI_EXIT_HOST);
    }
    return resized;
}

char *cli_bytes_reserve(cli_bytes *bytes, size_t length) {
    size_t needed;
    if (__builtin_add_overflow(bytes->length, length, &needed)) {
        needed = SIZE_MAX; /* which no machine has */
    }
    if (needed > bytes->capacity) {
        size_t doubled = bytes->capacity <= SIZE_MAX / 2 ? bytes->capacity * 2 : needed;
        size_t capacity = doubled > needed ? doubled : needed;
        bytes->data = cli_resize(bytes->data, capacity, 1);
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->length;
}

void cli_bytes_append(cli_bytes *bytes, const char *data, size_t length) {
    if (length > 0) {
        memcpy(cli_bytes_reserve(bytes, length), data, length);
        bytes->length += length;
    }
}

void cli_bytes_append_text(cli_bytes *bytes, const char *text) {
    cli_bytes_append(bytes, text, strlen(text));
}

void cli_bytes_format(cli_bytes *bytes, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    cli_bytes_append_text(bytes, text);
}

void cli_bytes_drop(cli_bytes *bytes, size_t length) {
    if (length > 0) {
        memmove(bytes->data, bytes->data + length, bytes->length - length);
        bytes->length -= length;
    }
}

void cli_bytes_free(cli_bytes *bytes) {
    free(bytes->data);
    *bytes = (cli_bytes){.data = NULL};
}
