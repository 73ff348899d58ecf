# The part of bench/run that times OCI runtimes: sourced by it, in its mount namespace.
#
# Every runtime has a --root of its own; all control groups are below one that is removed at the end, with whatever still runs in it.
name=littlebox-bench-$$
trap remove_groups EXIT

binaries=() labels=()

our_groups() { find /sys/fs/cgroup -depth -type d -path "*/$name*" -not -path '*/unified/*' 2>/dev/null || true; }

remove_groups() {
    local group
    set +e
    # What is killed is gone a moment later.
    for _ in {1..50}; do
        [ -n "$(our_groups)" ] || return 0
        for group in $(our_groups); do
            xargs -r kill -KILL <"$group/cgroup.procs"
            rmdir "$group"
        done 2>/dev/null
        sleep 0.1
    done
    note "control groups are left: $(our_groups | tr '\n' ' ')"
}

find_runtimes() {
    local one path label
    [ ! -x "$littlebox" ] || { binaries+=("$littlebox"); labels+=(littlebox-oci); }
    for one in runc crun ${runtimes[@]+"${runtimes[@]}"}; do
        name_binary "$one" || continue
        binaries+=("$path"); labels+=("$label")
        # The ratios are to the last crun that was named.
        [[ $label != crun* || -n $wanted_reference ]] || reference=$label
    done
    : "${reference:=littlebox-oci}"
}

# make_bundle NAME [JQ FILTER [JQ ARGUMENT…]]: the default bundle with something changed, and a cgroup of its own.
make_bundle() {
    local bundle=$1 filter=${2:-.}
    shift; shift || true
    mkdir -p "$work/$bundle"
    jq --arg group "/$name/$bundle" "$@" "$filter"' | .linux.cgroupsPath = $group' "$work/bundle/config.json" >"$work/$bundle/config.json"
}

# podman's profile as it stands on the machine, in the form of the runtime-spec; else a list of what the C library's headers name.
seccomp_profile() {
    local profile=/usr/share/containers/seccomp.json
    if [ -r $profile ]; then
        jq '{ defaultAction, defaultErrnoRet: (.defaultErrnoRet // 38), architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            syscalls: [.syscalls[] | select((.includes // {}) | ((.caps // []) == [] and .minKernel == null and ((.arches // ["amd64"]) | index("amd64")))) | select((.excludes // {}) | ((.arches // []) | index("amd64") | not))
                | { names, action } + (if .errnoRet then { errnoRet } else {} end) + (if (.args // []) == [] then {} else { args } end)] }' $profile
    else
        echo '#include <sys/syscall.h>' | gcc -E -dM - | sed -n 's/^#define SYS_\([a-z0-9_]*\) .*/\1/p' | sort -u |
            jq -Rn '{ defaultAction: "SCMP_ACT_ERRNO", syscalls: [{ names: [inputs | select(. != "kexec_load" and . != "reboot" and . != "init_module" and . != "swapon")], action: "SCMP_ACT_ALLOW" }] }'
    fi
}

# As podman has it: 25 mounts, a filter, limits, more masks.
make_heavy() {
    local one
    for one in 1 2 3 4 5 6 7 8; do mkdir -p "$work/volumes/v$one"; done
    seccomp_profile >"$work/seccomp.json"
    make_bundle heavy '.mounts += [({ destination: "/run/.containerenv", source: "\($work)/empty-file" }, { destination: "/etc/hosts", source: "\($work)/hosts" },
            { destination: "/etc/hostname", source: "\($work)/hostname" }, { destination: "/etc/resolv.conf", source: "\($work)/resolv.conf" },
            (range(1; 9) | { destination: "/v\(.)", source: "\($work)/volumes/v\(.)" }) | . + { type: "bind", options: ["bind", "rprivate"] }),
            (("/tmp", "/var/tmp", "/mnt1", "/mnt2", "/mnt3", "/mnt4") | { destination: ., type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "noexec", "mode=1777", "size=65536k"] })]
        | .linux.seccomp = $seccomp[0] | .linux.maskedPaths += ["/sys/devices/virtual/powercap", "/sys/fs/selinux", "/proc/interrupts"]
        | .linux.resources += { memory: { limit: 268435456, reservation: 67108864 }, cpu: { quota: 100000, period: 100000 }, pids: { limit: 128 } }' \
        --arg work "$work" --slurpfile seccomp "$work/seccomp.json"
}

# What floor-oci is to do for a bundle.
recipe() {
    jq -r '(.mounts[7:][] | "mount \(.type) \(.source) \(.destination)"), (.linux.maskedPaths[] | "mask \(.)"), (.linux.readonlyPaths[] | "readonly \(.)"), (if .linux.seccomp then "seccomp" else empty end),
        (.linux.resources | (if .memory then "limit memory memory.limit_in_bytes \(.memory.limit)", "limit memory memory.soft_limit_in_bytes \(.memory.reservation)" else empty end),
            (if .cpu then "limit cpu cpu.cfs_period_us \(.cpu.period)", "limit cpu cpu.cfs_quota_us \(.cpu.quota)" else empty end), (if .pids then "limit pids pids.max \(.pids.limit)" else empty end))' \
        "$work/$1/config.json" >"$work/$1/recipe"
}

