/* Loaded before the library by LD_PRELOAD: a disk that is not as usual. FLX_SHIM says how:
 *   short    every third pwrite writes half of what it was given, every fifth one byte
 *   nosync   nothing is synced
 *   nolocks  every lock is given, and none keeps anybody out; noplocks the same of those of the process alone
 *   norename, notruncate, nounlink   say that they did it, and did not
 *   refuses  sync is refused
 *   norandom the system call gives no random bytes; with FLX_NO_DEVICE /dev/urandom is not there either
 * With FLX_MAGIC statfs says that file system type.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

static int is(const char *mode)
{
    const char *wanted = getenv("FLX_SHIM");

    return wanted && !strcmp(wanted, mode);
}

static size_t some(size_t n)
{
    static unsigned calls;
    unsigned call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);

    if (!is("short") || n < 2)
        return n;
    return call % 5 == 0 ? 1 : call % 3 == 0 ? n / 2 : n;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);

    if (!real)
        real = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return real(fd, p, some(n), at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return pwrite64(fd, p, n, at);
}

int fdatasync(int fd)
{
    static int (*real)(int);

    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return is("nosync") ? 0 : real(fd);
}

int fsync(int fd)
{
    static int (*real)(int);

    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return is("nosync") ? 0 : is("refuses") ? (errno = EINVAL, -1) : real(fd);
}

int statfs(const char *path, struct statfs *status)
{
    static int (*real)(const char *, struct statfs *);
    int result;

    if (!real)
        real = (int (*)(const char *, struct statfs *))dlsym(RTLD_NEXT, "statfs");
    result = real(path, status);
    if (result == 0 && getenv("FLX_MAGIC"))
        status->f_type = (__typeof__(status->f_type))strtoul(getenv("FLX_MAGIC"), NULL, 16);
    return result;
}

int statfs64(const char *path, struct statfs64 *status)
{
    return statfs(path, (struct statfs *)status);
}

/* Every command that the library and SQLite give has a pointer or a number, which pass the same way. */
int fcntl64(int fd, int command, ...)
{
    static int (*real)(int, int, void *);
    va_list rest;
    void *argument;

    va_start(rest, command);
    argument = va_arg(rest, void *);
    va_end(rest);
    if (!real)
        real = (int (*)(int, int, void *))dlsym(RTLD_NEXT, "fcntl64");
    if (command == F_OFD_SETLK && is("nolocks"))
        return 0;
    if (command == F_SETLK && (is("nolocks") || is("noplocks")))
        return 0;
    if (command == F_OFD_GETLK && is("nolocks")) {
        ((struct flock *)argument)->l_type = F_UNLCK;
        return 0;
    }
    return real(fd, command, argument);
}

int fcntl(int fd, int command, ...)
{
    va_list rest;
    void *argument;

    va_start(rest, command);
    argument = va_arg(rest, void *);
    va_end(rest);
    return fcntl64(fd, command, argument);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);

    if (!real)
        real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    return is("norename") ? 0 : real(from, to);
}

int unlink(const char *path)
{
    static int (*real)(const char *);

    if (!real)
        real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    return is("nounlink") ? 0 : real(path);
}

int ftruncate64(int fd, off64_t size)
{
    static int (*real)(int, off64_t);

    if (!real)
        real = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
    return is("notruncate") ? 0 : real(fd, size);
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

ssize_t getrandom(void *bytes, size_t n, unsigned flags)
{
    static ssize_t (*real)(void *, size_t, unsigned);

    if (!real)
        real = (ssize_t (*)(void *, size_t, unsigned))dlsym(RTLD_NEXT, "getrandom");
    return is("norandom") ? (errno = EPERM, -1) : real(bytes, n, flags);
}

int open64(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, mode_t);
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    if (!real)
        real = (int (*)(const char *, int, mode_t))dlsym(RTLD_NEXT, "open64");
    if (getenv("FLX_NO_DEVICE") && !strcmp(path, "/dev/urandom"))
        return (errno = ENOENT, -1);
    return real(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    return open64(path, flags, mode);
}
