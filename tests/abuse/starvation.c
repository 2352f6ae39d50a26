/**
 * @file starvation.c
 * Reading /proc. A thread's schedstat has three numbers: time on a processor,
 * time waiting for one, turns.
 */
#include "starvation.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define NS_PER_MS UINT64_C(1000000)

static bool waited_by_thread(pid_t pid, const char *thread, uint64_t *waited_ns) {
    char path[96];
    uint64_t ran;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, thread);
    FILE *file = fopen(path, "re");
    bool known = file != NULL && fscanf(file, "%" SCNu64 " %" SCNu64, &ran, waited_ns) == 2;
    if (file != NULL) {
        (void)fclose(file);
    }
    return known;
}

bool starvation_of(pid_t pid, uint64_t *waited_ms) {
    char path[64];
    uint64_t sum = 0;
    bool known = false;
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    if (threads == NULL) {
        return false;
    }
    for (struct dirent *entry = readdir(threads); entry != NULL; entry = readdir(threads)) {
        uint64_t waited = 0;
        if (entry->d_name[0] != '.' && waited_by_thread(pid, entry->d_name, &waited)) {
            sum += waited;
            known = true;
        }
    }
    (void)closedir(threads);
    *waited_ms = sum / NS_PER_MS;
    return known;
}

uint64_t starvation_of_machine(void) {
    uint64_t stolen = 0;
    FILE *file = fopen("/proc/stat", "re");
    /* user nice system idle iowait irq softirq steal */
    if (file == NULL || fscanf(file, "cpu %*u %*u %*u %*u %*u %*u %*u %" SCNu64, &stolen) != 1) {
        stolen = 0;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return stolen * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
}
