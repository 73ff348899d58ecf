namespace Littlebox.Linux;

/// <summary>Numbers of the system calls that Littlebox makes, on x86_64 and on arm64 (asm/unistd.h); a test compares them with the kernel's headers.</summary>
public static class SystemCallNumber
{
    /// <summary>accept4(2).</summary>
    public static int Accept4 => Machine.IsArm64 ? 242 : 288;

    /// <summary>bind(2).</summary>
    public static int Bind => Machine.IsArm64 ? 200 : 49;

    /// <summary>bpf(2).</summary>
    public static int Bpf => Machine.IsArm64 ? 280 : 321;

    /// <summary>capget(2).</summary>
    public static int Capget => Machine.IsArm64 ? 90 : 125;

    /// <summary>capset(2).</summary>
    public static int Capset => Machine.IsArm64 ? 91 : 126;

    /// <summary>chdir(2).</summary>
    public static int Chdir => Machine.IsArm64 ? 49 : 80;

    /// <summary>chroot(2).</summary>
    public static int Chroot => Machine.IsArm64 ? 51 : 161;

    /// <summary>clock_gettime(2).</summary>
    public static int ClockGettime => Machine.IsArm64 ? 113 : 228;

    /// <summary>clone(2).</summary>
    public static int Clone => Machine.IsArm64 ? 220 : 56;

    /// <summary>clone3(2).</summary>
    public static int Clone3 => 435;

    /// <summary>close(2).</summary>
    public static int Close => Machine.IsArm64 ? 57 : 3;

    /// <summary>close_range(2).</summary>
    public static int CloseRange => 436;

    /// <summary>connect(2).</summary>
    public static int Connect => Machine.IsArm64 ? 203 : 42;

    /// <summary>copy_file_range(2).</summary>
    public static int CopyFileRange => Machine.IsArm64 ? 285 : 326;

    /// <summary>dup3(2).</summary>
    public static int Dup3 => Machine.IsArm64 ? 24 : 292;

    /// <summary>eventfd2(2).</summary>
    public static int Eventfd2 => Machine.IsArm64 ? 19 : 290;

    /// <summary>execve(2).</summary>
    public static int Execve => Machine.IsArm64 ? 221 : 59;

    /// <summary>execveat(2).</summary>
    public static int Execveat => Machine.IsArm64 ? 281 : 322;

    /// <summary>exit_group(2).</summary>
    public static int ExitGroup => Machine.IsArm64 ? 94 : 231;

    /// <summary>faccessat2(2).</summary>
    public static int Faccessat2 => 439;

    /// <summary>fallocate(2).</summary>
    public static int Fallocate => Machine.IsArm64 ? 47 : 285;

    /// <summary>fchdir(2).</summary>
    public static int Fchdir => Machine.IsArm64 ? 50 : 81;

    /// <summary>fchmod(2).</summary>
    public static int Fchmod => Machine.IsArm64 ? 52 : 91;

    /// <summary>fchmodat(2).</summary>
    public static int Fchmodat => Machine.IsArm64 ? 53 : 268;

    /// <summary>fchmodat2(2).</summary>
    public static int Fchmodat2 => 452;

    /// <summary>fchown(2).</summary>
    public static int Fchown => Machine.IsArm64 ? 55 : 93;

    /// <summary>fchownat(2).</summary>
    public static int Fchownat => Machine.IsArm64 ? 54 : 260;

    /// <summary>fcntl(2).</summary>
    public static int Fcntl => Machine.IsArm64 ? 25 : 72;

    /// <summary>fdatasync(2).</summary>
    public static int Fdatasync => Machine.IsArm64 ? 83 : 75;

    /// <summary>fgetxattr(2).</summary>
    public static int Fgetxattr => Machine.IsArm64 ? 10 : 193;

    /// <summary>flistxattr(2).</summary>
    public static int Flistxattr => Machine.IsArm64 ? 13 : 196;

    /// <summary>flock(2).</summary>
    public static int Flock => Machine.IsArm64 ? 32 : 73;

    /// <summary>fsconfig(2).</summary>
    public static int Fsconfig => 431;

    /// <summary>fsetxattr(2).</summary>
    public static int Fsetxattr => Machine.IsArm64 ? 7 : 190;

