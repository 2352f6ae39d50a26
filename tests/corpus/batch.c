/*
 * Strips many files in one process, for corpus.mjs. Reads paths from standard input, one a line, and
 * answers each with a record on standard output, in the same order:
 *
 *     text LENGTH              the JavaScript follows
 *     same 0                   the source is JavaScript already
 *     problem LENGTH LINE COLUMN OFFSET EXTENT    the message follows
 *     failed LENGTH            a file that cannot be read, or no memory; the message follows
 *
 * A record is that line, LENGTH bytes and a line break. Ends with 0 at the end of the input.
 */
#include <hutch/strip.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** A file in a block of exactly its size, so that AddressSanitizer sees a step past its end. */
typedef struct file_bytes {
    char *bytes; /**< owned; not NULL, even for no bytes */
    size_t length;
} file_bytes;

static void answer_failed(const char *why) {
    printf("failed %zu\n%s\n", strlen(why), why);
}

static bool read_whole(FILE *file, file_bytes *content) {
    struct stat about;
    if (fstat(fileno(file), &about) != 0) {
        return false;
    }
    if (!S_ISREG(about.st_mode)) {
        errno = EISDIR;
        return false;
    }
    content->length = (size_t)about.st_size;
    content->bytes = malloc(content->length > 0 ? content->length : 1);
    if (content->bytes == NULL) {
        return false;
    }
    if (fread(content->bytes, 1, content->length, file) != content->length) {
        free(content->bytes);
        errno = EIO;
        return false;
    }
    return true;
}

static bool read_path(const char *path, file_bytes *content) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    bool ok = read_whole(file, content);
    fclose(file);
    return ok;
}

static void answer_output(const hutch_strip_output *output) {
    if (output->is_unchanged) {
        printf("same 0\n\n");
        return;
    }
    printf("text %zu\n", output->length);
    fwrite(output->text, 1, output->length, stdout);
    printf("\n");
}

static void answer_file(const file_bytes *content) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    options.goal = HUTCH_STRIP_MODULE;
    hutch_strip_output output;
    hutch_strip_problem problem;
    switch (hutch_strip(content->bytes, content->length, &options, &output, &problem)) {
    case HUTCH_OK:
        answer_output(&output);
        hutch_strip_output_free(&output, options.allocator);
        break;
    case HUTCH_INVALID_ARGUMENT:
        printf("problem %zu %u %u %zu %zu\n%s\n", strlen(problem.message), problem.line,
               problem.column, problem.offset, problem.extent, problem.message);
        break;
    default:
        answer_failed("out of memory");
        break;
    }
}

static void answer_path(const char *path) {
    file_bytes content;
    if (!read_path(path, &content)) {
        answer_failed(strerror(errno));
        return;
    }
    answer_file(&content);
    free(content.bytes);
}

int main(void) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length = 0;
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        if (line[length - 1] == '\n') {
            line[length - 1] = '\0';
        }
        answer_path(line);
    }
    free(line);
    return fflush(stdout) == 0 ? 0 : 1;
}
