/*
 * /proc/<pid>/maps and /proc/<pid>/mem. What is not in memory at the moment
 * is read all the same, as zeroes: that is slow for the arena's 4 GiB, so
 * /proc/<pid>/pagemap says which pages there are.
 */
#include "memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define PAGES_A_GLANCE 512
/* Of a pagemap entry: in memory, or swapped. */
#define PAGE_IS_THERE (UINT64_C(3) << 62)

bool memory_can_search(void) {
#ifdef HUTCH_SANITIZED
    /* A sanitizer maps 20 TiB of shadow: even asking which pages are there takes minutes. */
    return false;
#else
    return geteuid() == 0;
#endif
}

static int open_proc(int64_t pid, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%lld/%s", (long long)pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

char *proc_read(int64_t pid, const char *name, size_t *length) {
    int file = open_proc(pid, name);
    size_t room = (size_t)1 << 20;
    char *text = malloc(room);
    ssize_t got = 1;
    *length = 0;
    while (file >= 0 && text != NULL && got > 0 && *length < room - 1) {
        got = read(file, text + *length, room - 1 - *length);
        *length += got > 0 ? (size_t)got : 0;
    }
    if (file < 0 || text == NULL || got < 0) {
        free(text);
        text = NULL;
    } else {
        text[*length] = '\0';
    }
    if (file >= 0) {
        (void)close(file);
    }
    return text;
}

/* A text in the two forms that an engine keeps it in. */
typedef struct needle {
    unsigned char narrow[64];
    unsigned char wide[128];
    size_t length;
} needle;

static needle make_needle(const char *text) {
    needle made = {.length = strlen(text)};
    for (size_t i = 0; i < made.length && i < sizeof made.narrow; i++) {
        made.narrow[i] = (unsigned char)text[i];
        made.wide[2 * i] = (unsigned char)text[i];
    }
    return made;
}

/* One mapping that is looked through, a page and the end of the one before it at a time. */
typedef struct window {
    unsigned char bytes[2 * PAGE];
    size_t kept; /* bytes of the page before, at the beginning */
} window;

static size_t count_in(const window *view, size_t length, const unsigned char *bytes,
                       size_t count) {
    size_t hits = 0;
    const unsigned char *at = view->bytes;
    size_t left = length;
    while ((at = memmem(at, left, bytes, count)) != NULL) {
        hits++;
        at++;
        left = length - (size_t)(at - view->bytes);
    }
    return hits;
}

static void search_page(int memory, uint64_t address, window *view, const needle *sought,
                        memory_search *found, const char *kind) {
    ssize_t got = pread(memory, view->bytes + view->kept, PAGE, (off_t)address);
    if (got != (ssize_t)PAGE) {
        view->kept = 0;
        return;
    }
    size_t length = view->kept + PAGE;
    size_t hits = count_in(view, length, sought->narrow, sought->length) +
                  count_in(view, length, sought->wide, 2 * sought->length);
    if (hits > 0 && found->hits == 0) {
        (void)snprintf(found->where, sizeof found->where, "%llx %.40s", (unsigned long long)address,
                       kind);
    }
    found->hits += hits;
    found->bytes += PAGE;
    /* Less than a whole needle, so that nothing is counted twice in its narrow form. */
    size_t tail = 2 * sought->length - 1;
    memmove(view->bytes, view->bytes + length - tail, tail);
    view->kept = tail;
}

static void search_mapping(int memory, int pagemap, uint64_t start, uint64_t end,
                           const needle *sought, memory_search *found, const char *kind) {
    static window view;
    uint64_t entries[PAGES_A_GLANCE];
    view.kept = 0;
    for (uint64_t at = start; at < end; at += sizeof entries / sizeof entries[0] * PAGE) {
        ssize_t got = pread(pagemap, entries, sizeof entries, (off_t)(at / PAGE * 8));
        for (size_t i = 0; got > 0 && i < (size_t)got / 8 && at + i * PAGE < end; i++) {
            if ((entries[i] & PAGE_IS_THERE) != 0) {
                search_page(memory, at + i * PAGE, &view, sought, found, kind);
            } else {
                view.kept = 0;
            }
        }
    }
}

memory_search memory_search_for(int64_t pid, const char *text) {
    memory_search found = {0};
    needle sought = make_needle(text);
    size_t length;
    char *maps = proc_read(pid, "maps", &length);
    int memory = open_proc(pid, "mem");
    int pagemap = open_proc(pid, "pagemap");
    char *rest = maps;
    for (char *line = maps == NULL ? NULL : strtok_r(maps, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        unsigned long long start;
        unsigned long long end;
        int kind = 0;
        if (sscanf(line, "%llx-%llx %n", &start, &end, &kind) >= 2) {
            search_mapping(memory, pagemap, start, end, &sought, &found, line + kind);
        }
    }
    (void)close(memory);
    (void)close(pagemap);
    free(maps);
    return found;
}
