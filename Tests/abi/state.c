/* The state directory and its file: private, of one channel and one origin, and never damaged further. */
#define _GNU_SOURCE
#include "hub.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Tries to open a client; checks that it is refused with a message. */
static void expect_no_client(flx_config *config, int32_t want)
{
    flx_client *client = NULL;
    flx_error *err = NULL;

    CHECK_ERROR(want, flx_client_open(config, &client, &err), err);
    CHECK(client == NULL);
    flx_config_free(config);
}

static const char *join(const char *directory, const char *name)
{
    char *path = NULL;

    REQUIRE(asprintf(&path, "%s/%s", directory, name) > 0);
    return path;
}

static void write_file(const char *path, const char *text, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    REQUIRE(fd >= 0 && write(fd, text, n) == (ssize_t)n && close(fd) == 0);
}

/* The bytes of a file, at most 1 MiB. */
static char *read_file(const char *path, size_t *n)
{
    enum { most = 1 << 20 };
    char *text = malloc(most);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;

    REQUIRE(text && fd >= 0 && (got = read(fd, text, most)) >= 0);
    close(fd);
    *n = (size_t)got;
    return text;
}

static void a_directory_below_a_file_is_refused(struct sandbox *hub)
{
    const char *file = join(new_directory(hub), "file");

    write_file(file, "x", 1);
    expect_no_client(new_config(hub, join(file, "state")), FLX_E_PATH);
    expect_no_client(new_config(hub, file), FLX_E_PATH);
}

static void a_directory_whose_parent_is_missing_is_refused(struct sandbox *hub)
{
    expect_no_client(new_config(hub, join(new_directory(hub), "no/such")), FLX_E_PATH);
}

static void a_directory_that_cannot_be_made_is_refused(struct sandbox *hub)
{
    expect_no_client(new_config(hub, "/proc/flxchannel"), FLX_E_PATH);
}

/* Root may write anywhere; so the test becomes nobody for this, unless it is somebody already. */
static void an_unwritable_directory_is_refused(struct sandbox *hub)
{
    const char *directory = new_directory(hub);

    if (geteuid() == 0) {
        REQUIRE(chown(directory, 65534, 65534) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
    }
    REQUIRE(chmod(directory, 0500) == 0);
    expect_no_client(new_config(hub, directory), FLX_E_PATH);
    chmod(directory, 0700);
}

static void a_directory_of_another_user_is_refused(struct sandbox *hub)
{
    const char *directory = "/"; /* root's, whoever runs this */

    if (geteuid() == 0) {
        directory = new_directory(hub);
        REQUIRE(chown(directory, 65534, 65534) == 0);
    }
    expect_no_client(new_config(hub, directory), FLX_E_IDENTITY);
}

/* D-19: what a platform or a backup tool widened. */
static void modes_that_were_widened_are_tightened(struct sandbox *hub)
{
    static const mode_t modes[] = {0755, 0777, 0770, 0707, 0750};
    static const char *const names[] = {"abi.db", "abi.db-journal", "abi.lock"};
    struct stat facts;

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        const char *directory = new_directory(hub);

        check_about("mode %o", (unsigned)modes[i]);
        flx_client_close(open_client_in(hub, directory));
        for (size_t j = 0; j < sizeof names / sizeof *names; j++)
            REQUIRE(chmod(join(directory, names[j]), modes[i] & 0666) == 0);
        REQUIRE(chmod(directory, modes[i]) == 0);

        flx_client_close(open_client_in(hub, directory));

        for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
            REQUIRE(stat(join(directory, names[j]), &facts) == 0);
            CHECK_INT(0600, facts.st_mode & 07777);
        }
        REQUIRE(stat(directory, &facts) == 0);
        CHECK_INT(0700, facts.st_mode & 07777);
    }
    check_about(NULL);
}

/* Not one file after the other, each with a call in between. */
static void all_that_is_wrong_is_told_at_once(struct sandbox *hub)
{
    const char *directory = new_directory(hub), *text = NULL;
    flx_config *config = new_config(hub, directory);
    flx_client *client = NULL;
    flx_error *err = NULL;
    size_t n = 0;

    REQUIRE(symlink("/nowhere", join(directory, "abi.db")) == 0);
    REQUIRE(mkfifo(join(directory, "abi.lock"), 0600) == 0);

    CHECK_INT(FLX_E_PATH, flx_client_open(config, &client, &err));
    REQUIRE_STATUS(FLX_OK, flx_error_view(err, FLX_ERROR_MESSAGE, &text, &n));
    CHECK(strstr(text, "abi.db is not a regular file") != NULL);
    CHECK(strstr(text, "abi.lock is not a regular file") != NULL);
    flx_error_free(err);
    flx_config_free(config);
}

/* D-22: whoever can write there moves the state away, and the next opening begins anew without a word. */
static void a_parent_that_every_user_can_write_is_refused(struct sandbox *hub)
{
    const char *parent = join(new_directory(hub), "open");

    REQUIRE(mkdir(parent, 0700) == 0 && chmod(parent, 0777) == 0);
    expect_no_client(new_config(hub, join(parent, "state")), FLX_E_PATH);
    REQUIRE(chmod(parent, 01777) == 0);
    flx_client_close(open_client_in(hub, join(parent, "state")));
}

static void a_missing_directory_is_made_private(struct sandbox *hub)
{
    const char *directory = join(new_directory(hub), "made");
    struct stat facts;

    umask(0);
    flx_client_close(open_client_in(hub, directory));

    REQUIRE(stat(directory, &facts) == 0);
    CHECK_INT(0700, facts.st_mode & 07777);
    REQUIRE(stat(join(directory, "abi.db"), &facts) == 0);
    CHECK_INT(0600, facts.st_mode & 07777);
}

