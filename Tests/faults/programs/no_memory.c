/*
 * LD_PRELOAD: malloc, calloc and realloc fail for callers within one library.
 *
 * NO_MEMORY_IN names the library by a part of its path, NO_MEMORY_AT the first call of it that fails, from 1, and
 * NO_MEMORY_FOR how many fail from there on. The number of its calls stands in the file NO_MEMORY_COUNT at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static uintptr_t low, high;
static long at, most, calls;

static int find(struct dl_phdr_info *info, size_t size, void *name)
{
    (void)size;
    if (!info->dlpi_name || !strstr(info->dlpi_name, name))
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X))
            continue;
        low = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        high = low + info->dlpi_phdr[i].p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("NO_MEMORY_IN");
    if (!name)
        return;
    at = atol(getenv("NO_MEMORY_AT"));
    most = atol(getenv("NO_MEMORY_FOR"));
    dl_iterate_phdr(find, (void *)name);
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("NO_MEMORY_COUNT");
    char text[32];
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0)
        return;
    int n = snprintf(text, sizeof text, "%ld\n", calls);
    if (write(fd, text, (size_t)n) < 0)
        _exit(7);
    close(fd);
}

static int fails(void *caller)
{
    uintptr_t from = (uintptr_t)caller;
    if (from < low || from >= high)
        return 0;
    long call = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (!at || call < at || call >= at + most)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}
void *calloc(size_t n, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}
