// The floor: what `littlebox run --rm --net=none ROOT COMMAND` asks of the kernel, call by call and in the same order, and nothing else: no
// runtime, no plan, no text.
//
//   floor STATE ROOT COMMAND [ARGUMENT…]     STATE is an empty directory of the caller's, for what littlebox keeps below /run/littlebox
//
// Keep it in step with src/Littlebox.Runtime/ContainerLaunch.cs: `strace -f` of both should differ in the start of the .NET runtime only.
#include "calls.h"

static void write_file(int directory, const char *name, const char *content) {
    int file = CALL(openat, directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (*content) CALL(write, file, content, strlen(content));
}

static int empty_object(int scratch, const char *name) {
    int empty = clone_tree(scratch, name, 0);
    set_mount(empty, 0, MOUNT_ATTR_RDONLY | HARMLESS, 0);
    attach(empty, place(scratch, name));
    return empty;
}

static int make_dev(int root) {
    static const struct { const char *name; int major, minor; } nodes[] = { { "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 }, { "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 } };
    static const char *links[][2] = { { "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" }, { "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" }, { "ptmx", "pts/ptmx" } };
    int where = real_directory(root, "dev");
    int dev = new_file_system("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, (const char *[]){ "mode", "0755", "size", "65536k", NULL });
    for (int i = 0; i < 6; i++) CALL(mknodat, dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor));
    for (int i = 0; i < 5; i++) CALL(symlinkat, links[i][1], dev, links[i][0]);
    CALL(mkdirat, dev, "pts", 0755);
    CALL(mkdirat, dev, "shm", 01777);
    CALL(mkdirat, dev, "mqueue", 0755);
    attach(dev, where);
    int pts = new_file_system("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, (const char *[]){ "newinstance", "", "ptmxmode", "0666", "mode", "0620", "gid", "5", NULL });
    attach(pts, place(root, "dev/pts"));
    int shm = new_file_system("tmpfs", HARMLESS, (const char *[]){ "mode", "1777", "size", "65536k", NULL });
    attach(shm, place(root, "dev/shm"));
    int mqueue = new_file_system("mqueue", HARMLESS, NULL);
    attach(mqueue, place(root, "dev/mqueue"));
    return dev;
}

static void network_files(int scratch, int root) {
    static const char *files[][3] = {
        { "hostname", "floor\n", "etc/hostname" },
        { "hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\tfloor\n", "etc/hosts" },
        { "resolv.conf", "# no network but the loopback\n", "etc/resolv.conf" },
    };
    for (int i = 0; i < 3; i++) {
        write_file(scratch, files[i][0], files[i][1]);
        int source = clone_tree(scratch, files[i][0], 0);
        int target = open_beneath(root, files[i][2], O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
        if (target < 0) {
            // The first run in a root makes what is missing, as littlebox does.
            close(check(open_beneath(root, files[i][2], O_WRONLY | O_CREAT, RESOLVE_IN_ROOT), files[i][2]));
            target = place(root, files[i][2]);
        }
        attach(source, target);
    }
}

static int existing(int root, const char *path) { return open_beneath(root, path, O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS); }

static void mask_and_protect(int scratch, int root) {
    static const char *masked[] = {
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
        "/proc/scsi", "/proc/interrupts", "/sys/firmware", "/sys/devices/virtual/powercap", NULL,
    };
    static const char *read_only[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL };
    write_file(scratch, "empty-file", "");
    CALL(mkdirat, scratch, "empty-directory", 0555);
    int directory = empty_object(scratch, "empty-directory"), file = empty_object(scratch, "empty-file");
    for (const char **path = masked; *path; path++) {
        struct statx status;
        int target = existing(root, *path);
        if (target < 0) continue;
        CALL(statx, target, "", AT_EMPTY_PATH, STATX_TYPE, &status);
        attach(clone_tree(S_ISDIR(status.stx_mode) ? directory : file, "", 0), target);
    }
    for (const char **path = read_only; *path; path++) {
        int target = existing(root, *path);
        if (target < 0) continue;
        int tree = clone_tree(target, "", 1);
        set_mount(tree, 1, MOUNT_ATTR_RDONLY, 0);
        attach(tree, target);
    }
}

static struct __user_cap_header_struct capabilities = { _LINUX_CAPABILITY_VERSION_3, 0 };
static struct __user_cap_data_struct permitted[2];

static void drop_capabilities(void) {
    const unsigned long keep = 0xa80425fb; // docker's default set
    struct __user_cap_data_struct sets[2];
    for (int capability = 0; capability <= 40; capability++) {
        if (!(keep & 1UL << capability)) syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    CALL(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int i = 0; i < 2; i++) sets[i] = (struct __user_cap_data_struct){ permitted[i].permitted, permitted[i].permitted, 0 };
    CALL(capset, &capabilities, sets);
}

static void child(const char *state, const char *root_path, char **command, int channel) {
    char working_directory[4096];
    struct mount_attr private = { .propagation = MS_PRIVATE };
    CALL(close_range, 3, channel - 1, 0);
    CALL(close_range, channel + 1, ~0U, 0);

    // Who: a process of the host in new namespaces.
    CALL(prctl, PR_SET_PDEATHSIG, SIGKILL);
    CALL(umask, 0);
    loopback();
    CALL(sethostname, "floor", 5);
    CALL(mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &private, sizeof private);
    int state_place = CALL(openat, AT_FDCWD, state, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int root = clone_tree(AT_FDCWD, root_path, 1);

    // The new root is furnished from the outside.
    int scratch = new_file_system("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, (const char *[]){ "mode", "0755", NULL });
    attach(scratch, state_place);
    CALL(mkdirat, scratch, "root", 0755);
    set_mount(root, 1, 0, MS_PRIVATE);
    attach(root, real_directory(scratch, "root"));
    int where = real_directory(root, "proc");
    attach(new_file_system("proc", HARMLESS, NULL), where);
    where = real_directory(root, "sys");
    attach(new_file_system("sysfs", HARMLESS | MOUNT_ATTR_RDONLY, NULL), where);
    int dev = make_dev(root);
    network_files(scratch, root);
    mask_and_protect(scratch, root);
    CALL(fchdir, root);
    CALL(pivot_root, ".", ".");
    CALL(umount2, ".", 2 /* MNT_DETACH */);
    CALL(chdir, "/");

    // Who: root in the container; from here on only less.
    CALL(setsid);
    int nothing = CALL(openat, dev, "null", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    CALL(dup3, nothing, 0, 0);
    CALL(fchdir, place(root, "."));
    CALL(getcwd, working_directory, sizeof working_directory);
    drop_capabilities();
    CALL(setgroups, 0, NULL);
    CALL(setresgid, 0, 0, 0);
    CALL(setresuid, 0, 0, 0);
    CALL(prctl, PR_SET_PDEATHSIG, SIGKILL);
    CALL(umask, 022);
    struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } by_default = { 0 };
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, &by_default, NULL, 8);
    unsigned long none = 0;
    CALL(rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    syscall(SYS_recvfrom, channel, working_directory, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL);
    char *environment[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", NULL };
    CALL(execve, command[0], command, environment);
}

static const int caught[] = { SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM, SIGCONT };
static struct sigaction before[7];
static int signals[2];

static void handle(int signal) {
    char number = signal;
    if (write(signals[1], &number, 1) < 0) return;
}

static int list(int at, const char *path) {
    char entries[32768];
    int directory = check(open_beneath(at, path, O_RDONLY | O_DIRECTORY, 0), path);
    while (CALL(getdents64, directory, entries, sizeof entries) > 0) continue;
    return directory;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    const char *state = argv[1], *root = argv[2];
    char name[32], record[512], place[4096], bytes[32];
    int ends[2], status;
    struct termios settings;
    struct statx status_of_file;

    // What every command begins with, and what the request asks of the machine.
    close(list(AT_FDCWD, state));
    ioctl(2, TCGETS, &settings);
    ioctl(0, TCGETS, &settings);
    int random = CALL(openat, AT_FDCWD, "/dev/urandom", O_RDONLY | O_CLOEXEC);
    CALL(read, random, bytes, sizeof bytes);
    close(random);
    CALL(statx, AT_FDCWD, root, 0, STATX_BASIC_STATS | STATX_MNT_ID, &status_of_file);
    close(list(AT_FDCWD, root));
    int users = check(open_beneath(AT_FDCWD, root, O_PATH | O_DIRECTORY, 0), root);
    open_beneath(users, "etc/passwd", O_RDONLY | O_NONBLOCK, RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT);
    close(users);
    CALL(pipe2, signals, O_NONBLOCK | O_CLOEXEC);
    for (int i = 0; i < 7; i++) {
        struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK };
        sigaction(caught[i], NULL, &before[i]);
        sigaction(caught[i], &action, NULL);
    }
    CALL(capget, &capabilities, permitted);

    // Take a directory for the container, and its lock.
    int containers = check(open_beneath(AT_FDCWD, state, O_RDONLY | O_DIRECTORY, 0), state);
    CALL(statx, containers, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &status_of_file);
    CALL(flock, containers, LOCK_SH);
    snprintf(name, sizeof name, "floor-%d", getpid());
    CALL(mkdirat, containers, name, 0700);
    int directory = check(open_beneath(containers, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), name);
    CALL(flock, directory, LOCK_EX | LOCK_NB);
    close(containers);
    snprintf(place, sizeof place, "%s/%s", state, name);

    // Start the child in its namespaces.
    CALL(socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
    mmap(NULL, 28672, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mmap(NULL, 28672, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct clone_args clone = {
        .flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP,
        .exit_signal = SIGCHLD,
    };
    unsigned long all = ~0UL, mask;
    CALL(rt_sigprocmask, SIG_SETMASK, &all, &mask, 8);
    pid_t pid = CALL(clone3, &clone, sizeof clone);
    if (pid == 0) child(place, root, argv + 3, ends[1]);
    CALL(rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8);
    close(ends[1]);

    // Write down the container.
    int length = snprintf(record, sizeof record, "{\"name\":\"%s\",\"pid\":%d,\"root\":\"%.200s\"}", name, pid, root);
    int file = check(open_beneath(directory, ".state.json", O_WRONLY | O_CREAT | O_EXCL, 0), ".state.json");
    CALL(write, file, record, length);
    close(file);
    CALL(renameat2, directory, ".state.json", directory, "state.json", 0);

    // Wait: the channel closes at execve, then the child ends.
    int process = CALL(pidfd_open, pid, 0);
    struct pollfd wanted[3] = { { process, POLLIN }, { signals[0], POLLIN }, { ends[0], POLLIN } };
    for (int open = 1; !(wanted[0].revents & POLLIN);) {
        ppoll(wanted, 3, NULL, NULL);
        if (open && wanted[2].revents) {
            CALL(recvfrom, ends[0], record, sizeof record, MSG_DONTWAIT, NULL, NULL);
            wanted[2].fd = -1;
            open = 0;
        }
    }
    CALL(wait4, pid, &status, 0, NULL);
    containers = check(open_beneath(AT_FDCWD, state, O_RDONLY | O_DIRECTORY, 0), state);
    CALL(unlinkat, directory, "state.json", 0);
    CALL(unlinkat, containers, name, AT_REMOVEDIR);
    for (int i = 0; i < 7; i++) sigaction(caught[i], &before[i], NULL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
