/**
 * @file poison.h
 * Telling AddressSanitizer and valgrind which bytes of the arena a program may
 * touch: the blocks it was given, nothing else. In a release build all of it
 * is empty.
 *
 * Threads: any.
 */
#ifndef HUTCH_ARENA_POISON_H
#define HUTCH_ARENA_POISON_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define HUTCH_ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HUTCH_ARENA_ASAN 1
#endif
#endif

#if defined(__has_include) && !defined(NDEBUG) && !defined(HUTCH_ARENA_ASAN)
#if __has_include(<valgrind/memcheck.h>)
#define HUTCH_ARENA_VALGRIND 1
#endif
#endif

#if defined(HUTCH_ARENA_ASAN)

#include <sanitizer/asan_interface.h>

/** Whether anything below does something. */
#define HUTCH_ARENA_POISONS 1
/** For the few functions that read and write the allocator's words between the blocks. */
#define HUTCH_ARENA_RAW __attribute__((no_sanitize("address")))

static inline void hutch_poison(const void *start, size_t size) {
    __asan_poison_memory_region(start, size);
}

static inline void hutch_unpoison(const void *start, size_t size) {
    __asan_unpoison_memory_region(start, size);
}

static inline void hutch_unpoison_defined(const void *start, size_t size) {
    __asan_unpoison_memory_region(start, size);
}

static inline void hutch_raw_begin(const void *word) {
    (void)word;
}

static inline void hutch_raw_end(const void *word) {
    (void)word;
}

/* The marks stay where a mapping was, so whoever unmaps must find their end. Looking once in a page
 * is enough: nothing that the arena marks ends between two. */
static inline const char *hutch_poison_end(const char *start, const char *limit) {
    while (start < limit && __asan_address_is_poisoned(start) != 0) {
        start += limit - start < 4096 ? limit - start : 4096;
    }
    return start;
}

#elif defined(HUTCH_ARENA_VALGRIND)

#include <stdint.h>
#include <valgrind/memcheck.h>

#define HUTCH_ARENA_POISONS 1
#define HUTCH_ARENA_RAW

/** Nobody may touch these bytes. */
static inline void hutch_poison(const void *start, size_t size) {
    VALGRIND_MAKE_MEM_NOACCESS(start, size);
}

/** These bytes may be written; reading them before is a mistake. */
static inline void hutch_unpoison(const void *start, size_t size) {
    VALGRIND_MAKE_MEM_UNDEFINED(start, size);
}

/** These bytes may be read and written. */
static inline void hutch_unpoison_defined(const void *start, size_t size) {
    VALGRIND_MAKE_MEM_DEFINED(start, size);
}

/** The allocator is about to touch one of its own 8-byte words. */
static inline void hutch_raw_begin(const void *word) {
    VALGRIND_MAKE_MEM_DEFINED(word, sizeof(uint64_t));
}

/** It has. */
static inline void hutch_raw_end(const void *word) {
    VALGRIND_MAKE_MEM_NOACCESS(word, sizeof(uint64_t));
}

/** Where the poison that begins at `start` ends, at most `limit`; `start` where nobody needs to
 *  know. */
static inline const char *hutch_poison_end(const char *start, const char *limit) {
    (void)limit;
    return start;
}

#else

#define HUTCH_ARENA_POISONS 0
#define HUTCH_ARENA_RAW

static inline void hutch_poison(const void *start, size_t size) {
    (void)start;
    (void)size;
}

static inline void hutch_unpoison(const void *start, size_t size) {
    (void)start;
    (void)size;
}

static inline void hutch_unpoison_defined(const void *start, size_t size) {
    (void)start;
    (void)size;
}

static inline void hutch_raw_begin(const void *word) {
    (void)word;
}

static inline void hutch_raw_end(const void *word) {
    (void)word;
}

static inline const char *hutch_poison_end(const char *start, const char *limit) {
    (void)limit;
    return start;
}

#endif

#endif
