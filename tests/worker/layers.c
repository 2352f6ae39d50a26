/*
 * The optional layers: what the kernel says of a worker that has them, and that
 * a system which refuses one loses that one and nothing else.
 *
 * With an argument the program first takes a system call away from itself and
 * all that it starts (refusals, below), as a container or an administrator may.
 * With "plain-chroot" the zygote's root is a folder of a file system instead.
 */
#include "harness.h"

#include <hutch/confinement.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

/* Exit status that ctest takes for "skipped" (CMakeLists.txt). */
enum { SKIPPED = 77 };

/* What a refusal costs. */
#define MADE                                                                                       \
    (HUTCH_LAYER_MOUNT_NAMESPACE | HUTCH_LAYER_NETWORK_NAMESPACE | HUTCH_LAYER_IPC_NAMESPACE |     \
     HUTCH_LAYER_UTS_NAMESPACE | HUTCH_LAYER_CGROUP_NAMESPACE | HUTCH_LAYER_EMPTY_ROOT)
#define BORN (HUTCH_LAYER_USER_NAMESPACE | HUTCH_LAYER_PID_NAMESPACE)

typedef struct refusal {
    const char *name;
    int call;
    uint32_t flags; /* any of them in the first argument (of prctl: all of it); 0: whatever it is */
    int error;
    uint32_t lost; /* at least these layers are off */
    uint32_t kept; /* and these are not touched by it */
} refusal;

static const refusal refusals[] = {
    {"user-namespace", SYS_clone, CLONE_NEWUSER, EPERM, HUTCH_LAYER_USER_NAMESPACE,
     HUTCH_LAYER_LANDLOCK},
    {"born-namespaces", SYS_clone, CLONE_NEWPID | CLONE_NEWUSER, ENOSPC, BORN,
     HUTCH_LAYER_LANDLOCK},
    {"every-unshare", SYS_unshare, 0, EPERM, MADE, BORN | HUTCH_LAYER_LANDLOCK},
    {"mount-namespace", SYS_unshare, CLONE_NEWNS, ENOSPC,
     HUTCH_LAYER_MOUNT_NAMESPACE | HUTCH_LAYER_EMPTY_ROOT,
     BORN | HUTCH_LAYER_NETWORK_NAMESPACE | HUTCH_LAYER_LANDLOCK},
    {"network-namespace", SYS_unshare, CLONE_NEWNET, EINVAL, HUTCH_LAYER_NETWORK_NAMESPACE,
     BORN | (MADE & ~HUTCH_LAYER_NETWORK_NAMESPACE) | HUTCH_LAYER_LANDLOCK},
    {"ipc-namespace", SYS_unshare, CLONE_NEWIPC, EINVAL, HUTCH_LAYER_IPC_NAMESPACE,
     BORN | (MADE & ~HUTCH_LAYER_IPC_NAMESPACE) | HUTCH_LAYER_LANDLOCK},
    {"uts-namespace", SYS_unshare, CLONE_NEWUTS, EINVAL, HUTCH_LAYER_UTS_NAMESPACE,
     BORN | (MADE & ~HUTCH_LAYER_UTS_NAMESPACE) | HUTCH_LAYER_LANDLOCK},
    {"cgroup-namespace", SYS_unshare, CLONE_NEWCGROUP, EINVAL, HUTCH_LAYER_CGROUP_NAMESPACE,
     BORN | (MADE & ~HUTCH_LAYER_CGROUP_NAMESPACE) | HUTCH_LAYER_LANDLOCK},
    {"fsopen", SYS_fsopen, 0, ENOSYS, HUTCH_LAYER_EMPTY_ROOT,
     BORN | (MADE & ~HUTCH_LAYER_EMPTY_ROOT) | HUTCH_LAYER_LANDLOCK},
    {"fsmount", SYS_fsmount, 0, EPERM, HUTCH_LAYER_EMPTY_ROOT,
     BORN | (MADE & ~HUTCH_LAYER_EMPTY_ROOT) | HUTCH_LAYER_LANDLOCK},
    {"move_mount", SYS_move_mount, 0, EPERM, HUTCH_LAYER_EMPTY_ROOT,
     BORN | (MADE & ~HUTCH_LAYER_EMPTY_ROOT) | HUTCH_LAYER_LANDLOCK},
    /* Another way to the same end. */
    {"pivot_root", SYS_pivot_root, 0, EINVAL, 0, BORN | MADE | HUTCH_LAYER_LANDLOCK},
    {"landlock-absent", SYS_landlock_create_ruleset, 0, ENOSYS, HUTCH_LAYER_LANDLOCK, BORN | MADE},
    {"landlock-disabled", SYS_landlock_create_ruleset, 0, EOPNOTSUPP, HUTCH_LAYER_LANDLOCK,
     BORN | MADE},
    {"landlock-full", SYS_landlock_restrict_self, 0, E2BIG, HUTCH_LAYER_LANDLOCK, BORN | MADE},
    {"ambient-capabilities", SYS_prctl, PR_CAP_AMBIENT, EINVAL, MADE, BORN | HUTCH_LAYER_LANDLOCK},
};

