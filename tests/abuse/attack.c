/**
 * @file attack.c
 * Reading attacks and judging their ends.
 */
#include "attack.h"

#include "support/patience.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *length) {
    char *text = NULL;
    FILE *file = fopen(path, "rb");
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size < 0 ? NULL : malloc((size_t)size + 1);
        if (text != NULL) {
            *length = fread(text, 1, (size_t)size, file);
            text[*length] = '\0';
        }
    }
    if (file != NULL)
        fclose(file);
    return text;
}

/* The rest of the line after "// key: ", copied; empty where the key is missing. */
static void header_value(const char *source, const char *key, char *value, size_t size) {
    char mark[32];
    snprintf(mark, sizeof mark, "// %s: ", key);
    const char *found = strstr(source, mark);
    value[0] = '\0';
    if (found != NULL) {
        found += strlen(mark);
        snprintf(value, size, "%.*s", (int)strcspn(found, "\n"), found);
    }
}

static bool parse_expectation(attack *out, const char *text) {
    bool known = true;
    if (strncmp(text, "done", 4) == 0) {
        out->outcome = ATTACK_DONE;
        if (text[4] == ' ')
            known =
                snprintf(out->detail, sizeof out->detail, "%s", text + 5) < (int)sizeof out->detail;
    } else if (strncmp(text, "failed ", 7) == 0) {
        out->outcome = ATTACK_FAILED;
        known = sscanf(text + 7, "%127s %63s", out->detail, out->name) >= 1;
        if (strcmp(out->detail, "*") == 0)
            out->detail[0] = '\0';
    } else {
        out->outcome = ATTACK_CONTAINED;
        known = strcmp(text, "contained") == 0;
    }
    return known;
}

static bool parse_polls(attack *out, const char *text) {
    static const char *const words[] = {"no", "rarely", "yes"};
    bool known = text[0] == '\0';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text, words[i]) == 0) {
            out->polls = (attack_polls)i;
            known = true;
        }
    }
    return known;
}

static bool must_not_time_out(const attack *loaded) {
    return loaded->outcome == ATTACK_DONE ||
           (loaded->outcome == ATTACK_FAILED && strcmp(loaded->detail, "timeout") != 0);
}

bool attack_load(const char *path, attack *out, char *problem, size_t problem_size) {
    char value[256];
    memset(out, 0, sizeof *out);
    out->source = read_file(path, &out->length);
    if (out->source == NULL) {
        snprintf(problem, problem_size, "cannot be read");
        return false;
    }
    header_value(out->source, "attack", out->title, sizeof out->title);
    header_value(out->source, "timeout", value, sizeof value);
    out->timeout_ms = value[0] == '\0' ? 60000 : strtoull(value, NULL, 10);
    header_value(out->source, "memory", value, sizeof value);
    out->memory_bytes = strtoull(value, NULL, 10);
    header_value(out->source, "polls", value, sizeof value);
    bool sound = out->title[0] != '\0' && parse_polls(out, value);
    header_value(out->source, "expect", value, sizeof value);
    sound = sound && parse_expectation(out, value);
    if (sound && must_not_time_out(out)) {
        out->timeout_ms = patience_ms(out->timeout_ms);
    }
    if (!sound) {
        snprintf(problem, problem_size,
                 "wants `// attack: …` and `// expect: done|failed|contained`");
        attack_free(out);
    }
    return sound;
}

void attack_free(attack *loaded) {
    free(loaded->source);
    loaded->source = NULL;
}

static bool text_equals(hutch_text text, const char *expected) {
    return text.length == strlen(expected) && memcmp(text.data, expected, text.length) == 0;
}

static bool engine_held(const hutch_failed *failed) {
    return failed->failure != HUTCH_FAILURE_WORKER_DIED &&
           failed->failure != HUTCH_FAILURE_VIOLATION;
}

bool attack_matches(const attack *expected, const hutch_event *event) {
    bool done = event->type == HUTCH_EVENT_DONE;
    bool failed = event->type == HUTCH_EVENT_FAILED && engine_held(&event->as.failed);
    bool matches = false;
    switch (expected->outcome) {
    case ATTACK_DONE:
        matches = done && (expected->detail[0] == '\0' ||
                           text_equals(event->as.done.json, expected->detail));
        break;
    case ATTACK_FAILED:
        matches = failed &&
                  (expected->detail[0] == '\0' ||
                   strcmp(hutch_failure_text(event->as.failed.failure), expected->detail) == 0) &&
                  (expected->name[0] == '\0' || text_equals(event->as.failed.name, expected->name));
        break;
    case ATTACK_CONTAINED:
        matches = done || failed;
        break;
    }
    return matches;
}
