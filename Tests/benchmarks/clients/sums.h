/* What every C program of the benchmark does around its work: arguments, clocks, the line it prints. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct {
    int64_t listings, ids, cents, quantity;
    long before_kb, opened_kb; /* peak memory before and after a client was opened; 0 where none is */
} sums;

static double cpu_seconds(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

/* The most memory that was resident. Not ru_maxrss: that begins with the memory of the process that forked this one. */
static long peak_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && !kb && fgets(line, sizeof line, status))
        sscanf(line, "VmHWM: %ld", &kb);
    if (status)
        fclose(status);
    return kb;
}

static void report(double cpu, double wall, sums found)
{
    printf(
        "{\"rss_kb\":%ld,\"cpu_s\":%.6f,\"wall_s\":%.6f,\"listings\":%lld,\"ids\":%lld,\"cents\":%lld,\"quantity\":%lld,"
        "\"before_kb\":%ld,\"opened_kb\":%ld}\n",
        peak_kb(), cpu_seconds() - cpu, wall_seconds() - wall, (long long)found.listings, (long long)found.ids,
        (long long)found.cents, (long long)found.quantity, found.before_kb, found.opened_kb);
}

static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}
