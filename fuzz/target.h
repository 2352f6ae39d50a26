/**
 * @file target.h
 * What a fuzz target is made of: one function for libFuzzer or the replayer,
 * and a reader that turns its input into numbers and texts.
 */
#ifndef HUTCH_FUZZ_TARGET_H
#define HUTCH_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** The target. @return 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A finding: the fuzzer keeps the input that led here. */
#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/** The input, read from the front; at its end everything is 0. */
typedef struct fuzz_input {
    const uint8_t *data;
    size_t left;
} fuzz_input;

static inline uint8_t fuzz_byte(fuzz_input *input) {
    uint8_t value = 0;
    if (input->left > 0) {
        value = *input->data++;
        input->left--;
    }
    return value;
}

static inline uint32_t fuzz_number(fuzz_input *input) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | fuzz_byte(input);
    return value;
}

/** The next `wanted` bytes, or as many as there are; borrowed. */
static inline const char *fuzz_text(fuzz_input *input, size_t wanted, size_t *length) {
    const char *text = (const char *)input->data;
    *length = wanted < input->left ? wanted : input->left;
    input->data += *length;
    input->left -= *length;
    return text;
}

#endif
