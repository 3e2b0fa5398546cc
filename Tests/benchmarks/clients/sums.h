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
} sums;

static double cpu_seconds(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static double wall_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void report(double cpu, double wall, sums found) {
    printf("{\"cpu_s\":%.6f,\"wall_s\":%.6f,\"listings\":%lld,\"ids\":%lld,\"cents\":%lld,\"quantity\":%lld}\n",
           cpu_seconds() - cpu, wall_seconds() - wall, (long long)found.listings, (long long)found.ids,
           (long long)found.cents, (long long)found.quantity);
}

static void die(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}
