/*
 * Namespaces that a process makes for itself, and the root that is in none of
 * the host's file systems.
 *
 * The tmpfs is mounted over "/", so that no folder has to be there for it. It
 * is entered by its descriptor: the name "/" still means what is below it until
 * the root has changed.
 *
 * In a process whose root is a plain chroot() the mounts are its own, too, but
 * an empty root cannot be made without the host's seeing it, and is not.
 */
#include "plat/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of <sys/mount.h>, which older C libraries do not let stand beside <linux/mount.h>. */
#ifndef MS_REC
#define MS_REC 16384UL
#endif
#ifndef MS_PRIVATE
#define MS_PRIVATE (1UL << 18)
#endif
#define DETACH 2L

static int errno_unless(long result) {
    return result < 0 ? errno : 0;
}

int hutch_confine_own(hutch_confine_namespace space) {
    switch (space) {
    case HUTCH_CONFINE_MOUNTS:
        return errno_unless(unshare(CLONE_NEWNS));
    case HUTCH_CONFINE_NETWORK:
        return errno_unless(unshare(CLONE_NEWNET));
    case HUTCH_CONFINE_IPC:
        return errno_unless(unshare(CLONE_NEWIPC));
    case HUTCH_CONFINE_UTS:
        return errno_unless(unshare(CLONE_NEWUTS));
    case HUTCH_CONFINE_CGROUP:
        return errno_unless(unshare(CLONE_NEWCGROUP));
    }
    return EINVAL;
}

static int configure(int maker, const char *key, const char *value) {
    return errno_unless(syscall(SYS_fsconfig, maker, FSCONFIG_SET_STRING, key, value, 0));
}

/* A file system of one folder, which takes no file. @param root [out] descriptor of it */
static int make_empty(int maker, int *root) {
    int failure = configure(maker, "mode", "0555");
    failure = failure != 0 ? failure : configure(maker, "nr_inodes", "1");
    failure = failure != 0 ? failure : configure(maker, "size", "4096");
    if (failure == 0) {
        failure = errno_unless(syscall(SYS_fsconfig, maker, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
    }
    if (failure != 0) {
        return failure;
    }
    *root =
        (int)syscall(SYS_fsmount, maker, FSMOUNT_CLOEXEC,
                     MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    return errno_unless(*root);
}

/* The old root is where it cannot be named, then nowhere. */
static int change_root(void) {
    int failure = errno_unless(syscall(SYS_pivot_root, ".", "."));
    if (failure == 0) {
        failure = errno_unless(syscall(SYS_umount2, ".", DETACH));
    } else {
        /* A root that is mounted on nothing (an initial RAM disk) cannot be exchanged. */
        failure = errno_unless(chroot("."));
    }
    return failure != 0 ? failure : errno_unless(chdir("/"));
}

/* Nothing that is mounted from now on is mounted for the host too. Refused where "/" is a folder of a
 * mount, after a chroot(): the mount itself has no name then. */
static int keep_to_oneself(void) {
    return errno_unless(syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static int enter(int root) {
    int failure =
        errno_unless(syscall(SYS_move_mount, root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH));
    failure = failure != 0 ? failure : errno_unless(fchdir(root));
    return failure != 0 ? failure : change_root();
}

int hutch_confine_empty_root(void) {
    int root = -1;
    int failure = keep_to_oneself();
    if (failure != 0) {
        return failure;
    }
    int maker = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
    if (maker < 0) {
        return errno;
    }
    failure = make_empty(maker, &root);
    (void)close(maker);
    if (failure == 0) {
        failure = enter(root);
        (void)close(root);
    }
    return failure;
}