/* A user namespace cannot be made there, and with it go none of those that a privileged user can make
 * without. No call is refused. */
static const refusal plain_chroot = {"plain-chroot",
                                     -1,
                                     0,
                                     0,
                                     HUTCH_LAYER_USER_NAMESPACE | HUTCH_LAYER_EMPTY_ROOT,
                                     (MADE & ~HUTCH_LAYER_EMPTY_ROOT) | HUTCH_LAYER_LANDLOCK};

#define REFUSALS (sizeof refusals / sizeof refusals[0])

/* Of this run; NULL: nothing is refused. */
static const refusal *refused;
static zygote own;
/* Layers that this machine has when nothing is refused. */
static uint32_t possible;

/* No process that this one starts may make the call any more. */
static bool refuse(const refusal *what) {
    uint32_t low = offsetof(struct seccomp_data, args[0]);
    struct sock_filter checks[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)what->call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, what->flags, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)what->error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    if (what->flags == 0) {
        checks[3] = checks[4];
    } else if (what->call == SYS_prctl) {
        checks[3] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what->flags, 0, 1);
    }
    struct sock_fprog program = {.len = sizeof checks / sizeof checks[0], .filter = checks};
    return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

static uint32_t layers_of_own(void) {
    return own.layers | (own.process.has_own_users ? (uint32_t)HUTCH_LAYER_USER_NAMESPACE : 0) |
           (own.process.has_own_pids ? (uint32_t)HUTCH_LAYER_PID_NAMESPACE : 0);
}

static bool is_on(hutch_layer layer) {
    return (layers_of_own() & (uint32_t)layer) != 0;
}

/* "net:[4026531840]" of a process. */
static void read_namespace(const char *pid, const char *space, char *link, size_t room) {
    char path[96];
    (void)snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, space);
    ssize_t length = readlink(path, link, room - 1);
    assert_true(length > 0);
    link[length] = '\0';
}

static void a_worker_is_in_namespaces_of_its_own_exactly_where_the_layer_is_on(void **state) {
    static const struct {
        const char *file;
        hutch_layer layer;
    } spaces[] = {
        {"user", HUTCH_LAYER_USER_NAMESPACE},     {"pid", HUTCH_LAYER_PID_NAMESPACE},
        {"mnt", HUTCH_LAYER_MOUNT_NAMESPACE},     {"net", HUTCH_LAYER_NETWORK_NAMESPACE},
        {"ipc", HUTCH_LAYER_IPC_NAMESPACE},       {"uts", HUTCH_LAYER_UTS_NAMESPACE},
        {"cgroup", HUTCH_LAYER_CGROUP_NAMESPACE},
    };
    (void)state;
    if (geteuid() != 0) {
        skip(); /* nobody else may look */
    }
    worker *used = worker_start(&own);
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        char pid[24];
        char here[64];
        char there[64];
        (void)snprintf(pid, sizeof pid, "%lld", (long long)used->pid);
        read_namespace("self", spaces[i].file, here, sizeof here);
        read_namespace(pid, spaces[i].file, there, sizeof there);
        if ((strcmp(here, there) != 0) != is_on(spaces[i].layer)) {
            fail_msg("%s here, %s in the worker, layer on: %d", here, there,
                     is_on(spaces[i].layer));
        }
    }
    worker_end(&own, used);
}

