/* libc as the core sees it. A shim stands here only for what Swift cannot call: variadic functions, macros, atomics. */
#ifndef FLX_CLIBC_H
#define FLX_CLIBC_H

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <linux/stat.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Open-file-description locks: held by the descriptor, released by the kernel with its last copy. */
#ifndef F_OFD_SETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#endif

#ifndef RTLD_NOLOAD
#define RTLD_NOLOAD 4
#endif

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

/* POSIX 2024; the C library has them, its header shows them to GNU sources only. */
int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);
int dup3(int from, int to, int flags);
int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until);

static inline int32_t flxc_errno(void) { return errno; }
static inline void flxc_set_errno(int32_t value) { errno = value; }
static inline int32_t flxc_open(const char *path, int32_t flags, uint32_t mode) { return open(path, flags, mode); }
static inline int32_t flxc_statx(int32_t fd, const char *path, int32_t flags, uint32_t mask, struct statx *found) {
    return (int32_t)syscall(SYS_statx, fd, path, flags, mask, found);
}
static inline int32_t flxc_ofd_lock(int32_t fd, struct flock *lock) { return fcntl(fd, F_OFD_SETLK, lock); }
static inline int32_t flxc_ofd_test(int32_t fd, struct flock *lock) { return fcntl(fd, F_OFD_GETLK, lock); }
/* The lock of the process and not of the descriptor, as SQLite takes it. */
static inline int32_t flxc_process_lock(int32_t fd, struct flock *lock) { return fcntl(fd, F_SETLK, lock); }
static inline int32_t flxc_copy_from(int32_t fd, int32_t least) { return fcntl(fd, F_DUPFD_CLOEXEC, least); }
static inline int32_t flxc_close_on_exec(int32_t fd) { return fcntl(fd, F_SETFD, FD_CLOEXEC); }
static inline int32_t flxc_is_regular(uint32_t mode) { return S_ISREG(mode); }
static inline int32_t flxc_is_character_device(uint32_t mode) { return S_ISCHR(mode); }
static inline int32_t flxc_is_fifo(uint32_t mode) { return S_ISFIFO(mode); }
static inline const char *flxc_entry_name(const struct dirent *entry) { return entry->d_name; }
static inline int32_t flxc_is_directory(uint32_t mode) { return S_ISDIR(mode); }
static inline int64_t flxc_mtime_ns(const struct stat *s) { return s->st_mtim.tv_sec * 1000000000LL + s->st_mtim.tv_nsec; }

/* Whether this thread rounds to nearest, without traps and without flushing what is tiny. 0 may also mean that it is not known. */
static inline int32_t flxc_has_plain_float(void) {
#if defined(__x86_64__)
    uint16_t x87;
    uint32_t sse;
    __asm__("fnstcw %0" : "=m"(x87));
    __asm__("stmxcsr %0" : "=m"(sse));
    return (x87 & 0x0F3F) == 0x033F && (sse & 0xFFC0) == 0x1F80;
#else
    return 0;
#endif
}

/* Whether the allocator has so many bytes. The pointer is volatile: else a compiler leaves the pair of calls out. */
static inline int32_t flxc_has_memory(size_t bytes) {
    void *volatile block = malloc(bytes);
    int32_t there = block != NULL;
    free(block);
    return there;
}

/* A number of this thread, 0 at first. Sets it to `next`, unless that is NULL, and gives what it was. */
static inline int64_t flxc_call_deadline(const int64_t *next) {
    static __thread int64_t until;
    int64_t before = until;
    if (next) until = *next;
    return before;
}

/* The same for a pointer, NULL at first. */
static inline void *flxc_call_lease(void *const *next) {
    static __thread void *lease;
    void *before = lease;
    if (next) lease = *next;
    return before;
}

/* An int32 shared with signal handlers and other threads: seq-cst load and store. */
static inline int32_t flxc_load(const int32_t *p) { return __atomic_load_n(p, __ATOMIC_SEQ_CST); }
static inline void flxc_store(int32_t *p, int32_t v) { __atomic_store_n(p, v, __ATOMIC_SEQ_CST); }
static inline void flxc_add(int32_t *p, int32_t v) { __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); }
/* Makes a 1 of a 0; 0 if another thread was first. */
static inline int32_t flxc_take(int32_t *p) {
    int32_t free = 0;
    return __atomic_compare_exchange_n(p, &free, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* How deep this thread is in calls of the library, and in forks: counts, by what is added, and returns it. */
static inline int32_t flxc_depth(int32_t more) {
    static __thread int32_t depth;
    return depth += more;
}
static inline int32_t flxc_forks(int32_t more) {
    static __thread int32_t forks;
    return forks += more;
}

#endif
