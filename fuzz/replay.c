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

static unsigned char *read_file(const char *path, size_t *length) {
    unsigned char *bytes = NULL;
    FILE *file = fopen(path, "rb");
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        const long size = ftell(file);
        rewind(file);
        bytes = size < 0 ? NULL : malloc((size_t)size + 1);
        if (bytes != NULL)
            *length = fread(bytes, 1, (size_t)size, file);
    }
    if (file != NULL)
        fclose(file);
    return bytes;
}

static int replay_file(const char *folder, const char *name) {
    char path[4096];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unsigned char *bytes = read_file(path, &length);
    if (bytes == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    (void)LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
    return 0;
}

static int replay_folder(const char *folder, int *passed) {
    int failed = 0;
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        fprintf(stderr, "%s: no such folder\n", folder);
        return 1;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (entry->d_name[0] == '.')
            continue;
        if (replay_file(folder, entry->d_name) == 0)
            (*passed)++;
        else
            failed++;
    }
    closedir(entries);
    return failed;
}

int main(int argc, char **argv) {
    int passed = 0;
    int failed = 0;
    for (int i = 1; i < argc; i++)
        failed += replay_folder(argv[i], &passed);
    if (passed == 0)
        fprintf(stderr, "%s: nothing to replay; name a folder of inputs\n", argv[0]);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
