/*
 * A host that calls anything with anything, from 8 threads, under alarms that fire cancels, with log functions that call again
 * and forks in between. The calls are written from the header (rig/callers.py); here is what they are given and how they are judged.
 *
 *     random_caller SEED CALLS TOKEN CONFIG-OF-THE-CHILDREN CONFIG...
 *
 * What a host may not do it does not: a view is read before others know its object, a cancel lives as long as its clients,
 * and a text is as long as it says, or says more than the library reads at all.
 */
#include "host.h"

#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind {
    KIND_BLOB,
    KIND_ERROR,
    KIND_CONFIG,
    KIND_CLIENT,
    KIND_PULL,
    KIND_PAGE,
    KIND_ORDER_BUILDER,
    KIND_SYNC,
    KIND_CANCEL,
    KINDS
};
enum { THREADS = 8, ROOM = 32, CANCELS = 8, FORK_EVERY = 400, WALK_EVERY = 150, CHILD_S = 20, STILL_S = 60 };
#define POISON ((void *)0x5EEDBAD5EEDBADUL)

struct caller {
    uint64_t random;
    int depth, last;
    char buffers[2][4200], receipt[4096],
        answers[400]; /* a buffer for each depth: the outer call may still read its own */
};

static _Atomic(void *) pool[KINDS][ROOM], stale[KINDS][ROOM];
static const int rooms[KINDS] = {ROOM, ROOM, 16, 8, 16, ROOM, 16, 8, 1};
static flx_cancel *cancels[CANCELS], *calm; /* the last is never fired */
static char **configs, *child_config, *token;
static int config_count, calls_each;
static atomic_long made, pages, views, internal, set_on_error, wrong_errors, children, hung, failed, refused, reentered,
    fired, drops, codes[700];
static atomic_long called[256];
static struct caller callers[THREADS];
static _Thread_local struct caller *self;
static char first[200];

static void call_flx_cancel_new(struct caller *me);
static void call_flx_cancel_free(struct caller *me);
static void call_flx_client_set_cancel(struct caller *me);
static const char *name_of(int index);
static void on_log(void *ud, int32_t level, const char *line, size_t n);
static void on_drop(void *ud)
{
    atomic_fetch_add((atomic_long *)ud, 1);
}

static uint64_t draw(struct caller *me, uint64_t below)
{
    me->random ^= me->random << 13, me->random ^= me->random >> 7, me->random ^= me->random << 17;
    return below ? (me->random >> 11) % below : me->random;
}

static void found(struct caller *me, atomic_long *what, const char *words, long status)
{
    if (atomic_fetch_add(what, 1) == 0)
        snprintf(first, sizeof first, "%s: %s (%ld)", name_of(me->last), words, status);
}

/* --- what is given ---------------------------------------------------------------------------------------------------- */

static void *a_handle(struct caller *me, enum kind kind, int frees)
{
    if (kind == KIND_CANCEL)
        return draw(me, 10) ? cancels[draw(me, CANCELS)] : NULL;
    if (kind == KIND_CLIENT && draw(me, 2))
        flx_cancel_reset(cancels[draw(me, CANCELS)]);
    uint64_t one = draw(me, (uint64_t)rooms[kind]), way = draw(me, 100);
    enum kind other = draw(me, KIND_CANCEL);
    void *live = pool[kind][one];

    for (int again = 0; !live && again < 3; again++)
        live = pool[kind][one = draw(me, (uint64_t)rooms[kind])];
    if (way < 82 && frees && live)
        return stale[kind][one] = atomic_exchange(&pool[kind][one], NULL);
    if (way < 82)
        return live;
    if (way < 88)
        return stale[kind][one];
    if (way < 93)
        return other == kind || frees ? NULL : pool[other][draw(me, (uint64_t)rooms[other])];
    if (way < 95)
        return frees ? NULL : (void *)((uintptr_t)live ^ (uintptr_t)1 << draw(me, 64)); /* may be another thread's */
    if (way < 98)
        return (void *)(draw(me, 0) | 0xFFUL << 56);
    return NULL;
}

