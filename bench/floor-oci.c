// The floor of an OCI runtime: what `littlebox-oci run` asks of the kernel for the config.json of `runc spec`, in the same order, and nothing else: no
// runtime, no JSON, no plan. On version 1 of the control groups.
//
//   floor-oci STATE CGROUP RECIPE ROOT COMMAND [ARGUMENT…]
//
// STATE is an empty directory of the caller's, CGROUP the path below every hierarchy. RECIPE is a file of lines with blanks between the words, which
// bench/run makes from the config.json:
//
//   mount TYPE SOURCE PATH          after those of `runc spec`; TYPE is bind or tmpfs
//   mask PATH | readonly PATH
//   limit CONTROLLER FILE VALUE
//   seccomp                         a filter of as many instructions as a search over ranges of system calls has
//
// Left out on purpose, as they are no part of the container: how littlebox-oci lets go of its own file, and how it looks for the place of everything
// anew. Keep it in step with src/Littlebox.Runtime/Oci: compare `strace -f` of both.
#include "calls.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/un.h>

enum { HIERARCHIES = 24, LINES = 128, INSTRUCTIONS = 64 };

static const unsigned long KEEP = 1UL << 5 | 1UL << 10 | 1UL << 29; // CAP_KILL, CAP_NET_BIND_SERVICE, CAP_AUDIT_WRITE

static struct { char name[64]; int directory, tasks; } hierarchies[HIERARCHIES];
static int hierarchy_count;
static struct { char *words[4]; } lines[LINES];
static int line_count;

// Splits the text at line ends and blanks, in place.
static void read_recipe(const char *path) {
    static char text[32768];
    int file = check(open_beneath(AT_FDCWD, path, O_RDONLY, 0), path);
    CALL(read, file, text, sizeof text - 1);
    close(file);
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) && line_count < LINES;) {
        if (!*line) continue;
        for (int word = 0; word < 4; word++) lines[line_count].words[word] = strsep(&line, " ");
        line_count++;
    }
}

static void write_value(int directory, const char *name, const char *value) {
    int file = check(open_beneath(directory, name, O_WRONLY, REAL_DIRECTORY), name);
    CALL(write, file, value, strlen(value));
    close(file);
}

static int read_value(int directory, const char *name, char *value, int size) {
    int file = check(open_beneath(directory, name, O_RDONLY, REAL_DIRECTORY), name);
    int length = CALL(read, file, value, size - 1);
    close(file);
    value[length] = 0;
    return length;
}

static int hierarchy(const char *name) {
    for (int i = 0; i < hierarchy_count; i++) {
        if (!strcmp(hierarchies[i].name, name)) return hierarchies[i].directory;
    }
    fprintf(stderr, "floor-oci: no hierarchy %s\n", name);
    _exit(125);
}

static void make_groups(const char *group) {
    char text[4096], path[128];
    int file = CALL(openat, AT_FDCWD, "/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
    int length = CALL(read, file, text, sizeof text - 1);
    close(file);
    text[length] = 0;
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) && *line;) {
        strsep(&line, ":");
        char *name = strsep(&line, ":");
        if (!*name || hierarchy_count == HIERARCHIES) continue;
        if (!strncmp(name, "name=", 5)) name += 5;
        snprintf(hierarchies[hierarchy_count].name, sizeof hierarchies->name, "%s", name);
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s", name);
        int top = check(open_beneath(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, RESOLVE_NO_MAGICLINKS), path);
        CALL(mkdirat, top, group, 0755);
        int made = hierarchies[hierarchy_count].directory = check(open_beneath(top, group, O_RDONLY | O_DIRECTORY, REAL_DIRECTORY), group);
        if (!strcmp(name, "cpuset")) {
            static const char *both[] = { "cpuset.cpus", "cpuset.mems" };
            for (int i = 0; i < 2; i++) {
                char value[256];
                read_value(top, both[i], value, sizeof value);
                write_value(made, both[i], value);
            }
        }
        close(top);
        hierarchies[hierarchy_count++].tasks = -1;
    }
    if (!hierarchy_count) {
        fputs("floor-oci: no control groups of version 1\n", stderr);
        _exit(125);
    }
    for (int i = 0; i < line_count; i++) {
        if (!strcmp(lines[i].words[0], "limit")) write_value(hierarchy(lines[i].words[1]), lines[i].words[2], lines[i].words[3]);
    }
    static const char *allowed[] = {
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm", "c 10:200 rwm",
    };
    int devices = hierarchy("devices");
    write_value(devices, "devices.deny", "a");
    int allow = check(open_beneath(devices, "devices.allow", O_WRONLY, REAL_DIRECTORY), "devices.allow");
    for (unsigned i = 0; i < sizeof allowed / sizeof *allowed; i++) CALL(write, allow, allowed[i], strlen(allowed[i]));
    close(allow);
    for (int i = 0; i < hierarchy_count; i++) hierarchies[i].tasks = check(open_beneath(hierarchies[i].directory, "tasks", O_WRONLY, RESOLVE_BENEATH), "tasks");
}