    /// <summary>fsmount(2).</summary>
    public static int Fsmount => 432;

    /// <summary>fsopen(2).</summary>
    public static int Fsopen => 430;

    /// <summary>fspick(2).</summary>
    public static int Fspick => 433;

    /// <summary>fstatfs(2).</summary>
    public static int Fstatfs => Machine.IsArm64 ? 44 : 138;

    /// <summary>fsync(2).</summary>
    public static int Fsync => Machine.IsArm64 ? 82 : 74;

    /// <summary>ftruncate(2).</summary>
    public static int Ftruncate => Machine.IsArm64 ? 46 : 77;

    /// <summary>getcwd(2).</summary>
    public static int Getcwd => Machine.IsArm64 ? 17 : 79;

    /// <summary>getdents64(2).</summary>
    public static int Getdents64 => Machine.IsArm64 ? 61 : 217;

    /// <summary>getegid(2).</summary>
    public static int Getegid => Machine.IsArm64 ? 177 : 108;

    /// <summary>geteuid(2).</summary>
    public static int Geteuid => Machine.IsArm64 ? 175 : 107;

    /// <summary>getgid(2).</summary>
    public static int Getgid => Machine.IsArm64 ? 176 : 104;

    /// <summary>getgroups(2).</summary>
    public static int Getgroups => Machine.IsArm64 ? 158 : 115;

    /// <summary>getpid(2).</summary>
    public static int Getpid => Machine.IsArm64 ? 172 : 39;

    /// <summary>getppid(2).</summary>
    public static int Getppid => Machine.IsArm64 ? 173 : 110;

    /// <summary>getrandom(2).</summary>
    public static int Getrandom => Machine.IsArm64 ? 278 : 318;

    /// <summary>getsockopt(2).</summary>
    public static int Getsockopt => Machine.IsArm64 ? 209 : 55;

    /// <summary>gettid(2).</summary>
    public static int Gettid => Machine.IsArm64 ? 178 : 186;

    /// <summary>getuid(2).</summary>
    public static int Getuid => Machine.IsArm64 ? 174 : 102;

    /// <summary>ioctl(2).</summary>
    public static int Ioctl => Machine.IsArm64 ? 29 : 16;

    /// <summary>ioprio_set(2).</summary>
    public static int IoprioSet => Machine.IsArm64 ? 30 : 251;

    /// <summary>kcmp(2).</summary>
    public static int Kcmp => Machine.IsArm64 ? 272 : 312;

    /// <summary>keyctl(2).</summary>
    public static int Keyctl => Machine.IsArm64 ? 219 : 250;

    /// <summary>kill(2).</summary>
    public static int Kill => Machine.IsArm64 ? 129 : 62;

    /// <summary>linkat(2).</summary>
    public static int Linkat => Machine.IsArm64 ? 37 : 265;

    /// <summary>listen(2).</summary>
    public static int Listen => Machine.IsArm64 ? 201 : 50;

    /// <summary>listmount(2).</summary>
    public static int Listmount => 458;

    /// <summary>lseek(2).</summary>
    public static int Lseek => Machine.IsArm64 ? 62 : 8;

    /// <summary>lsetxattr(2).</summary>
    public static int Lsetxattr => Machine.IsArm64 ? 6 : 189;

    /// <summary>madvise(2).</summary>
    public static int Madvise => Machine.IsArm64 ? 233 : 28;

    /// <summary>memfd_create(2).</summary>
    public static int MemfdCreate => Machine.IsArm64 ? 279 : 319;

    /// <summary>mkdirat(2).</summary>
    public static int Mkdirat => Machine.IsArm64 ? 34 : 258;

    /// <summary>mknodat(2).</summary>
    public static int Mknodat => Machine.IsArm64 ? 33 : 259;

    /// <summary>mmap(2).</summary>
    public static int Mmap => Machine.IsArm64 ? 222 : 9;

    /// <summary>mount(2).</summary>
    public static int Mount => Machine.IsArm64 ? 40 : 165;

    /// <summary>mount_setattr(2).</summary>
    public static int MountSetattr => 442;

    /// <summary>move_mount(2).</summary>
    public static int MoveMount => 429;

    /// <summary>mprotect(2).</summary>
    public static int Mprotect => Machine.IsArm64 ? 226 : 10;