static const struct {
    const char *of, *text;
} texts[] = {
    {"topic", "config"},
    {"topic", "errors"},
    {"topic", "schema/order"},
    {"topic", "build"},
    {"topic", "nothing"},
    {"key", "log.level"},
    {"key", "channel"},
    {"key", "rate_limit.dir"},
    {"key", "http.wait_ms"},
    {"key", "http.wait_m"},
    {"key", "hub.overrides"},
    {"val", "debug"},
    {"val", "60"},
    {"val", "-1"},
    {"val", "{\"createOrder\":{\"note\":\"remark\"}}"},
    {"val", "Springfield"},
    {"val", "19.99"},
    {"plan", "{\"budget_ms\":40}"},
    {"plan", "{\"budget_ms\":20,\"parts\":[\"sync\",\"results\"],\"progress\":true}"},
    {"plan", "{\"part\":[]}"},
    {"reply", "true"},
    {"reply", "false"},
    {"reply", "{\"error\":\"no\"}"},
    {"reply", "{\"confirm\":\"hidden\"}"},
    {"path", "/id"},
    {"path", "/parent/title"},
    {"path", "/images/0/url"},
    {"path", "/orderItems/0/sku"},
    {"path", "/shippingAddress/city"},
    {"path", "/a~2"},
    {"path", "/orderItems/99999999999999999999"},
    {"path", "/1/2/3/4/5/6/7/8/9/10"},
    {"path", ""},
    {"json", "{\"http\":{\"wait_ms\":40}}"},
    {"json", "{\"channel\":null}"},
    {"json", "[[[[[[[[[["},
    {"json", "{\"a\":\"\\ud800\"}"},
    {"json", "{\"orderNumber\":\"B\",\"orderItems\":[]}"},
    {"json", "1e999999999"},
    {"json", "\"\\"},
    {"json", "{\"\\u0061\":1,\"a\":1}"},
    {"spec", "{\"page_size\":5}"},
    {"spec", "{\"page_size\":0}"},
    {"spec", "{\"cursor\":\"other\"}"},
    {"spec", "{\"skus\":[\"A\",1]}"},
    {"spec", "{}"},
    {"what", "[\"clock\",\"hold\"]"},
    {"what", "[\"channel\"]"},
    {"what", "[\"nothing\"]"},
    {"what", ""},
    {"name", "other"},
    {"name", "default"},
    {"cursor", "2026-01-31T12:00:00Z"},
    {"cursor", "2026-02-30T12:00:00Z"},
    {"cursor", ""},
    {"receipt", "flx1.listings_to_sync.{\"rows\":[]}"},
    {"answers", "[{\"id\":\"1\"}]"},
    {"answers", "[]"},
    {"answers", "[{\"id\":1,\"confirm\":\"hidden\"}]"},
    {"number", "R-1"},
    {"number", "R-2"},
    {"number", "\r\n"},
    {"numbers", "[\"R-1\",\"R-2\"]"},
    {"numbers", "[\"R-7\"]"},
    {"numbers", "[]"},
    {"numbers", "[1]"},
    {"filter", "{\"state\":\"queued\",\"limit\":5}"},
    {"filter", "{\"settled_before\":\"2030-01-01T00:00:00Z\"}"},
    {"filter", "{\"numbers\":[\"R-3\"]}"},
    {"filter", "{\"after\":9223372036854775807}"},
    {"operation", "getListingVariantsCount"},
    {"operation", "getOrderById"},
    {"operation", "createOrder"},
    {"operation", "getChannels"},
    {"operation", "updateOrderStatus"},
    {"args", "{}"},
    {"args", "{\"id\":\"5001\"}"},
    {"args", "{\"id\":\"../x\"}"},
    {"args", "{\"id\":\"5001\",\"body\":{\"status\":\"Open\"}}"},
    {"sku", "NO-SUCH-SKU"},
    {"sku", ""},
    {"price", "19.99"},
    {"price", "1e2"},
    {"price", "99999999999999999999999"},
    {"t", "wrong-token"},
    {"t", "two words"},
};

static const char *meant_for(struct caller *me, const char *of)
{
    enum { COUNT = sizeof texts / sizeof *texts };
    char *buffer = me->buffers[me->depth];

    if (!strcmp(of, "receipt") && me->receipt[0] && draw(me, 4))
        return me->receipt;
    if (!strcmp(of, "answers") && me->answers[0] && draw(me, 2))
        return me->answers;
    if (!strcmp(of, "t") && draw(me, 8))
        return token;
    if (!strcmp(of, "json") && draw(me, 2)) {
        snprintf(
            buffer, sizeof me->buffers[0],
            "{\"orderNumber\":\"R-%d\",\"orderTotal\":\"1%d.99\",\"shippingText\":\"S\",\"shippingAddress\":{\"name\":\"Ada\",\"addressLine1\":\"1 Test St\","
            "\"city\":\"X\",\"postal\":\"1\",\"countryCode\":\"US\"},\"orderItems\":[{\"sku\":\"NO-SUCH-SKU\",\"quantity\":1,\"price\":\"9.99\"}]}",
            (int)draw(me, 40), draw(me, 9) ? 1 : 2);
        return buffer;
    }
    uint64_t at = draw(me, COUNT);
    for (size_t i = 0; i < COUNT && draw(me, 8); i++, at = (at + 1) % COUNT)
        if (!strcmp(texts[at].of, of))
            break;
    for (size_t i = 0; i < COUNT && draw(me, 50); i++, at = (at + 1) % COUNT)
        if (!strcmp(texts[at].of, of))
            break;
    return texts[at].text;
}

