#include "meter.h"

#include <linux/perf_event.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRACEPOINT "events/raw_syscalls/sys_enter/id"
#define PATH_MAX_BYTES 96

/* Two counters of one thing: one that the threads of this process inherit, one that processes do, too. */
typedef struct pair {
    int host;
    int all;
} pair;

static pair calls = {-1, -1};
static pair faults = {-1, -1};

static uint64_t locks_taken;
static uint64_t bytes_copied;

/* The linker puts these in place of the real ones (--wrap): CMakeLists.txt says so. */
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
/* What a fortified build calls where it knows the room. */
void *__real___memcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__wrap___memcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__real___memmove_chk(void *to, const void *from, size_t size, size_t room);
void *__wrap___memmove_chk(void *to, const void *from, size_t size, size_t room);

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
    __atomic_fetch_add(&locks_taken, 1, __ATOMIC_RELAXED);
    return __real_pthread_mutex_lock(mutex);
}

void *__wrap_memcpy(void *to, const void *from, size_t size) {
    __atomic_fetch_add(&bytes_copied, size, __ATOMIC_RELAXED);
    return __real_memcpy(to, from, size);
}

void *__wrap_memmove(void *to, const void *from, size_t size) {
    __atomic_fetch_add(&bytes_copied, size, __ATOMIC_RELAXED);
    return __real_memmove(to, from, size);
}

void *__wrap___memcpy_chk(void *to, const void *from, size_t size, size_t room) {
    __atomic_fetch_add(&bytes_copied, size, __ATOMIC_RELAXED);
    return __real___memcpy_chk(to, from, size, room);
}

void *__wrap___memmove_chk(void *to, const void *from, size_t size, size_t room) {
    __atomic_fetch_add(&bytes_copied, size, __ATOMIC_RELAXED);
    return __real___memmove_chk(to, from, size, room);
}

#define KIND_NAME(constant, name) name,

const char *hutch_meter_kind_name(hutch_meter_kind kind) {
    static const char *const names[] = {HUTCH_METER_TABLE(KIND_NAME)};
    return names[kind];
}

const char *hutch_meter_side_name(hutch_meter_side side) {
    static const char *const names[] = {"host", "worker"};
    return names[side];
}

/* @return the kernel's number of the tracepoint; 0 when it is not to be seen */
static uint64_t tracepoint_id(void) {
    static const char *const mounts[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};
    unsigned long id = 0;
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts && id == 0; i++) {
        char path[PATH_MAX_BYTES];
        (void)snprintf(path, sizeof path, "%s/" TRACEPOINT, mounts[i]);
        FILE *file = fopen(path, "re");
        if (file != NULL) {
            if (fscanf(file, "%lu", &id) != 1) {
                id = 0;
            }
            (void)fclose(file);
        }
    }
    return id;
}

static int open_counter(uint32_t type, uint64_t what, bool threads_only) {
    struct perf_event_attr attributes = {
        .type = type,
        .size = sizeof attributes,
        .config = what,
        .inherit = 1,
        .inherit_thread = threads_only ? 1 : 0,
    };
    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static void open_pair(uint32_t type, uint64_t what, pair *counters) {
    counters->all = open_counter(type, what, false);
    counters->host = open_counter(type, what, true);
}

static bool is_open(const pair *counters) {
    return counters->all >= 0 && counters->host >= 0;
}

bool hutch_meter_begin(void) {
    uint64_t tracepoint = tracepoint_id();
    if (tracepoint != 0) {
        open_pair(PERF_TYPE_TRACEPOINT, tracepoint, &calls);
    }
    open_pair(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, &faults);
    return is_open(&calls) && is_open(&faults);
}

bool hutch_meter_knows(hutch_meter_side side, hutch_meter_kind kind) {
    switch (kind) {
    case HUTCH_METER_CALLS:
        return is_open(&calls);
    case HUTCH_METER_FAULTS:
        return is_open(&faults);
    case HUTCH_METER_LOCKS:
    case HUTCH_METER_BYTES:
        return side == HUTCH_METER_HOST;
    case HUTCH_METER_SLEEPS:
    case HUTCH_METER_PREEMPTIONS:
    case HUTCH_METER_KINDS:
        break;
    }
    return true;
}

static uint64_t read_counter(int counter) {
    uint64_t value = 0;
    return counter >= 0 && read(counter, &value, sizeof value) == sizeof value ? value : 0;
}

static void read_pair(const pair *counters, hutch_meter_kind kind, hutch_meter_counts *counts) {
    uint64_t host = read_counter(counters->host);
    counts->of[HUTCH_METER_HOST][kind] = host;
    counts->of[HUTCH_METER_WORKER][kind] = read_counter(counters->all) - host;
}

static void add_switches_of(pid_t process, uint64_t *counts) {
    char path[PATH_MAX_BYTES];
    char line[PATH_MAX_BYTES];
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long value = 0;
        if (sscanf(line, "voluntary_ctxt_switches: %lu", &value) == 1) {
            counts[HUTCH_METER_SLEEPS] += value;
        } else if (sscanf(line, "nonvoluntary_ctxt_switches: %lu", &value) == 1) {
            counts[HUTCH_METER_PREEMPTIONS] += value;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void read_workers(pid_t zygote, uint64_t *counts) {
    char path[PATH_MAX_BYTES];
    int child = 0;
    add_switches_of(zygote, counts);
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)zygote, (int)zygote);
    FILE *file = fopen(path, "re");
    while (file != NULL && fscanf(file, "%d", &child) == 1) {
        add_switches_of((pid_t)child, counts);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void read_host(uint64_t *counts) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        counts[HUTCH_METER_SLEEPS] = (uint64_t)usage.ru_nvcsw;
        counts[HUTCH_METER_PREEMPTIONS] = (uint64_t)usage.ru_nivcsw;
    }
    counts[HUTCH_METER_LOCKS] = __atomic_load_n(&locks_taken, __ATOMIC_RELAXED);
    counts[HUTCH_METER_BYTES] = __atomic_load_n(&bytes_copied, __ATOMIC_RELAXED);
}

void hutch_meter_read(pid_t zygote, hutch_meter_counts *counts) {
    uint64_t *host = counts->of[HUTCH_METER_HOST];
    uint64_t *worker = counts->of[HUTCH_METER_WORKER];
    memset(counts, 0, sizeof *counts);
    read_pair(&calls, HUTCH_METER_CALLS, counts);
    read_pair(&faults, HUTCH_METER_FAULTS, counts);
    read_host(host);
    if (zygote != 0) {
        read_workers(zygote, worker);
    }
}
