// System constants and calls that Swift does not import by itself.
// SPDX-License-Identifier: MIT
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

enum {
    CSYSTEM_EPOLL_CLOEXEC = EPOLL_CLOEXEC,
    CSYSTEM_EFD_CLOEXEC = EFD_CLOEXEC,
    CSYSTEM_EFD_NONBLOCK = EFD_NONBLOCK,
    CSYSTEM_SFD_CLOEXEC = SFD_CLOEXEC,
    CSYSTEM_SFD_NONBLOCK = SFD_NONBLOCK,
};

/// Asks the kernel to send `signal` to this process when its parent ends. Returns 0, or -1 with errno set.
static inline int csystem_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0UL, 0UL, 0UL); }

/// A pipe whose ends are closed in programs that this process starts. Returns 0, or -1 with errno set.
int csystem_pipe(int ends[2]);

/// Makes the C library write stdout line by line, whatever it is connected to.
void csystem_line_buffer_stdout(void);

/// Has the kernel give the heap its first `size` bytes at once: a fault for each page takes longer than a start has time
/// for.
void csystem_prepare_heap(size_t size);

/// Has all threads allocate from one heap. Each further heap reserves far more than it uses, which counts where what may be
/// mapped is limited. Call it before a second thread is started.
void csystem_share_heap(void);

/// Bytes of address space that this process has mapped, as RLIMIT_AS counts them; 0 when the system does not say.
uint64_t csystem_mapped_bytes(void);

/// Unmaps the clean pages of the program and its libraries: they come back from the page cache as they are used. After
/// work that touches much and is done once, what stays resident is what is used again.
void csystem_release_clean_pages(void);

/// 1 when `address`, which dlsym returned, is known to be data; 0 when it is a function or nothing is known.
int csystem_is_data(const void *address);

/// Bits of csystem_child_limits.allowed.
enum {
    CSYSTEM_CHILD_WRITES = 1 << 0,    // changes the file system
    CSYSTEM_CHILD_EXECUTES = 1 << 1,  // runs other programs
    CSYSTEM_CHILD_CONNECTS = 1 << 2,  // binds and connects TCP sockets
};

/// What a child that runs a stranger's code keeps. 0 is no limit.
typedef struct csystem_child_limits {
    uint64_t memory;  // bytes it may map beyond what it has now
    uint64_t cpu_seconds;
    uint64_t open_files;
    uint32_t allowed;
    int32_t listener;  // the descriptor that the parent holds the other end of; -1: none
} csystem_child_limits;

/// Applies the limits to this process, for good; gives up all capabilities, and ends with the thread that started it.
/// Returns NULL, or what could not be limited, with errno set. What `allowed` says needs a kernel with Landlock.
const char *csystem_limit_child(const csystem_child_limits *limits);

/// Keeps processes of the same user from reading this one's memory and environment. Returns 0, or -1 with errno set.
int csystem_hide_from_children(void);

#endif