static const char *a_text(struct caller *me, const char *of, size_t *length)
{
    static const size_t too_long[] = {SIZE_MAX - 1, (size_t)1 << 62, (size_t)65 << 20};
    char *buffer = me->buffers[me->depth];
    const char *chosen = meant_for(me, of);
    uint64_t way = draw(me, 100);

    *length = strlen(chosen);
    if (way < 70)
        return chosen;
    if (way < 82)
        return *length = FLX_NUL, chosen;
    if (way < 87)
        return *length = draw(me, *length + 1), chosen;
    if (way < 92)
        return *length = way == 91 ? SIZE_MAX : way == 90 ? 5 : 0, NULL;
    if (way < 94)
        return *length = too_long[draw(me, 3)], chosen;
    if (chosen != buffer)
        snprintf(buffer, sizeof me->buffers[0], "%s", chosen);
    *length = strlen(buffer);
    for (uint64_t flips = 1 + draw(me, 3); flips && *length; flips--)
        buffer[draw(me, *length)] ^= (char)(1 << draw(me, 8));
    return buffer;
}

static int64_t a_number(struct caller *me, const char *of)
{
    static const int64_t odd[] = {0,     1,         2,         -1,        7,         100,        10000,
                                  10001, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, UINT32_MAX, 65536};
    if (strstr(of, "_ms")) {
        uint64_t way = draw(me, 200);
        return way < 100   ? 0
               : way < 160 ? (int64_t)draw(me, 6)
               : way < 180 ? 20
               : way < 196 ? -1
               : way < 198 ? INT32_MIN
                           : INT32_MAX;
    }
    if (!strcmp(of, "feed") && draw(me, 10))
        return (int64_t)draw(me, 6) + 1;
    if (draw(me, 3))
        return (int64_t)draw(me, 10);
    return odd[draw(me, sizeof odd / sizeof *odd)];
}

static void *a_place(struct caller *me, void *at)
{
    return draw(me, 25) ? at : NULL;
}

/* --- what comes out --------------------------------------------------------------------------------------------------- */

static void discard(enum kind kind, void *object)
{
    switch (kind) {
    case KIND_BLOB:
        flx_blob_free(object);
        break;
    case KIND_ERROR:
        flx_error_free(object);
        break;
    case KIND_CONFIG:
        flx_config_free(object);
        break;
    case KIND_CLIENT:
        flx_client_close(object);
        break;
    case KIND_PULL:
        flx_pull_close(object);
        break;
    case KIND_PAGE:
        flx_page_free(object);
        break;
    case KIND_SYNC:
        flx_sync_close(object);
        break;
    default:
        flx_order_builder_free(object);
    }
}

static void read_view(const void *p, size_t n)
{
    for (size_t i = 0; p && i <= n; i++) /* with the NUL */
        (void)((const volatile unsigned char *)p)[i];
    atomic_fetch_add(&views, p != NULL);
}

static void look_at_page(struct caller *me, flx_page *page)
{
    const char *p = NULL, *id = NULL;
    size_t n = 0, id_n = 0;

    if (flx_page_json(page, &p, &n) == FLX_OK)
        read_view(p, n);
    if (flx_page_receipt(page, &p, &n) == FLX_OK) {
        read_view(p, n);
        if (n < sizeof me->receipt && !me->depth)
            memcpy(me->receipt, p, n + 1);
    }
    for (size_t i = 0, count = flx_page_count(page); i < count; i++) {
        if (flx_record_json(page, i, &p, &n) == FLX_OK)
            read_view(p, n);
        if (flx_record_get(page, i, "/id", 3, &id, &id_n) == FLX_OK)
            read_view(id, id_n);
        const flx_listing_variant *variant = flx_page_listing_variant(page, i);
        const flx_listing_parent *parent = flx_page_listing_parent(page, i);
        const flx_order *order = flx_page_order(page, i);
        const flx_shipment *shipment = flx_page_shipment(page, i);
        if (variant)
            read_view(variant->sku.p, variant->sku.n), read_view(variant->price.text.p, variant->price.text.n);
        if (parent)
            read_view(parent->title.p, parent->title.n);
        if (order)
            read_view(order->order_number.p, order->order_number.n);
        if (shipment)
            read_view(shipment->order_number.p, shipment->order_number.n);
    }
    if (id && !me->depth)
        snprintf(me->answers, sizeof me->answers, "[{\"id\":\"%.*s\"}]", (int)id_n, id);
}