# for_each FUNCTION: with path, label and root (a directory in memory, one for each runtime) set.
for_each() {
    local number path label root
    for number in "${!binaries[@]}"; do
        path=${binaries[$number]} label=${labels[$number]} root=$work/state/$number
        [[ $label =~ $only ]] || continue
        "$@"
    done
}

add_run() { add "$label" "$path" --root "$root" run --bundle "$work/$1" bench; }
add_life() { add "$label" "$work/sequence" "$path" --root "$root" create --bundle "$work/default" bench , "$path" --root "$root" start bench , wait , "$path" --root "$root" delete bench; }
add_parallel() { { printf '%s\t' "$label"; printf "'%s' " "$path" --root "$root" run --bundle "$work/parallel-{slot}" 'bench-{slot}'; echo; } >>"$list"; }

# A container that sleeps, and one more process in it.
add_exec() {
    mkdir -p "$work/sleep-$number"
    sed "s,/$name/sleep,/$name/sleep-$number," "$work/sleep/config.json" >"$work/sleep-$number/config.json"
    "$path" --root "$root" run --detach --bundle "$work/sleep-$number" sleeper </dev/null >"$work/try" 2>&1 || { note "$label is left out: $(tail -n 1 "$work/try")"; return 0; }
    add "$label" "$path" --root "$root" exec sleeper /bin/true
}

# As many created containers as --containers says, each with a cgroup and a process that waits.
add_list() {
    local one
    mkdir -p "$work/tiny-$number"
    for ((one = 0; one < containers; one++)); do
        sed "s,/$name/tiny,/$name/tiny-$number-$one," "$work/tiny/config.json" >"$work/tiny-$number/config.json"
        "$path" --root "$root" create --bundle "$work/tiny-$number" "tiny-$one" </dev/null >"$work/try" 2>&1 || { note "$label is left out: $(tail -n 1 "$work/try")"; return 0; }
    done
    add "$label" "$path" --root "$root" list
}

# Where the time of one start goes, step by step.
show_trace() {
    [ -x "$littlebox" ] || return 0
    "$littlebox" --root "$work/state/trace" --trace "$work/trace" run --bundle "$work/$1" bench </dev/null >"$work/try" 2>&1 && [ -s "$work/trace" ] || { note "no trace: $(tail -n 1 "$work/try")"; return 0; }
    printf '\nWhere the time goes, up to the start of the program (one start; longest steps first, in the order of events with littlebox-oci --trace FILE):\n\n'
    sed -n '1p' "$work/trace"
    sed '1d;/^ *total/d' "$work/trace" | sort -k4,4nr | sed -n '1,12p'
    grep '^ *total' "$work/trace"
}

title() { printf '\n### %s\n\n' "$1"; : >"$list"; }

wanted_reference=$reference
prepare_root
prepare_bundle
for one in sequence floor-oci; do compile $one "$here/$one.c"; done
printf '#include <unistd.h>\nint main(void) { return pause(); }\n' >"$work/sleep.c"
gcc -O2 -static -o "$root/bin/sleep" "$work/sleep.c"
mkdir -p "$root/var/tmp"
find_runtimes
make_bundle default
mkdir "$work/state/floor"
for set in $sets; do
    case $set in
        default | heavy)
            title "$set: run of /bin/true"
            [ $set = default ] || make_heavy
            recipe $set
            add floor "$work/floor-oci" "$work/state/floor" "$name-floor" "$work/$set/recipe" "$root" /bin/true
            for_each add_run $set
            measure -R "$reference" -R floor
            show_trace $set ;;
        lifecycle)
            title "$set: create, start, wait for the end, delete"
            for_each add_life
            measure -R "$reference" ;;
        exec)
            title "$set: /bin/true in a container that sleeps"
            make_bundle sleep '.process.args = ["/bin/sleep"]'
            for_each add_exec
            measure -R "$reference" ;;
        parallel)
            title "$set: 40 times run of /bin/true, 8 at any time; the times are those of all 40"
            for slot in 0 1 2 3 4 5 6 7; do make_bundle parallel-$slot; done
            for_each add_parallel
            rounds=$(((rounds + 9) / 10)) measure -w 1 -R "$reference" -j 8 -n 40 ;;
        list)
            title "$set: of $containers created containers"
            make_bundle tiny 'del(.hostname) | .mounts = [.mounts[0]] | .linux.namespaces = [("pid", "mount") | { type: . }] | .linux.maskedPaths = [] | .linux.readonlyPaths = []'
            for_each add_list
            measure -R "$reference" ;;
        *) note "$set is not a set; see --help" ;;
    esac
done