    /// <summary>mremap(2).</summary>
    public static int Mremap => Machine.IsArm64 ? 216 : 25;

    /// <summary>munmap(2).</summary>
    public static int Munmap => Machine.IsArm64 ? 215 : 11;

    /// <summary>nanosleep(2).</summary>
    public static int Nanosleep => Machine.IsArm64 ? 101 : 35;

    /// <summary>open_tree(2).</summary>
    public static int OpenTree => 428;

    /// <summary>openat(2).</summary>
    public static int Openat => Machine.IsArm64 ? 56 : 257;

    /// <summary>openat2(2).</summary>
    public static int Openat2 => 437;

    /// <summary>personality(2).</summary>
    public static int Personality => Machine.IsArm64 ? 92 : 135;

    /// <summary>pidfd_getfd(2).</summary>
    public static int PidfdGetfd => 438;

    /// <summary>pidfd_open(2).</summary>
    public static int PidfdOpen => 434;

    /// <summary>pidfd_send_signal(2).</summary>
    public static int PidfdSendSignal => 424;

    /// <summary>pipe2(2).</summary>
    public static int Pipe2 => Machine.IsArm64 ? 59 : 293;

    /// <summary>pivot_root(2).</summary>
    public static int PivotRoot => Machine.IsArm64 ? 41 : 155;

    /// <summary>ppoll(2).</summary>
    public static int Ppoll => Machine.IsArm64 ? 73 : 271;

    /// <summary>prctl(2).</summary>
    public static int Prctl => Machine.IsArm64 ? 167 : 157;

    /// <summary>pread64(2).</summary>
    public static int Pread64 => Machine.IsArm64 ? 67 : 17;

    /// <summary>prlimit64(2).</summary>
    public static int Prlimit64 => Machine.IsArm64 ? 261 : 302;

    /// <summary>process_vm_writev(2).</summary>
    public static int ProcessVmWritev => Machine.IsArm64 ? 271 : 311;

    /// <summary>read(2).</summary>
    public static int Read => Machine.IsArm64 ? 63 : 0;

    /// <summary>readlinkat(2).</summary>
    public static int Readlinkat => Machine.IsArm64 ? 78 : 267;

    /// <summary>recvfrom(2).</summary>
    public static int Recvfrom => Machine.IsArm64 ? 207 : 45;

    /// <summary>recvmsg(2).</summary>
    public static int Recvmsg => Machine.IsArm64 ? 212 : 47;

    /// <summary>renameat2(2).</summary>
    public static int Renameat2 => Machine.IsArm64 ? 276 : 316;

    /// <summary>rt_sigaction(2).</summary>
    public static int RtSigaction => Machine.IsArm64 ? 134 : 13;

    /// <summary>rt_sigprocmask(2).</summary>
    public static int RtSigprocmask => Machine.IsArm64 ? 135 : 14;

    /// <summary>rt_sigtimedwait(2).</summary>
    public static int RtSigtimedwait => Machine.IsArm64 ? 137 : 128;

    /// <summary>sched_getaffinity(2).</summary>
    public static int SchedGetaffinity => Machine.IsArm64 ? 123 : 204;

    /// <summary>sched_setaffinity(2).</summary>
    public static int SchedSetaffinity => Machine.IsArm64 ? 122 : 203;

    /// <summary>sched_setattr(2).</summary>
    public static int SchedSetattr => Machine.IsArm64 ? 274 : 314;

    /// <summary>sched_yield(2).</summary>
    public static int SchedYield => Machine.IsArm64 ? 124 : 24;

    /// <summary>seccomp(2).</summary>
    public static int Seccomp => Machine.IsArm64 ? 277 : 317;

    /// <summary>sendfile(2).</summary>
    public static int Sendfile => Machine.IsArm64 ? 71 : 40;

    /// <summary>sendmsg(2).</summary>
    public static int Sendmsg => Machine.IsArm64 ? 211 : 46;

    /// <summary>sendto(2).</summary>
    public static int Sendto => Machine.IsArm64 ? 206 : 44;

    /// <summary>set_mempolicy(2).</summary>
    public static int SetMempolicy => Machine.IsArm64 ? 237 : 238;

    /// <summary>setdomainname(2).</summary>
    public static int Setdomainname => Machine.IsArm64 ? 162 : 171;