static void look_at(struct caller *me, enum kind kind, void *object)
{
    const void *p = NULL;
    const char *text_p = NULL;
    size_t n = 0;

    if (kind == KIND_BLOB)
        flx_blob_view(object, &p, &n), read_view(p, n);
    if (kind == KIND_PAGE)
        look_at_page(me, object), atomic_fetch_add(&pages, 1);
    for (int32_t part = FLX_ERROR_MESSAGE; kind == KIND_ERROR && part <= FLX_ERROR_HUB_SAID; part++)
        if (flx_error_view(object, part, &text_p, &n) == FLX_OK)
            read_view(text_p, n);
    if (kind == KIND_CLIENT)
        flx_client_set_cancel(object, cancels[draw(me, CANCELS)], NULL);
    if (kind != KIND_CONFIG || draw(me, 10) == 0)
        return;
    flx_config_set_json(object, configs[draw(me, (uint64_t)config_count)], FLX_NUL, NULL);
    if (draw(me, 2))
        flx_config_on_log(object, on_log, &drops, on_drop, NULL);
}

static void keep(struct caller *me, enum kind kind, void *object)
{
    look_at(me, kind, object);
    uint64_t one = draw(me, (uint64_t)rooms[kind]);
    void *before = atomic_exchange(&pool[kind][one], object);
    if (!before)
        return;
    stale[kind][one] = before;
    discard(kind, before);
}

static void took_object(struct caller *me, int32_t status, void **at, enum kind kind)
{
    if (!at)
        return;
    if (status < 0 && *at)
        found(me, &set_on_error, "an out parameter is set on an error", status);
    else if (status >= 0 && *at == POISON)
        found(me, &set_on_error, "an out parameter was not written", status);
    else if (*at)
        keep(me, kind, *at);
}

static void took_error(struct caller *me, int32_t status, void **at, enum kind kind)
{
    if (!at)
        return;
    if ((status < 0) != (*at != NULL) || (*at && flx_error_code(*at) != status))
        found(me, &wrong_errors, "the error is not that of the status", status);
    else if (*at)
        keep(me, kind, *at);
}

static void took_view(struct caller *me, int32_t status, const void **at, size_t *length)
{
    if (status < 0 && ((at && *at) || (length && *length)))
        found(me, &set_on_error, "a view is set on an error", status);
    if (status == FLX_OK && at && (!*at || *at == POISON))
        found(me, &set_on_error, "a view was not written", status);
}

static void judged(struct caller *me, int32_t status)
{
    if (status <= 0 && status > -700)
        atomic_fetch_add(&codes[-status], 1);
    if (status == FLX_E_INTERNAL)
        found(me, &internal, "FLX_E_INTERNAL", status);
}

/* --- who calls -------------------------------------------------------------------------------------------------------- */

static flx_log_fn log_function(struct caller *me)
{
    return draw(me, 6) ? on_log : NULL;
}
static flx_drop_fn drop_function(struct caller *me)
{
    return draw(me, 3) ? on_drop : NULL;
}
/* Says something, or calls again and says nothing. */
static int32_t on_event(void *user, flx_sync *sync, int64_t event, const char *json, size_t n)
{
    (void)user, (void)json;
    if (n % 3 == 0)
        return FLX_SYNC_YES;
    if (n % 3 == 1)
        return FLX_SYNC_LATER;
    flx_sync_reply(sync, event, "{\"later\":\"no time\"}", FLX_NUL, NULL);
    return event ? FLX_SYNC_REPLIED : FLX_SYNC_YES;
}
static const flx_sync_handlers *sync_handlers(struct caller *me)
{
    static const flx_sync_handlers all = {sizeof all, 0,        NULL,     on_event, on_event, on_event, on_event,
                                          on_event,   on_event, on_event, on_event, on_event, on_event},
                                   some = {.size = sizeof some, .order = on_event},
                                   wrong = {.size = sizeof wrong, .sync = on_event}, small = {.size = 16};
    const flx_sync_handlers *const tables[] = {&all, &some, &wrong, &small, NULL};
    return tables[draw(me, 5)];
}

