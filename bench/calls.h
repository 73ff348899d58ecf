// What the floors share: a system call that must succeed, and the few sentences that a container is made of.
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define HARMLESS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)
#define REAL_DIRECTORY (RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS)

static long check(long result, const char *what) {
    if (result < 0) {
        perror(what);
        _exit(125);
    }
    return result;
}

#define CALL(number, ...) check(syscall(SYS_##number, ##__VA_ARGS__), #number)

static int open_beneath(int directory, const char *path, unsigned long flags, unsigned long resolve) {
    struct open_how how = { .flags = flags | O_CLOEXEC, .mode = flags & O_CREAT ? 0600 : 0, .resolve = resolve };
    return syscall(SYS_openat2, directory, path, &how, sizeof how);
}

// options: key, value, key, value, …, NULL; an empty value is a flag.
static int new_file_system(const char *type, unsigned attributes, const char **options) {
    int context = CALL(fsopen, type, FSOPEN_CLOEXEC);
    CALL(fsconfig, context, FSCONFIG_SET_STRING, "source", type, 0);
    for (; options && *options; options += 2) {
        if (*options[1]) CALL(fsconfig, context, FSCONFIG_SET_STRING, options[0], options[1], 0);
        else CALL(fsconfig, context, FSCONFIG_SET_FLAG, options[0], NULL, 0);
    }
    CALL(fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
    return CALL(fsmount, context, FSMOUNT_CLOEXEC, attributes);
}

static int clone_tree(int source, const char *path, int recursive) {
    return CALL(open_tree, source, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (*path ? 0 : AT_EMPTY_PATH) | (recursive ? AT_RECURSIVE : 0));
}

static void attach(int mount, int place) { CALL(move_mount, mount, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH); }

static void set_mount(int mount, int recursive, unsigned long attributes, unsigned long propagation) {
    struct mount_attr argument = { .attr_set = attributes, .propagation = propagation };
    CALL(mount_setattr, mount, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &argument, sizeof argument);
}

static int real_directory(int parent, const char *name) {
    syscall(SYS_mkdirat, parent, name, 0755);
    return check(open_beneath(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW, REAL_DIRECTORY), name);
}

static int place(int root, const char *path) { return check(open_beneath(root, path, O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS), path); }

static void loopback(void) {
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int socket = CALL(socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CALL(ioctl, socket, SIOCSIFFLAGS, &request);
}