    /// <summary>setgroups(2).</summary>
    public static int Setgroups => Machine.IsArm64 ? 159 : 116;

    /// <summary>sethostname(2).</summary>
    public static int Sethostname => Machine.IsArm64 ? 161 : 170;

    /// <summary>setns(2).</summary>
    public static int Setns => Machine.IsArm64 ? 268 : 308;

    /// <summary>setpgid(2).</summary>
    public static int Setpgid => Machine.IsArm64 ? 154 : 109;

    /// <summary>setresgid(2).</summary>
    public static int Setresgid => Machine.IsArm64 ? 149 : 119;

    /// <summary>setresuid(2).</summary>
    public static int Setresuid => Machine.IsArm64 ? 147 : 117;

    /// <summary>setsid(2).</summary>
    public static int Setsid => Machine.IsArm64 ? 157 : 112;

    /// <summary>setsockopt(2).</summary>
    public static int Setsockopt => Machine.IsArm64 ? 208 : 54;

    /// <summary>socket(2).</summary>
    public static int Socket => Machine.IsArm64 ? 198 : 41;

    /// <summary>socketpair(2).</summary>
    public static int Socketpair => Machine.IsArm64 ? 199 : 53;

    /// <summary>statmount(2).</summary>
    public static int Statmount => 457;

    /// <summary>statx(2).</summary>
    public static int Statx => Machine.IsArm64 ? 291 : 332;

    /// <summary>symlinkat(2).</summary>
    public static int Symlinkat => Machine.IsArm64 ? 36 : 266;

    /// <summary>syncfs(2).</summary>
    public static int Syncfs => Machine.IsArm64 ? 267 : 306;

    /// <summary>tgkill(2).</summary>
    public static int Tgkill => Machine.IsArm64 ? 131 : 234;

    /// <summary>umask(2).</summary>
    public static int Umask => Machine.IsArm64 ? 166 : 95;

    /// <summary>umount2(2).</summary>
    public static int Umount2 => Machine.IsArm64 ? 39 : 166;

    /// <summary>uname(2).</summary>
    public static int Uname => Machine.IsArm64 ? 160 : 63;

    /// <summary>unlinkat(2).</summary>
    public static int Unlinkat => Machine.IsArm64 ? 35 : 263;

    /// <summary>unshare(2).</summary>
    public static int Unshare => Machine.IsArm64 ? 97 : 272;

    /// <summary>utimensat(2).</summary>
    public static int Utimensat => Machine.IsArm64 ? 88 : 280;

    /// <summary>wait4(2).</summary>
    public static int Wait4 => Machine.IsArm64 ? 260 : 61;

    /// <summary>waitid(2).</summary>
    public static int Waitid => Machine.IsArm64 ? 95 : 247;

    /// <summary>write(2).</summary>
    public static int Write => Machine.IsArm64 ? 64 : 1;

    /// <summary>The name of a system call by its number on this machine, or <c>null</c> for one that Littlebox does not make.</summary>
    public static string? NameOf(int number)
    {
        foreach ((int candidate, string name) in Names)
        {
            if (candidate == number) return name;
        }
        return null;
    }