#include "calls.h"

enum { FUNCTIONS = sizeof calls / sizeof *calls };
static const char *name_of(int index)
{
    return calls[index].name;
}

static void call_flx_cancel_new(struct caller *me)
{
    flx_cancel *one = flx_cancel_new();
    if (draw(me, 2))
        flx_cancel_fire(one);
    flx_cancel_free(one);
}

static void call_flx_cancel_free(struct caller *me)
{
    flx_cancel *one = flx_cancel_new();
    flx_cancel_reset(one);
    flx_cancel_free(draw(me, 9) ? one : (flx_cancel_free(one), NULL));
}

static void call_flx_client_set_cancel(struct caller *me)
{
    flx_client *client = a_handle(me, KIND_CLIENT, 0);
    void *err = POISON;
    if (!draw(me, 20))
        flx_client_set_cancel(client, NULL, NULL); /* only for a moment: long waits end by it */
    int32_t status = flx_client_set_cancel(client, cancels[draw(me, CANCELS)], (flx_error **)&err);
    took_error(me, status, &err, KIND_ERROR);
    judged(me, status);
}

static void call(struct caller *me, int index)
{
    int before = me->last;
    me->last = index;
    atomic_fetch_add(&called[index], 1);
    atomic_fetch_add(&made, 1);
    calls[index].call(me);
    me->last = before;
}

/* What takes from the others what they work with comes less often: handles, and what was learnt of the hub's pool. */
static int any(struct caller *me)
{
    int index = (int)draw(me, FUNCTIONS);
    const char *name = calls[index].name;
    size_t n = strlen(name);
    int ends = !strcmp(name + n - 5, "_free") || !strcmp(name + n - 6, "_close");
    int forgets = !strcmp(name, "flx_client_relearn") || !strcmp(name, "flx_client_set_token");
    return (ends && draw(me, 3)) || (forgets && draw(me, 100)) ? any(me) : index;
}

static void on_log(void *ud, int32_t level, const char *line, size_t n)
{
    (void)ud, (void)level;
    read_view(line, n - 1);
    if (!self || self->depth || draw(self, 3))
        return;
    self->depth++;
    atomic_fetch_add(&reentered, 1);
    call(self, any(self));
    self->depth--;
}

static void say(const char *text)
{
    if (write(2, text, strlen(text)) < 0)
        _exit(4);
}

/* A slow machine is not a hung library: it is one where no call has come to its end for long. */
static void still(void)
{
    static long seen;
    static time_t since;
    struct timespec now;
    long done = atomic_load(&made);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (done != seen || !since)
        seen = done, since = now.tv_sec;
    if (now.tv_sec - since < STILL_S)
        return;
    say("no call came to its end for long; each thread is in: ");
    for (int i = 0; i < THREADS; i++)
        say(name_of(callers[i].last)), say(" ");
    _exit(3);
}

static void on_alarm(int signal)
{
    static volatile sig_atomic_t next;
    int before = errno;
    (void)signal;
    still();
    flx_cancel_fire(cancels[(unsigned)next++ % CANCELS]);
    atomic_fetch_add(&fired, 1);
    errno = before;
}

/* A child that hangs says where. */
static void on_hang(int signal)
{
    void *frames[64];
    backtrace_symbols_fd(frames, backtrace(frames, 64), 2);
    (void)signal;
    raise(SIGKILL);
}

/* The status of a child: 0 well, 1 its own client was refused as the header allows, 2 what it inherited served it, 3 it did not. */
static int child(flx_client *inherited)
{
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    int32_t status = flx_client_stats(inherited, &blob, NULL);
    if (inherited && status != FLX_E_FORKED && status != FLX_E_HANDLE)
        return 2;
    flx_client *own = host_open(child_config, &err);
    status = flx_error_code(err);
    if (!own)
        return status == FLX_E_FORKED || status == FLX_E_STATE_BUSY ? 1 : 3;
    status = host_submit(own, "C-1", NULL, NULL);
    flx_client_close(own);
    flx_client_close(inherited);
    return status == FLX_OK || status == FLX_E_CONFLICT ? 0 : status == FLX_E_STATE_BUSY ? 1 : 3;
}

