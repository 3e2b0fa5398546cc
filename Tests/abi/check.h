/*
 * The check harness: a test is a function, a claim is a check, a failed check is one line on stdout.
 *
 * Every test runs in a child process of its own, so that a crash or a hang is the failure of one test, and so that no
 * test sees what another left behind. Expected values come first, then what was got.
 */
#ifndef ABI_CHECK_H
#define ABI_CHECK_H

#include <stddef.h>
#include <stdint.h>

struct sandbox;

enum { most_jobs = 16 }; /* tests at a time */

/* How late a busy machine may make a call. What a call must not sit out is far longer: see the fault rows for punctuality. */
enum { LATE_MS = 5000 };

struct test {
    const char *name; /* a claim: subject, then what it does */
    void (*run)(struct sandbox *hub);
    int seconds; /* after which it counts as hanging; 0 is the usual limit */
};

#define TEST(function) {#function, function, 0}
#define SLOW_TEST(function, seconds) {#function, function, seconds}
#define END_OF_TESTS {NULL, NULL, 0}

/* One theme a file: its tests, ended by a test without a name. */
struct theme {
    const char *name;
    const struct test *tests;
};

/* Each gives 1 if it holds, else notes a failure, prints its line and gives 0. */
int check_true(const char *file, int line, int holds, const char *what);
int check_int(const char *file, int line, int64_t want, int64_t got, const char *what);
int check_status(const char *file, int line, int32_t want, int32_t got, const char *what);
int check_text(const char *file, int line, const char *want, const char *got, size_t n, const char *what);

#define CHECK(condition) check_true(__FILE__, __LINE__, (condition) ? 1 : 0, #condition)
#define CHECK_INT(want, got) check_int(__FILE__, __LINE__, (int64_t)(want), (int64_t)(got), #got)
#define CHECK_STATUS(want, got) check_status(__FILE__, __LINE__, (want), (got), #got)
/* Text that is not there (NULL) is never equal to "". */
#define CHECK_TEXT(want, got) check_text(__FILE__, __LINE__, (want), (got), SIZE_MAX, #got)
#define CHECK_TEXT_N(want, got, n) check_text(__FILE__, __LINE__, (want), (got), (n), #got)

/* A check without which the rest of the test makes no sense: it ends the test when it fails. */
#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!CHECK(condition))                                                                                         \
            check_give_up();                                                                                           \
    } while (0)
#define REQUIRE_STATUS(want, got)                                                                                      \
    do {                                                                                                               \
        if (!CHECK_STATUS(want, got))                                                                                  \
            check_give_up();                                                                                           \
    } while (0)

_Noreturn void check_give_up(void);

/* Says what the checks that follow are about, such as one row of a table; NULL for nothing special. */
void check_about(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The number of failed checks of this process so far. */
int check_failures(void);

/*
 * Runs the tests whose "theme.name" begins with one of the given names, or all; as many at a time as there are hubs, for
 * each test has one to itself; `before` runs in the child before each. Gives the exit status.
 */
int check_run(const struct theme *themes, size_t count, char **names, struct sandbox **hubs, size_t width,
              void (*before)(struct sandbox *hub));

#endif
