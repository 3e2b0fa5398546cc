/*
 * The whole job on a thread with a small stack, 128 KB if no other size is said: says how much of it was used.
 *
 *     small_stack CONFIG-JSON NUMBER [KB]
 */
#include "job.h"

#include <pthread.h>
#include <sys/mman.h>

enum { PAINT = 0xA5 };

static char **arguments;
static int is_well;

static void *run(void *nothing)
{
    flx_error *err = NULL;
    flx_client *client = host_open(arguments[1], &err);
    if (!client) {
        host_say("open", err);
        return nothing;
    }
    is_well = job(client, arguments[2]);
    /* The deepest documents that are let in, and one too deep. */
    for (int depth = 8; depth <= 4096; depth *= 8) {
        char *deep = malloc((size_t)depth * 2 + 1);
        memset(deep, '[', (size_t)depth);
        memset(deep + depth, ']', (size_t)depth);
        deep[depth * 2] = 0;
        flx_order_submit(client, deep, FLX_NUL, NULL, NULL);
        flx_call(client, "getListingVariantsCount", FLX_NUL, deep, FLX_NUL, 0, NULL, NULL);
        free(deep);
    }
    flx_client_close(client);
    return nothing;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    pthread_attr_t attributes;
    enum { GUARD = 4096 };
    size_t size = (size_t)(argc == 4 ? atoi(argv[3]) : 128) << 10, untouched = 0;
    unsigned char *stack =
        mmap(NULL, GUARD + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if ((argc != 3 && argc != 4) || stack == MAP_FAILED)
        return 2;
    arguments = argv;
    mprotect(stack, GUARD, PROT_NONE); /* a guard: an overflow is a crash, not silence */
    stack += GUARD;
    memset(stack, PAINT, size);
    pthread_attr_init(&attributes);
    NEED(0, pthread_attr_setstack(&attributes, stack, size));
    NEED(0, pthread_create(&thread, &attributes, run, NULL));
    NEED(0, pthread_join(thread, NULL));
    while (untouched < size && stack[untouched] == PAINT)
        untouched++;
    printf("%zu %d\n", (size - untouched) / 1024, job_first_error);
    return is_well ? 0 : 1;
}
