/*
 * Measures hutch_strip() on files in memory, for run.mjs.
 * Usage: hutch-bench-strip body|module FILE...
 *
 * For each line of standard input, a number of passes, it strips all files as often, and answers with
 * a line: the nanoseconds that took. Ends with 0 at the end of the input, 1 when a file cannot be read
 * or stripped.
 */
#include <hutch/strip.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)
#define READ_STEP ((size_t)1 << 16)

/** A file in memory. */
typedef struct bench_source {
    char *bytes; /**< owned */
    size_t length;
} bench_source;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

static bool read_source(const char *path, bench_source *source) {
    FILE *file = fopen(path, "rb");
    size_t got = 0;
    bool ok = file != NULL;
    do {
        char *grown = ok ? realloc(source->bytes, source->length + READ_STEP) : NULL;
        ok = grown != NULL;
        if (ok) {
            source->bytes = grown;
            got = fread(source->bytes + source->length, 1, READ_STEP, file);
            source->length += got;
        }
    } while (ok && got > 0);
    if (file != NULL) {
        ok = ferror(file) == 0 && ok;
        fclose(file);
    }
    return ok;
}

static bool strip_one(const bench_source *source, const hutch_strip_options *options) {
    hutch_strip_output output;
    hutch_strip_problem problem;
    if (hutch_strip(source->bytes, source->length, options, &output, &problem) != HUTCH_OK) {
        return false;
    }
    hutch_strip_output_free(&output, options->allocator);
    return true;
}

static bool strip_all(const bench_source *sources, size_t count,
                      const hutch_strip_options *options) {
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        ok = strip_one(&sources[i], options) && ok;
    }
    return ok;
}

/** Answers the requests on standard input. */
static bool serve(const bench_source *sources, size_t count, const hutch_strip_options *options) {
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        uint64_t passes = strtoull(line, NULL, 10);
        uint64_t begin = now();
        for (uint64_t i = 0; i < passes; i++) {
            if (!strip_all(sources, count, options)) {
                return false;
            }
        }
        printf("%" PRIu64 "\n", now() - begin);
        fflush(stdout);
    }
    return true;
}

int main(int argc, char **argv) {
    if (argc < 3 || (strcmp(argv[1], "body") != 0 && strcmp(argv[1], "module") != 0)) {
        fprintf(stderr, "Usage: hutch-bench-strip body|module FILE...\n");
        return 2;
    }
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    options.goal = strcmp(argv[1], "body") == 0 ? HUTCH_STRIP_BODY : HUTCH_STRIP_MODULE;
    size_t count = (size_t)argc - 2;
    bench_source *sources = calloc(count, sizeof *sources);
    bool ok = sources != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        ok = read_source(argv[i + 2], &sources[i]) && strip_one(&sources[i], &options);
        if (!ok) {
            fprintf(stderr, "hutch-bench-strip: cannot read or strip %s\n", argv[i + 2]);
        }
    }
    ok = ok && serve(sources, count, &options);
    for (size_t i = 0; sources != NULL && i < count; i++) {
        free(sources[i].bytes);
    }
    free(sources);
    return ok ? 0 : 1;
}
