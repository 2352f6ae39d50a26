/*
 * The cache of compiled code; see code_cache.h. Two tables, in which each
 * program has one place, by its hash: what is kept, and what has come once.
 *
 * Threads: the isolate's own.
 */
#include "isolate/code_cache.h"

#include "isolate/guest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Programs that have come once and are remembered by their hash. */
#define NOTED 128

typedef struct kept_program {
    size_t text_length; /* 0: the place is empty */
    size_t code_length;
    hutch_code_kind kind;
    uint8_t bytes[HUTCH_CODE_CACHE_BYTES]; /* the text, then the code */
} kept_program;

struct hutch_code_cache {
    kept_program *kept;    /* HUTCH_CODE_CACHE_PROGRAMS; apart, so that its pages stay untouched */
    uint64_t noted[NOTED]; /* hashes */
};

hutch_code_cache *hutch_code_cache_new(void) {
    hutch_code_cache *cache = calloc(1, sizeof *cache);
    if (cache != NULL) {
        cache->kept = calloc(HUTCH_CODE_CACHE_PROGRAMS, sizeof *cache->kept);
    }
    if (cache != NULL && cache->kept == NULL) {
        free(cache);
        cache = NULL;
    }
    return cache;
}

void hutch_code_cache_free(hutch_code_cache *cache) {
    if (cache != NULL) {
        free(cache->kept);
    }
    free(cache);
}

/* Spreads well, and no more: who makes programs collide makes them be compiled. */
static uint64_t hash_of(const char *text, size_t length) {
    uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = length * odd;
    while (length > 0) {
        uint64_t word = 0;
        size_t step = length < sizeof word ? length : sizeof word;
        memcpy(&word, text, step);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 29;
        text += step;
        length -= step;
    }
    return hash;
}

static const kept_program *find(const hutch_code_cache *cache, const char *text, size_t length) {
    if (length == 0 || length > HUTCH_CODE_CACHE_BYTES) {
        return NULL;
    }
    const kept_program *kept = &cache->kept[hash_of(text, length) % HUTCH_CODE_CACHE_PROGRAMS];
    return kept->text_length == length && memcmp(kept->bytes, text, length) == 0 ? kept : NULL;
}

static JSValue read_code(JSContext *ctx, const kept_program *kept) {
    JSValue code = JS_ReadObject(ctx, kept->bytes + kept->text_length, kept->code_length,
                                 JS_READ_OBJ_BYTECODE);
    if (!JS_IsException(code) && hutch_guest_take_refusal(hutch_guest_of(ctx))) {
        JS_FreeValue(ctx, code);
        code = JS_ThrowOutOfMemory(ctx);
    }
    return code;
}

JSValue hutch_code_cache_load(const hutch_code_cache *cache, JSContext *ctx, const char *text,
                              size_t length, const char *head) {
    const kept_program *kept = find(cache, text, length);
    return kept != NULL && kept->kind.head == head ? read_code(ctx, kept) : JS_UNDEFINED;
}

JSValue hutch_code_cache_load_plain(const hutch_code_cache *cache, JSContext *ctx, const char *text,
                                    size_t length, hutch_wrapping wrapping) {
    const kept_program *kept = find(cache, text, length);
    return kept != NULL && kept->kind.is_plain && kept->kind.wrapping == wrapping
               ? read_code(ctx, kept)
               : JS_UNDEFINED;
}

/* The code as bytes, for js_free(); NULL: it cannot be had. What the engine writes without enough
 * memory is not always marked as such. */
static uint8_t *write_code(JSContext *ctx, JSValueConst code, size_t *length) {
    uint8_t *bytes = JS_WriteObject(ctx, length, code, JS_WRITE_OBJ_BYTECODE);
    bool refused = hutch_arena_take_refusal(hutch_guest_of(ctx)->isolate->arena);
    if (bytes == NULL) {
        JS_FreeValue(ctx, JS_GetException(ctx));
    } else if (refused) {
        js_free(ctx, bytes);
        bytes = NULL;
    }
    return bytes;
}

static void keep(kept_program *place, JSContext *ctx, const char *text, size_t length,
                 JSValueConst code, const hutch_code_kind *kind) {
    size_t code_length = 0;
    uint8_t *bytes = write_code(ctx, code, &code_length);
    if (bytes != NULL && code_length <= HUTCH_CODE_CACHE_BYTES - length) {
        memcpy(place->bytes, text, length);
        memcpy(place->bytes + length, bytes, code_length);
        place->text_length = length;
        place->code_length = code_length;
        place->kind = *kind;
    }
    js_free(ctx, bytes);
}

void hutch_code_cache_note(hutch_code_cache *cache, JSContext *ctx, const char *text, size_t length,
                           JSValueConst code, const hutch_code_kind *kind) {
    hutch_guest *guest = hutch_guest_of(ctx);
    (void)hutch_guest_take_refusal(guest);
    /* The parser looks ahead, and without memory it may have seen less than there is. */
    if (length == 0 || length > HUTCH_CODE_CACHE_BYTES || guest->run.refused) {
        return;
    }
    uint64_t hash = hash_of(text, length);
    uint64_t *noted = &cache->noted[hash % NOTED];
    if (*noted == hash) {
        keep(&cache->kept[hash % HUTCH_CODE_CACHE_PROGRAMS], ctx, text, length, code, kind);
    }
    *noted = hash;
}