static void the_root_of_a_worker_is_empty_exactly_where_the_layer_is_on(void **state) {
    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    worker *used = worker_start(&own);
    char path[64];
    size_t entries = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/root/", (long long)used->pid);
    DIR *root = opendir(path);
    assert_non_null(root);
    while (readdir(root) != NULL) {
        entries++;
    }
    (void)closedir(root);
    assert_int_equal(entries == 2, is_on(HUTCH_LAYER_EMPTY_ROOT)); /* . and .. */
    worker_end(&own, used);
}

static void a_guest_runs_whatever_is_refused(void **state) {
    (void)state;
    worker *used = worker_start(&own);
    open_context(used, NULL, NULL);
    start_run(used, "return 6 * 7");
    expect_done(used, "42");
    worker_end(&own, used);
}

static void the_required_layers_are_on(void **state) {
    (void)state;
#define EXPECT_REQUIRED(constant, bit, name, required, stops)                                      \
    if ((required) && !is_on(constant) && (constant) != HUTCH_LAYER_SECCOMP) {                     \
        fail_msg("%s is off", name);                                                               \
    }
    HUTCH_LAYER_TABLE(EXPECT_REQUIRED)
#undef EXPECT_REQUIRED
#ifdef HUTCH_LOCKDOWN_SECCOMP
    assert_true(is_on(HUTCH_LAYER_SECCOMP));
#else
    assert_false(is_on(HUTCH_LAYER_SECCOMP));
#endif
}

static void a_refusal_costs_its_own_layers_and_no_other(void **state) {
    (void)state;
    if (refused == NULL) {
        skip();
    }
    assert_int_equal(layers_of_own() & refused->lost, 0);
    assert_int_equal(layers_of_own() & refused->kept, possible & refused->kept);
}

/* The root is a folder only while the zygote is started. */
static zygote start_in_chroot(void) {
    int program;
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(hutch_process_program_file(HUTCH_WORKER_PATH, &program), 0);
    assert_int_equal(chroot("/usr"), 0);
    zygote started = zygote_start_program(program);
    assert_int_equal(fchdir(root), 0);
    assert_int_equal(chroot("."), 0);
    (void)close(root);
    (void)close(program);
    return started;
}

static int start(void **state) {
    (void)state;
    own = zygote_start();
    possible = layers_of_own();
    if (refused == &plain_chroot) {
        zygote_end(&own, HUTCH_WORKER_EXIT_POOL_GONE);
        own = start_in_chroot();
    } else if (refused != NULL) {
        zygote_end(&own, HUTCH_WORKER_EXIT_POOL_GONE);
        if (!refuse(refused)) {
            return -1;
        }
        own = zygote_start();
    }
#define PRINT(constant, bit, name, required, stops)                                                \
    print_message("%s %s\n", is_on(constant) ? "on " : "off", name);
    HUTCH_LAYER_TABLE(PRINT)
#undef PRINT
    return 0;
}

static int end(void **state) {
    (void)state;
    zygote_end(&own, HUTCH_WORKER_EXIT_POOL_GONE);
    return 0;
}

int main(int count, char **texts) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_is_in_namespaces_of_its_own_exactly_where_the_layer_is_on),
        cmocka_unit_test(the_root_of_a_worker_is_empty_exactly_where_the_layer_is_on),
        cmocka_unit_test(a_guest_runs_whatever_is_refused),
        cmocka_unit_test(the_required_layers_are_on),
        cmocka_unit_test(a_refusal_costs_its_own_layers_and_no_other),
    };
    for (size_t i = 0; count > 1 && i < REFUSALS; i++) {
        refused = strcmp(refusals[i].name, texts[1]) == 0 ? &refusals[i] : refused;
    }
    if (count > 1 && strcmp(plain_chroot.name, texts[1]) == 0) {
        refused = &plain_chroot;
        if (geteuid() != 0) {
            print_message("only root may change its root\n");
            return SKIPPED;
        }
    }
    if (count > 1 && refused == NULL) {
        (void)fprintf(stderr, "no refusal is called %s\n", texts[1]);
        return 1;
    }
    return cmocka_run_group_tests(tests, start, end);
}
