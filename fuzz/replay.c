/**
 * @file replay.c
 * Stands in for libFuzzer in ordinary builds: runs a fuzz target over every
 * file of the folders it is given, so that what a fuzzer once found, or was
 * seeded with, is part of every test run.
 *
 *     fuzz_TARGET FOLDER…
 */
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* No byte more than the file has, so that the sanitizers see a step beyond its end. */
static unsigned char *read_file(const char *path, size_t *length) {
    unsigned char *bytes = NULL;
    FILE *file = fopen(path, "rb");
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = size < 0 ? NULL : malloc(size == 0 ? 1 : (size_t)size);
        if (bytes != NULL) {
            *length = fread(bytes, 1, (size_t)size, file);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return bytes;
}

static bool replay_file(const char *folder, const char *name) {
    char path[4096];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    /* Said before: a finding ends the program. */
    fprintf(stderr, "%s\n", path);
    unsigned char *bytes = read_file(path, &length);
    if (bytes == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    (void)LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
    return true;
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* In the order of their names: targets keep an isolate from one input to the next. */
static int replay_folder(const char *folder, int *passed) {
    int failed = 0;
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_visible, alphasort);
    if (count < 0) {
        fprintf(stderr, "%s: no such folder\n", folder);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        bool sound = replay_file(folder, entries[i]->d_name);
        *passed += sound ? 1 : 0;
        failed += sound ? 0 : 1;
        free(entries[i]);
    }
    free(entries);
    return failed;
}

int main(int argc, char **argv) {
    int passed = 0;
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        failed += replay_folder(argv[i], &passed);
    }
    if (passed == 0) {
        fprintf(stderr, "%s: nothing to replay; name a folder of inputs\n", argv[0]);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