static void forks(struct caller *me)
{
    int status = 0;
    flx_client *inherited = pool[KIND_CLIENT][draw(me, (uint64_t)rooms[KIND_CLIENT])];
    pid_t pid = fork();
    if (pid == 0) {
        self = NULL;
        signal(SIGALRM, on_hang);
        alarm(CHILD_S);
        _exit(child(inherited));
    }
    if (pid < 0)
        return;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    atomic_fetch_add(&children, 1);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        found(me, &hung, "a child hung", 0);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
        atomic_fetch_add(&refused, 1);
    else if (status)
        found(me, &failed, "a child failed", status);
}

/* What chance alone would hardly come to: a client that nobody canceled, a feed, and its pages. */
static void walks(struct caller *me)
{
    flx_client *client = NULL;
    flx_pull *pull = NULL;
    int32_t status = FLX_OK;

    for (int again = 0; !client && again < 10; again++)
        client = pool[KIND_CLIENT][draw(me, (uint64_t)rooms[KIND_CLIENT])];
    flx_client_set_cancel(client, calm, NULL);
    judged(me, status = flx_pull_open(client, (int32_t)draw(me, 6) + 1, NULL, 0, &pull, NULL));
    for (int turn = 0; turn < 6 && status >= 0 && status != FLX_DONE; turn++) {
        flx_page *page = NULL;
        judged(me, status = flx_pull_next(pull, 50, &page, NULL));
        if ((status == FLX_OK) != (page != NULL))
            found(me, &set_on_error, "flx_pull_next: OK and a page are not one", status);
        if (page)
            keep(me, KIND_PAGE, page);
    }
    if (pull && draw(me, 4))
        flx_pull_close(pull); /* else nobody gets the feed for a second */
    else if (pull)
        keep(me, KIND_PULL, pull);
    judged(me, flx_flush(client, 30, NULL, NULL));
    flx_client_set_cancel(client, cancels[draw(me, CANCELS)], NULL);
}

static void *run(void *of)
{
    struct caller *me = self = of;
    for (int i = 0; i < calls_each; i++) {
        call(me, i < FUNCTIONS ? i : any(me));
        if (draw(me, WALK_EVERY) == 0)
            walks(me);
        if (draw(me, FORK_EVERY) == 0)
            forks(me);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    int functions = 0;
    flx_blob *report = NULL;

    if (argc < 6)
        return 2;
    calls_each = atoi(argv[2]) / THREADS;
    token = argv[3], child_config = argv[4], configs = argv + 5, config_count = argc - 5;
    flx_client *warm =
        host_open(child_config, NULL); /* the rate limiter learns from one answer how much the hub lets through */
    NEED(FLX_OK, flx_client_probe(warm, 10000, &report, NULL));
    flx_blob_free(report);
    flx_client_close(warm);
    calm = flx_cancel_new();
    backtrace((void *[1]){NULL}, 1); /* loads what it needs now */
    for (int i = 0; i < CANCELS; i++)
        cancels[i] = flx_cancel_new();
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 3000}, {0, 3000}}, NULL);
    for (uint64_t i = 0; i < THREADS; i++) {
        callers[i].random = (strtoull(argv[1], NULL, 10) + i + 1) * 0x9E3779B97F4A7C15;
        NEED(0, pthread_create(&threads[i], NULL, run, &callers[i]));
    }
    for (int i = 0; i < THREADS; i++)
        NEED(0, pthread_join(threads[i], NULL));
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    for (int kind = KIND_CANCEL; kind-- > 0;)
        for (int i = 0; i < ROOM; i++)
            discard(kind, pool[kind][i]);
    for (int i = 0; i < FUNCTIONS; i++)
        functions += called[i] > 0;
    printf(
        "{\"calls\":%ld,\"functions\":%d,\"of\":%d,\"views\":%ld,\"pages\":%ld,\"children\":%ld,\"refused\":%ld,\"hung\":%ld,\"failed\":%ld,\"internal\":%ld,"
        "\"set_on_error\":%ld,\"wrong_errors\":%ld,\"reentered\":%ld,\"fired\":%ld,\"drops\":%ld,\"first\":\"%s\",\"statuses\":{",
        made, functions, FUNCTIONS, views, pages, children, refused, hung, failed, internal, set_on_error, wrong_errors,
        reentered, fired, drops, first);
    for (int code = 0, some = 0; code < 700; code++)
        if (codes[code])
            printf("%s\"%s\":%ld", some++ ? "," : "", flx_status_name(-code), codes[code]);
    printf("}}\n");
    return 0;
}