    /// <summary>All numbers above with their names.</summary>
    public static ReadOnlySpan<(int Number, string Name)> Names => new (int, string)[]
    {
        (Accept4, "accept4"),
        (Bind, "bind"),
        (Bpf, "bpf"),
        (Capget, "capget"),
        (Capset, "capset"),
        (Chdir, "chdir"),
        (Chroot, "chroot"),
        (ClockGettime, "clock_gettime"),
        (Clone, "clone"),
        (Clone3, "clone3"),
        (Close, "close"),
        (CloseRange, "close_range"),
        (Connect, "connect"),
        (CopyFileRange, "copy_file_range"),
        (Dup3, "dup3"),
        (Eventfd2, "eventfd2"),
        (Execve, "execve"),
        (Execveat, "execveat"),
        (ExitGroup, "exit_group"),
        (Faccessat2, "faccessat2"),
        (Fallocate, "fallocate"),
        (Fchdir, "fchdir"),
        (Fchmod, "fchmod"),
        (Fchmodat, "fchmodat"),
        (Fchmodat2, "fchmodat2"),
        (Fchown, "fchown"),
        (Fchownat, "fchownat"),
        (Fcntl, "fcntl"),
        (Fdatasync, "fdatasync"),
        (Fgetxattr, "fgetxattr"),
        (Flistxattr, "flistxattr"),
        (Flock, "flock"),
        (Fsconfig, "fsconfig"),
        (Fsetxattr, "fsetxattr"),
        (Fsmount, "fsmount"),
        (Fsopen, "fsopen"),
        (Fspick, "fspick"),
        (Fstatfs, "fstatfs"),
        (Fsync, "fsync"),
        (Ftruncate, "ftruncate"),
        (Getcwd, "getcwd"),
        (Getdents64, "getdents64"),
        (Getegid, "getegid"),
        (Geteuid, "geteuid"),
        (Getgid, "getgid"),
        (Getgroups, "getgroups"),
        (Getpid, "getpid"),
        (Getppid, "getppid"),
        (Getrandom, "getrandom"),
        (Getsockopt, "getsockopt"),
        (Gettid, "gettid"),
        (Getuid, "getuid"),
        (Ioctl, "ioctl"),
        (IoprioSet, "ioprio_set"),
        (Kcmp, "kcmp"),
        (Keyctl, "keyctl"),
        (Kill, "kill"),
        (Linkat, "linkat"),
        (Listen, "listen"),
        (Listmount, "listmount"),
        (Lseek, "lseek"),
        (Lsetxattr, "lsetxattr"),
        (Madvise, "madvise"),
        (MemfdCreate, "memfd_create"),
        (Mkdirat, "mkdirat"),
        (Mknodat, "mknodat"),
        (Mmap, "mmap"),
        (Mount, "mount"),
        (MountSetattr, "mount_setattr"),
        (MoveMount, "move_mount"),
        (Mprotect, "mprotect"),
        (Mremap, "mremap"),
        (Munmap, "munmap"),
        (Nanosleep, "nanosleep"),
        (OpenTree, "open_tree"),
        (Openat, "openat"),
        (Openat2, "openat2"),
        (Personality, "personality"),
        (PidfdGetfd, "pidfd_getfd"),
        (PidfdOpen, "pidfd_open"),
        (PidfdSendSignal, "pidfd_send_signal"),
        (Pipe2, "pipe2"),
        (PivotRoot, "pivot_root"),
        (Ppoll, "ppoll"),
        (Prctl, "prctl"),
        (Pread64, "pread64"),
        (Prlimit64, "prlimit64"),
        (ProcessVmWritev, "process_vm_writev"),
        (Read, "read"),
        (Readlinkat, "readlinkat"),
        (Recvfrom, "recvfrom"),
        (Recvmsg, "recvmsg"),
        (Renameat2, "renameat2"),
        (RtSigaction, "rt_sigaction"),
        (RtSigprocmask, "rt_sigprocmask"),
        (RtSigtimedwait, "rt_sigtimedwait"),
        (SchedGetaffinity, "sched_getaffinity"),
        (SchedSetaffinity, "sched_setaffinity"),
        (SchedSetattr, "sched_setattr"),
        (SchedYield, "sched_yield"),
        (Seccomp, "seccomp"),
        (Sendfile, "sendfile"),
        (Sendmsg, "sendmsg"),
        (Sendto, "sendto"),
        (SetMempolicy, "set_mempolicy"),
        (Setdomainname, "setdomainname"),
        (Setgroups, "setgroups"),
        (Sethostname, "sethostname"),
        (Setns, "setns"),
        (Setpgid, "setpgid"),
        (Setresgid, "setresgid"),
        (Setresuid, "setresuid"),
        (Setsid, "setsid"),
        (Setsockopt, "setsockopt"),
        (Socket, "socket"),
        (Socketpair, "socketpair"),
        (Statmount, "statmount"),
        (Statx, "statx"),
        (Symlinkat, "symlinkat"),
        (Syncfs, "syncfs"),
        (Tgkill, "tgkill"),
        (Umask, "umask"),
        (Umount2, "umount2"),
        (Uname, "uname"),
        (Unlinkat, "unlinkat"),
        (Unshare, "unshare"),
        (Utimensat, "utimensat"),
        (Wait4, "wait4"),
        (Waitid, "waitid"),
        (Write, "write"),
    };
}