static void a_link_in_place_of_the_file_is_not_followed(struct sandbox *hub)
{
    const char *directory = new_directory(hub), *victim = join(new_directory(hub), "victim");
    flx_client *client = NULL;
    flx_config *config = new_config(hub, directory);
    size_t n;

    write_file(victim, "precious", 8);
    REQUIRE(symlink(victim, join(directory, "abi.db")) == 0);
    CHECK(flx_client_open(config, &client, NULL) < 0);
    CHECK_TEXT_N("precious", read_file(victim, &n), 8);
    CHECK_INT(8, n);
    flx_config_free(config);
}

static void a_state_of_another_origin_is_refused_and_sends_nothing(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    int64_t before = hub_requests(hub, NULL, NULL);
    char text[512], url[40];

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "S-1"), FLX_NUL, NULL, NULL));
    flx_client_close(client);

    closed_hub(url);
    expect_no_client(new_config_at(hub, directory, url), FLX_E_IDENTITY);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));

    /* Nothing was lost by the try. */
    flx_blob *list = NULL;
    client = open_client_in(hub, directory);
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &list, NULL));
    CHECK(strstr(blob_text(list), "\"S-1\"") != NULL);
    flx_blob_free(list);
    flx_client_close(client);
}

static void a_state_of_another_channel_is_refused_and_sends_nothing(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    int64_t before = hub_requests(hub, NULL, NULL);
    flx_config *config;
    char text[512];

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "S-2"), FLX_NUL, NULL, NULL));
    flx_client_close(client);
    REQUIRE(rename(join(directory, "abi.db"), join(directory, "other.db")) == 0);

    config = new_config(hub, directory);
    set(config, "channel", "other");
    expect_no_client(config, FLX_E_IDENTITY);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
}

static void a_damaged_file_is_refused_and_left_as_it_is(struct sandbox *hub)
{
    const char *directory = new_directory(hub), *file = join(directory, "abi.db");
    size_t before, after;
    char *was, *is;

    flx_client_close(open_client_in(hub, directory));
    was = read_file(file, &before);
    REQUIRE(before >= 4096);
    memset(was, 'x', 2048); /* the header and the root of the schema */
    write_file(file, was, before);

    expect_no_client(new_config(hub, directory), FLX_E_STATE_CORRUPT);
    is = read_file(file, &after);
    CHECK(before == after && memcmp(was, is, before) == 0);
    free(was);
    free(is);
}

static void a_file_that_is_no_state_is_refused_and_left_as_it_is(struct sandbox *hub)
{
    const char *directory = new_directory(hub), *file = join(directory, "abi.db");
    size_t n;

    write_file(file, "these are the minutes of the last meeting", 41);
    expect_no_client(new_config(hub, directory), FLX_E_STATE_CORRUPT);
    CHECK_TEXT_N("these are the minutes of the last meeting", read_file(file, &n), 41);
    CHECK_INT(41, n);
}

/* Two channels in one directory, two clients of one channel: all of them work. */
static void clients_share_a_directory(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *one = open_client_in(hub, directory), *two = open_client_in(hub, directory), *other;
    flx_config *config = new_config(hub, directory);
    flx_blob *list = NULL;
    char text[512];

    set(config, "channel", "neighbour");
    other = open_config(config);
    REQUIRE_STATUS(FLX_OK, flx_order_submit(one, order(text, "S-3"), FLX_NUL, NULL, NULL));

    CHECK_STATUS(FLX_OK, flx_outbox_list(two, NULL, 0, &list, NULL));
    CHECK(strstr(blob_text(list), "\"S-3\"") != NULL);
    flx_blob_free(list);
    CHECK_STATUS(FLX_OK, flx_outbox_list(other, NULL, 0, &list, NULL));
    CHECK_TEXT("[]", blob_text(list));
    flx_blob_free(list);
    flx_client_close(other);
    flx_client_close(two);
    flx_client_close(one);
}

static void a_new_token_keeps_the_queue(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    flx_config *config = new_config(hub, directory);
    flx_blob *list = NULL;
    char text[512];

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "S-4"), FLX_NUL, NULL, NULL));
    CHECK_STATUS(FLX_OK, flx_client_set_token(client, "another-token", FLX_NUL, NULL));
    flx_client_close(client);

    set(config, "token", "a-third-token");
    client = open_config(config);
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &list, NULL));
    CHECK(strstr(blob_text(list), "\"S-4\"") != NULL);
    flx_blob_free(list);
    flx_client_close(client);
}

const struct test state_tests[] = {
    TEST(a_directory_below_a_file_is_refused),
    TEST(a_directory_whose_parent_is_missing_is_refused),
    TEST(a_directory_that_cannot_be_made_is_refused),
    TEST(an_unwritable_directory_is_refused),
    TEST(a_directory_of_another_user_is_refused),
    TEST(modes_that_were_widened_are_tightened),
    TEST(all_that_is_wrong_is_told_at_once),
    TEST(a_parent_that_every_user_can_write_is_refused),
    TEST(a_missing_directory_is_made_private),
    TEST(a_link_in_place_of_the_file_is_not_followed),
    TEST(a_state_of_another_origin_is_refused_and_sends_nothing),
    TEST(a_state_of_another_channel_is_refused_and_sends_nothing),
    TEST(a_damaged_file_is_refused_and_left_as_it_is),
    TEST(a_file_that_is_no_state_is_refused_and_left_as_it_is),
    TEST(clients_share_a_directory),
    TEST(a_new_token_keeps_the_queue),
    END_OF_TESTS,
};
