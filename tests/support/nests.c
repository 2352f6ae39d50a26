/**
 * @file nests.c
 * Reading the table of nests; see nests.h.
 */
#include "nests.h"

#include <string.h>

#define NEST_HEAD "const N = 200000; "

static bool parse_end(const char *word, nest_end *end) {
    static const char *const words[] = {"done", "stack", "any"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            *end = (nest_end)i;
            return true;
        }
    }
    return false;
}

static bool parse(const char *line, nest *out) {
    char end[8];
    int begin = 0;
    return sscanf(line, "%63s | %7s | %n", out->name, end, &begin) == 2 && begin > 0 &&
           parse_end(end, &out->end) &&
           snprintf(out->code, sizeof out->code, NEST_HEAD "%s", line + begin) <
               (int)sizeof out->code;
}

bool nests_read(FILE *table, nest *out, const char **problem) {
    static char line[1024];
    *problem = NULL;
    while (fgets(line, sizeof line, table) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') {
            continue;
        }
        *problem = parse(line, out) ? NULL : line;
        return *problem == NULL;
    }
    return false;
}
