/* Loaded before the library by LD_PRELOAD: a disk that is not as usual. FLX_SHIM says how:
 *   short    every third pwrite writes half of what it was given, every fifth one byte
 *   nosync   nothing is synced
 *   statfs   statfs says the file system type of FLX_MAGIC
 */
#include <dlfcn.h>
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

    if (!is("short") || n < 2) return n;
    return call % 5 == 0 ? 1 : call % 3 == 0 ? n / 2 : n;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);

    if (!real) real = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return real(fd, p, some(n), at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return pwrite64(fd, p, n, at);
}

int fdatasync(int fd)
{
    static int (*real)(int);

    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return is("nosync") ? 0 : real(fd);
}

int fsync(int fd)
{
    static int (*real)(int);

    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return is("nosync") ? 0 : real(fd);
}

int statfs(const char *path, struct statfs *status)
{
    static int (*real)(const char *, struct statfs *);
    int result;

    if (!real) real = (int (*)(const char *, struct statfs *))dlsym(RTLD_NEXT, "statfs");
    result = real(path, status);
    if (result == 0 && is("statfs")) status->f_type = (__typeof__(status->f_type))strtoul(getenv("FLX_MAGIC"), NULL, 16);
    return result;
}

int statfs64(const char *path, struct statfs64 *status)
{
    return statfs(path, (struct statfs *)status);
}
