// What a child process that runs a stranger's code gives up before it does.
// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Landlock (linux/landlock.h), whose numbers are written here because the headers at hand may be older than the kernel.
enum { LANDLOCK_CREATE = 444, LANDLOCK_ADD_RULE = 445, LANDLOCK_RESTRICT = 446 };
enum { LANDLOCK_VERSION_FLAG = 1, LANDLOCK_PATH_BENEATH = 1 };
enum {
    FS_EXECUTE = 1 << 0,
    FS_MAKE_BLOCK = 1 << 11,
    // WRITE_FILE, REMOVE_* and MAKE_*: bits 1 and 4 to 12.
    FS_CHANGE = 1 << 1 | 0x1FF << 4,
    FS_REFER = 1 << 13,     // since ABI 2
    FS_TRUNCATE = 1 << 14,  // since ABI 3
    NET_TCP = 3,            // bind and connect, since ABI 4
    SCOPED = 3,             // abstract sockets and signals, since ABI 6
};

struct landlock_rules {
    uint64_t filesystem;
    uint64_t network;
    uint64_t scoped;
};

struct landlock_beneath {
    uint64_t allowed;
    int32_t directory;
} __attribute__((packed));

uint64_t csystem_mapped_bytes(void) {
    char text[64] = {0};
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    return length > 0 ? strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static int limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return -1;
    // A hard limit cannot be raised, and need not be.
    if (now.rlim_max != RLIM_INFINITY && hard > now.rlim_max) hard = now.rlim_max;
    if (soft > hard) soft = hard;
    struct rlimit wanted = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(resource, &wanted);
}

static int drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    return (int)syscall(SYS_capset, &header, none);
}

// Moving files between directories is refused in every domain that does not say otherwise.
static void allow_moves(int ruleset) {
    struct landlock_beneath rule = {.allowed = FS_REFER, .directory = open("/", O_PATH | O_CLOEXEC)};
    if (rule.directory < 0) return;
    syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_PATH_BENEATH, &rule, 0);
    close(rule.directory);
}

// A process in a Landlock domain can neither trace nor read one outside of it, whatever the domain forbids besides.
// A kernel without Landlock is no failure: everything else holds.
static void enter_domain(uint32_t allowed) {
    long version = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION_FLAG);
    if (version < 1) return;
    struct landlock_rules rules = {.filesystem = FS_MAKE_BLOCK};
    if (!(allowed & CSYSTEM_CHILD_WRITES)) rules.filesystem |= FS_CHANGE;
    if (!(allowed & CSYSTEM_CHILD_WRITES) && version >= 3) rules.filesystem |= FS_TRUNCATE;
    const int moves = (allowed & CSYSTEM_CHILD_WRITES) && version >= 2;
    if (moves) rules.filesystem |= FS_REFER;
    if (!(allowed & CSYSTEM_CHILD_EXECUTES)) rules.filesystem |= FS_EXECUTE;
    if (!(allowed & CSYSTEM_CHILD_CONNECTS)) rules.network = NET_TCP;
    rules.scoped = SCOPED;
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(LANDLOCK_CREATE, &rules, size, 0);
    if (ruleset < 0) return;
    if (moves) allow_moves(ruleset);
    syscall(LANDLOCK_RESTRICT, ruleset, 0);
    close(ruleset);
}

const char *csystem_limit_child(const csystem_child_limits *limits) {
    if (csystem_end_with_parent(SIGKILL) != 0) return "ending with its parent";
    // The parent may have ended before that: then nobody is at the other end.
    struct pollfd listener = {.fd = limits->listener, .events = 0};
    if (limits->listener >= 0 && poll(&listener, 1, 0) > 0 && (listener.revents & (POLLERR | POLLHUP))) _exit(1);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) return "no_new_privs";
    // Core dumps that go to a program do not ask RLIMIT_CORE.
    if (prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) != 0) return "core dumps";
    if (limit(RLIMIT_CORE, 0, 0) != 0) return "core dumps";
    if (limits->cpu_seconds && limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1) != 0) return "CPU time";
    if (limits->open_files && limit(RLIMIT_NOFILE, limits->open_files, limits->open_files) != 0) return "open files";
    if (!(limits->allowed & CSYSTEM_CHILD_WRITES)) {
        // Writing fails, as on a full disk, and does not end the process.
        signal(SIGXFSZ, SIG_IGN);
        if (limit(RLIMIT_FSIZE, 0, 0) != 0) return "size of files";
    }
    if (limits->memory) {
        uint64_t bytes = csystem_mapped_bytes() + limits->memory;
        if (limit(RLIMIT_AS, bytes, bytes) != 0) return "memory";
    }
    if (drop_capabilities() != 0) return "capabilities";
    enter_domain(limits->allowed);
    return NULL;
}

int csystem_hide_from_children(void) { return prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL); }