static void remove_groups(const char *group) {
    char path[128];
    for (int i = 0; i < hierarchy_count; i++) {
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s", hierarchies[i].name);
        int top = check(open_beneath(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, RESOLVE_NO_MAGICLINKS), path);
        CALL(unlinkat, top, group, AT_REMOVEDIR);
        close(top);
    }
}

// A directory of the container below one that is ours.
static int made_in(int root, const char *parent, const char *name) { return real_directory(place(root, parent), name); }

static void control_groups_inside(int root) {
    int top = new_file_system("tmpfs", HARMLESS, (const char *[]){ "mode", "755", NULL });
    attach(top, place(root, "sys/fs/cgroup"));
    for (int i = 0; i < hierarchy_count; i++) {
        const char *name = hierarchies[i].name;
        const char *named[] = { "name", name, NULL }, *controller[] = { name, "", NULL };
        int where = real_directory(top, name);
        attach(new_file_system("cgroup", HARMLESS | MOUNT_ATTR_RDONLY, strcmp(name, "systemd") ? controller : named), where);
    }
    set_mount(top, 0, MOUNT_ATTR_RDONLY, 0);
}

static void further_mount(int root, char **words) {
    const char *path = words[3] + 1;
    int tree, directory = 1;
    if (!strcmp(words[1], "bind")) {
        struct statx status;
        tree = clone_tree(AT_FDCWD, words[2], 1);
        CALL(statx, tree, "", AT_EMPTY_PATH, STATX_TYPE, &status);
        directory = S_ISDIR(status.stx_mode);
        set_mount(tree, 1, 0, MS_PRIVATE);
    } else {
        tree = new_file_system("tmpfs", HARMLESS, (const char *[]){ "mode", "1777", "size", "65536k", NULL });
    }
    int target = open_beneath(root, path, O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    if (target < 0) {
        char copy[256], *name;
        snprintf(copy, sizeof copy, "%s", path);
        name = strrchr(copy, '/');
        if (name) *name++ = 0;
        int parent = name ? place(root, copy) : root;
        if (!name) name = copy;
        if (directory) syscall(SYS_mkdirat, parent, name, 0755);
        else close(CALL(openat, parent, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
        target = place(root, path);
    }
    attach(tree, target);
}

static void make_devices(int root) {
    static const struct { const char *name; int major, minor; } nodes[] = { { "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 }, { "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 } };
    static const char *links[][2] = { { "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" }, { "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" }, { "ptmx", "pts/ptmx" } };
    int dev = place(root, "dev");
    for (int i = 0; i < 6; i++) CALL(mknodat, dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor));
    for (int i = 0; i < 5; i++) CALL(symlinkat, links[i][1], dev, links[i][0]);
    for (int i = 0; i < 3; i++) {
        struct statx status;
        CALL(statx, i, "", AT_EMPTY_PATH, STATX_TYPE, &status);
    }
    int null = check(open_beneath(root, "dev/null", O_RDWR, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS), "dev/null");
    CALL(dup3, null, 0, 0);
}

static void mask_and_protect(int root) {
    int directory = new_file_system("tmpfs", HARMLESS | MOUNT_ATTR_RDONLY, (const char *[]){ "mode", "0555", "nr_inodes", "2", "nr_blocks", "1", NULL });
    int file = CALL(openat, AT_FDCWD, "/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    for (int i = 0; i < line_count; i++) {
        char **words = lines[i].words;
        int masked = !strcmp(words[0], "mask"), tree;
        if (!masked && strcmp(words[0], "readonly")) continue;
        int target = open_beneath(root, words[1], O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
        if (target < 0) continue;
        if (masked) {
            struct statx status;
            CALL(statx, target, "", AT_EMPTY_PATH, STATX_TYPE, &status);
            tree = clone_tree(S_ISDIR(status.stx_mode) ? directory : file, "", 0);
            if (!S_ISDIR(status.stx_mode)) set_mount(tree, 0, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, MS_PRIVATE);
        } else {
            tree = clone_tree(target, "", 1);
            set_mount(tree, 1, MOUNT_ATTR_RDONLY, 0);
        }
        attach(tree, target);
    }
}

// Everything is allowed, after as many comparisons as there is room for: the kernel's work is to check, translate and copy them.
static void install_filter(void) {
    struct sock_filter filter[INSTRUCTIONS] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (int i = 2; i < INSTRUCTIONS - 1; i++) filter[i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 500 + i, 0, 0);
    filter[INSTRUCTIONS - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { INSTRUCTIONS, filter };
    CALL(seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void limit_capabilities(void) {
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct sets[2] = { { KEEP, KEEP, 0 }, { 0, 0, 0 } };
    CALL(capset, &header, sets);
    CALL(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void child(const char *root_path, char **command, int channel, int listener) {
    struct mount_attr slave = { .propagation = MS_SLAVE };
    char working_directory[4096], message[8] = { 3 };
    unsigned char processors[128];
    CALL(umask, 0);
    for (int i = 0; i < hierarchy_count; i++) CALL(write, hierarchies[i].tasks, "0", 1);
    memset(processors, 0xff, sizeof processors);
    CALL(sched_setaffinity, 0, sizeof processors, processors);
    CALL(unshare, CLONE_NEWCGROUP);
    for (int i = 0; i < hierarchy_count; i++) {
        close(hierarchies[i].tasks);
        close(hierarchies[i].directory);
    }
    loopback();
    CALL(sethostname, "runc", 4);
    CALL(keyctl, KEYCTL_JOIN_SESSION_KEYRING, "_ses.floor");

    // The new root is furnished from the outside.
    int root = clone_tree(AT_FDCWD, root_path, 1);
    set_mount(root, 1, 0, MS_PRIVATE);
    CALL(mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &slave, sizeof slave);
    attach(root, CALL(openat, AT_FDCWD, root_path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    int where = real_directory(root, "proc");
    attach(new_file_system("proc", 0, NULL), where);
    where = real_directory(root, "dev");
    attach(new_file_system("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME, (const char *[]){ "mode", "755", "size", "65536k", NULL }), where);
    where = made_in(root, "dev", "pts");
    attach(new_file_system("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, (const char *[]){ "newinstance", "", "ptmxmode", "0666", "mode", "0620", "gid", "5", NULL }), where);
    where = made_in(root, "dev", "shm");
    attach(new_file_system("tmpfs", HARMLESS, (const char *[]){ "mode", "1777", "size", "65536k", NULL }), where);
    where = made_in(root, "dev", "mqueue");
    attach(new_file_system("mqueue", HARMLESS, NULL), where);
    where = real_directory(root, "sys");
    attach(new_file_system("sysfs", HARMLESS | MOUNT_ATTR_RDONLY, (const char *[]){ "ro", "", NULL }), where);
    control_groups_inside(root);
    for (int i = 0; i < line_count; i++) {
        if (!strcmp(lines[i].words[0], "mount")) further_mount(root, lines[i].words);
    }
    make_devices(root);
    mask_and_protect(root);
    struct rlimit files = { 1024, 1024 };
    CALL(prlimit64, 0, RLIMIT_NOFILE, &files, NULL);
    CALL(fchdir, root);
    CALL(pivot_root, ".", ".");
    CALL(umount2, ".", 2 /* MNT_DETACH */);
    CALL(chdir, "/");

    // Root in the container; from here on only less.
    CALL(setsid);
    CALL(fchdir, place(root, "."));
    CALL(getcwd, working_directory, sizeof working_directory);
    for (int capability = 0; capability <= 40; capability++) {
        if (!(KEEP & 1UL << capability)) syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    CALL(setgroups, 0, NULL);
    CALL(prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0);
    CALL(setresgid, 0, 0, 0);
    CALL(setresuid, 0, 0, 0);
    CALL(umask, 022);
    CALL(faccessat2, AT_FDCWD, command[0], X_OK, AT_EACCESS);
    CALL(sendto, channel, message, sizeof message, MSG_NOSIGNAL, NULL, 0);
    CALL(recvfrom, channel, message, sizeof message, 0, NULL, NULL);
    close(channel);

    // Created. Now start.
    CALL(accept4, listener, NULL, NULL, SOCK_CLOEXEC);
    limit_capabilities();
    struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } by_default = { 0 };
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, &by_default, NULL, 8);
    for (int i = 0; i < line_count; i++) {
        if (!strcmp(lines[i].words[0], "seccomp")) install_filter();
    }
    char *environment[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", "HOME=/root", NULL };
    CALL(execve, command[0], command, environment);
}

static void write_record(int directory, const char *name, const char *content) {
    int file = check(open_beneath(directory, ".record", O_WRONLY | O_CREAT | O_EXCL, 0), name);
    CALL(write, file, content, strlen(content));
    close(file);
    CALL(renameat2, directory, ".record", directory, name, 0);
}

int main(int argc, char **argv) {
    if (argc < 6) return 2;
    const char *group = argv[2], *root = argv[4], *records[] = { "config.json", "cgroups.json", "state.json" };
    char name[32], record[2048], message[16];
    int ends[2], status;
    read_recipe(argv[3]);

    // Take a directory for the container, and its lock.
    int states = check(open_beneath(AT_FDCWD, argv[1], O_RDONLY | O_DIRECTORY, 0), argv[1]);
    snprintf(name, sizeof name, "floor-%d", getpid());
    CALL(mkdirat, states, name, 0700);
    int state = check(open_beneath(states, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), name);
    CALL(flock, state, LOCK_EX);
    memset(record, ' ', sizeof record);
    record[sizeof record - 1] = 0;
    write_record(state, records[0], record);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/start.sock", state);
    int listener = CALL(socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    CALL(bind, listener, &address, sizeof address);
    CALL(listen, listener, 1);
    write_record(state, records[1], record);
    make_groups(group);

    // Create.
    CALL(socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
    struct clone_args clone = { .flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET, .exit_signal = SIGCHLD };
    pid_t pid = CALL(clone3, &clone, sizeof clone);
    if (pid == 0) child(root, argv + 5, ends[1], listener);
    close(ends[1]);
    // 0 bytes: the child has failed, and has said why.
    if (CALL(recvfrom, ends[0], message, sizeof message, 0, NULL, NULL) == 0) {
        CALL(wait4, pid, &status, 0, NULL);
        remove_groups(group);
        return 125;
    }
    write_record(state, records[2], record);
    CALL(sendto, ends[0], message, 8, 0, NULL, 0);
    close(ends[0]);

    // Start.
    int channel = CALL(socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    CALL(connect, channel, &address, sizeof address);
    CALL(unlinkat, state, "start.sock", 0);
    close(listener);
    CALL(recvfrom, channel, message, sizeof message, 0, NULL, NULL);
    int process = CALL(pidfd_open, pid, 0);
    struct pollfd ended = { process, POLLIN, 0 };
    CALL(ppoll, &ended, 1, NULL, NULL, 8);
    CALL(wait4, pid, &status, 0, NULL);

    // Delete.
    for (int i = 0; i < hierarchy_count; i++) {
        close(hierarchies[i].tasks);
        close(hierarchies[i].directory);
    }
    remove_groups(group);
    for (int i = 0; i < 3; i++) CALL(unlinkat, state, records[i], 0);
    CALL(unlinkat, states, name, AT_REMOVEDIR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
