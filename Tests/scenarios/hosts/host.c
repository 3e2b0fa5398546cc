/*
 * Plays steps with the C API: a step a line on standard input, what came of it a line on standard output.
 *
 * What a binding does around the library is done here in so many words: a flush in one call, a walk to its end, a round by
 * flx_sync_run().
 */
#include <flxchannel.h>
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static flx_client *client;
static flx_pull *pull;
static flx_page *page;

/* ---- What the library gives, as JSON ---- */

static json_t *taken(flx_blob *blob)
{
    const void *p = NULL;
    size_t n = 0;
    json_t *value;

    flx_blob_view(blob, &p, &n);
    value = json_loadb(p ? p : "null", p ? n : 4, JSON_DECODE_ANY, NULL);
    flx_blob_free(blob);
    return value ? value : json_null();
}

static json_t *viewed(const char *p, size_t n)
{
    json_t *value = json_loadb(p, n, JSON_DECODE_ANY, NULL);
    return value ? value : json_null();
}

static const char *part(const flx_error *error, int32_t which)
{
    const char *p = "";
    size_t n = 0;

    flx_error_view(error, which, &p, &n);
    return p ? p : "";
}

static json_t *gave(json_t *value)
{
    return json_pack("{s:o}", "gave", value);
}

/* What came of a call: `value` if it went well, else the error. Takes both. */
static json_t *outcome(int32_t status, json_t *value, flx_error *error)
{
    json_t *said;

    if (status >= 0)
        return gave(value ? value : json_null());
    said = json_pack("{s:s, s:s, s:s}", "error", flx_status_name(status), "path", part(error, FLX_ERROR_PATH),
                     "message", part(error, FLX_ERROR_MESSAGE));
    flx_error_free(error);
    json_decref(value);
    return said;
}

/* ---- What a step gives ---- */

static json_t *given(const json_t *with, const char *name)
{
    return json_object_get(with, name);
}

static const char *text(const json_t *with, const char *name)
{
    return json_string_value(given(with, name));
}

static int32_t number(const json_t *with, const char *name)
{
    return (int32_t)json_integer_value(given(with, name));
}

/* JSON for the library; lives until the next call. */
static const char *json(const json_t *value)
{
    static char *last;

    free(last);
    last = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    return last ? last : "";
}

static int32_t feed(const json_t *with)
{
    static const struct {
        const char *name;
        int32_t number;
    } feeds[] = {
        {"listings_to_publish", FLX_FEED_LISTINGS_TO_PUBLISH},
        {"listings_to_sync", FLX_FEED_LISTINGS_TO_SYNC},
        {"listings", FLX_FEED_LISTINGS},
        {"orders", FLX_FEED_ORDERS},
        {"shipments", FLX_FEED_SHIPMENTS},
        {"returns", FLX_FEED_RETURNS},
    };

    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++)
        if (strcmp(feeds[i].name, text(with, "feed")) == 0)
            return feeds[i].number;
    return 0;
}

static const char *feed_name(int32_t number_)
{
    static const char *const names[] = {"",       "listings_to_publish", "listings_to_sync", "listings",
                                        "orders", "shipments",           "returns"};
    return number_ > 0 && number_ <= 6 ? names[number_] : "";
}

/* The members of an object that are asked for. */
static json_t *members(json_t *all, const json_t *names)
{
    json_t *some = json_object(), *name;
    size_t i;

    json_array_foreach(names, i, name)
        json_object_set(some, json_string_value(name), json_object_get(all, json_string_value(name)));
    json_decref(all);
    return some;
}

static json_t *told(const flx_page *one)
{
    const char *p = "", *receipt = "";
    size_t n = 0, m = 0;
    flx_blob *facts = NULL, *quarantine = NULL;

    flx_page_json(one, &p, &n);
    flx_page_receipt(one, &receipt, &m);
    flx_page_facts(one, &facts, NULL);
    flx_page_quarantine(one, &quarantine, NULL);
    return json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:s%}", "feed", feed_name(flx_page_feed(one)), "count",
                     (json_int_t)flx_page_count(one), "left_out", (json_int_t)flx_page_left_out(one), "records",
                     viewed(p, n), "facts", taken(facts), "quarantine", taken(quarantine), "receipt", receipt, m);
}

/* ---- Steps ---- */

static json_t *do_open(const json_t *with)
{
    flx_config *config = NULL;
    flx_error *error = NULL;
    int32_t status = flx_config_new(&config, &error);

    if (status == FLX_OK)
        status = flx_config_set_json(config, json(given(with, "config")), FLX_NUL, &error);
    if (status == FLX_OK)
        status = flx_client_open(config, &client, &error);
    flx_config_free(config);
    return outcome(status, NULL, error);
}

static json_t *do_close(const json_t *with)
{
    flx_client_close(client);
    return gave(json_null());
}

static json_t *do_flush(const json_t *with)
{
    static const char *const names[] = {"sent", "applied", "refused", "possibly_applied", "given_up", "answers_sent"};
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    int32_t status = flx_flush(client, number(with, "budget_ms"), &blob, &error);
    json_t *report, *shown;
    const char *waits_for, *outcome_word = status == FLX_OK ? "done" : status == FLX_BUSY ? "busy" : "again";

    if (status < 0)
        return outcome(status, NULL, error);
    report = taken(blob);
    shown = json_pack("{s:s}", "outcome", outcome_word);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_object_set(shown, names[i], json_object_get(report, names[i]));
    waits_for = text(report, "waits_for");
    json_object_set_new(shown, "waits_for", waits_for && *waits_for ? json_string(waits_for) : json_null());
    json_decref(report);
    return gave(shown);
}

static json_t *do_pull(const json_t *with)
{
    flx_error *error = NULL;
    int32_t status = flx_pull_open(client, feed(with), json(given(with, "spec")), FLX_NUL, &pull, &error);
    return outcome(status, NULL, error);
}

static json_t *do_next(const json_t *with)
{
    flx_error *error = NULL;
    int32_t status = flx_pull_next(pull, number(with, "wait_ms"), &page, &error);

    if (status == FLX_OK)
        return gave(told(page));
    return outcome(status, json_pack("{s:b}", "done", status == FLX_DONE), error);
}

static json_t *do_walk(const json_t *with)
{
    json_t *pages = json_array();
    flx_pull *walked = NULL;
    flx_error *error = NULL;
    int32_t status = flx_pull_open(client, feed(with), json(given(with, "spec")), FLX_NUL, &walked, &error);

    while (status >= 0 && status != FLX_DONE) {
        flx_page *one = NULL;
        json_t *ids = json_array(), *records, *record;
        const char *p = "";
        size_t n = 0, i;

        status = flx_pull_next(walked, -1, &one, &error);
        if (status == FLX_OK) {
            flx_page_json(one, &p, &n);
            records = viewed(p, n);
            json_array_foreach(records, i, record)
                json_array_append(ids, json_object_get(record, "id"));
            json_array_append(pages, ids);
            json_decref(records);
            if (json_is_true(given(with, "commit")))
                status = flx_pull_commit(walked, one, &error);
        }
        json_decref(ids);
        flx_page_free(one);
    }
    flx_pull_close(walked);
    return outcome(status, pages, error);
}

/* C has no exceptions and forgets nothing: a walk that is left is closed by hand. */
static json_t *do_drop(const json_t *with)
{
    const char *how = text(with, "how");
    flx_pull *walked = NULL;
    flx_page *one = NULL;
    flx_error *error = NULL;
    int32_t status = flx_pull_open(client, feed(with), NULL, 0, &walked, &error);

    if (status == FLX_OK)
        status = flx_pull_next(walked, -1, &one, &error);
    flx_page_free(one);
    flx_pull_close(walked);
    return outcome(status,
                   json_string(strcmp(how, "throw") == 0    ? "thrown"
                               : strcmp(how, "forget") == 0 ? "forgotten"
                                                            : "left"),
                   error);
}

struct round {
    json_t *events;
    const json_t *replies;
};

/* Notes an event and replies as the story says. A host that fails has said nothing. */
static int32_t handle(void *user, flx_sync *sync, int64_t event, const char *told_json, size_t n)
{
    static const char *const names[] = {"type", "id", "sku", "to", "of", "kind", "order_number"};
    static const char failed[] = "{\"later\":\"the handler failed with Dropped\"}";
    struct round *round = user;
    json_t *all = viewed(told_json, n), *shown = json_object(), *said = given(round->replies, text(all, "type"));

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_object_get(all, names[i]))
            json_object_set(shown, names[i], json_object_get(all, names[i]));
    json_array_append_new(round->events, shown);
    json_decref(all);
    if (!event)
        return FLX_SYNC_YES;
    flx_sync_reply(sync, event, json_is_string(said) ? failed : json(said), FLX_NUL, NULL);
    return FLX_SYNC_REPLIED;
}

static flx_sync_fn handler(const json_t *replies, const char *type)
{
    return json_object_get(replies, type) ? handle : NULL;
}

static json_t *do_sync(const json_t *with)
{
    const json_t *replies = given(with, "replies");
    struct round round = {json_array(), replies};
    flx_sync_handlers handlers = {
        .size = sizeof handlers,
        .user = &round,
        .result = handler(replies, "result"),
        .publish = handler(replies, "publish"),
        .sync = handler(replies, "sync"),
        .change = handler(replies, "change"),
        .order = handler(replies, "order"),
        .shipment = handler(replies, "shipment"),
        .other_parcel = handler(replies, "other_parcel"),
        .goods_return = handler(replies, "return"),
        .gone = handler(replies, "gone"),
    };
    flx_blob *summary = NULL;
    flx_error *error = NULL;
    int32_t status = flx_sync_run(client, json(given(with, "plan")), FLX_NUL, &handlers, &summary, &error);
    return outcome(status, json_pack("{s:o, s:o}", "events", round.events, "summary", taken(summary)), error);
}

/* A call that gives JSON, and one that gives nothing. */
#define GIVES(name, call)                                                                                              \
    static json_t *do_##name(const json_t *with)                                                                       \
    {                                                                                                                  \
        flx_blob *blob = NULL;                                                                                         \
        flx_error *error = NULL;                                                                                       \
        int32_t status = call;                                                                                         \
        return outcome(status, status < 0 ? NULL : taken(blob), error);                                                \
    }
#define TELLS(name, call)                                                                                              \
    static json_t *do_##name(const json_t *with)                                                                       \
    {                                                                                                                  \
        flx_error *error = NULL;                                                                                       \
        int32_t status = call;                                                                                         \
        return outcome(status, NULL, error);                                                                           \
    }

GIVES(check, flx_order_check(json(given(with, "order")), FLX_NUL, &blob, &error))
GIVES(describe, flx_describe(text(with, "topic"), FLX_NUL, &blob, &error))
GIVES(submit, flx_order_submit(client, json(given(with, "order")), FLX_NUL, &blob, &error))
GIVES(results, flx_outbox_results(client, (size_t)number(with, "max"), &blob, &error))
TELLS(settle, flx_outbox_settle(client, json(given(with, "numbers")), FLX_NUL, &error))
GIVES(outbox, flx_outbox_list(client, json(given(with, "filter")), FLX_NUL, &blob, &error))
TELLS(retry, flx_outbox_retry(client, json(given(with, "numbers")), FLX_NUL, &error))
TELLS(discard, flx_outbox_discard(client, json(given(with, "numbers")), FLX_NUL, &error))
GIVES(history, flx_outbox_history(client, text(with, "number"), FLX_NUL, &blob, &error))
GIVES(purge, flx_outbox_purge(client, json(given(with, "filter")), FLX_NUL, &blob, &error))
GIVES(cancel_order, flx_order_cancel(client, text(with, "number"), FLX_NUL, -1, &blob, &error))
TELLS(commit, flx_pull_commit(pull, page, &error))
TELLS(ack, flx_ack(client, text(with, "receipt"), FLX_NUL, json(given(with, "answers")), FLX_NUL, &error))
GIVES(ack_results, flx_ack_results(client, number(with, "after"), (size_t)number(with, "max"), &blob, &error))
GIVES(snapshot, flx_snapshot_get(client, json(given(with, "query")), FLX_NUL, &blob, &error))
GIVES(cursors, flx_cursor_list(client, &blob, &error))
TELLS(relearn, flx_client_relearn(client, json(given(with, "facts")), FLX_NUL, &error))
TELLS(set_token, flx_client_set_token(client, text(with, "token"), FLX_NUL, &error))
GIVES(preview, flx_preview(client, text(with, "operation") ? json(with) : NULL, text(with, "operation") ? FLX_NUL : 0,
                           &blob, &error))
GIVES(call,
      flx_call(client, text(with, "operation"), FLX_NUL, json(given(with, "arguments")), FLX_NUL, -1, &blob, &error))

static json_t *do_order_status(const json_t *with)
{
    flx_page *one = NULL;
    flx_error *error = NULL;
    int32_t status = flx_order_status(client, text(with, "number"), FLX_NUL, -1, &one, &error);
    json_t *shown = status == FLX_OK ? told(one) : NULL;

    flx_page_free(one);
    return outcome(status, shown, error);
}

static json_t *do_get(const json_t *with)
{
    const char *p = "";
    size_t n = 0;
    int32_t status = flx_record_get(page, (size_t)number(with, "index"), text(with, "path"), FLX_NUL, &p, &n);
    return outcome(status, status < 0 ? NULL : json_stringn(p, n), NULL);
}

static json_t *do_end(const json_t *with)
{
    flx_page_free(page);
    flx_pull_close(pull);
    return gave(json_null());
}

static json_t *do_set_cursor(const json_t *with)
{
    flx_error *error = NULL;
    const char *name = text(with, "name");
    int32_t status =
        flx_cursor_set(client, feed(with), name, name ? FLX_NUL : 0, text(with, "cursor"), FLX_NUL, &error);
    return outcome(status, NULL, error);
}

static json_t *do_stats(const json_t *with)
{
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    int32_t status = flx_client_stats(client, &blob, &error);
    return outcome(status, status < 0 ? NULL : members(taken(blob), given(with, "members")), error);
}

static json_t *do_probe(const json_t *with)
{
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    int32_t status = flx_client_probe(client, -1, &blob, &error);
    return outcome(status, status < 0 ? NULL : members(taken(blob), given(with, "members")), error);
}

static json_t *do_holders(const json_t *with)
{
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    int32_t status = flx_client_holders(client, &blob, &error);
    json_t *all = taken(blob), *shown = json_array(), *names = json_pack("[s, s]", "feed", "cursor"), *one;
    size_t i;

    json_array_foreach(all, i, one)
        json_array_append_new(shown, members(json_incref(one), names));
    json_decref(names);
    json_decref(all);
    return outcome(status, shown, error);
}

static json_t *do_logs(const json_t *with)
{
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    const void *p = NULL;
    size_t n = 0;
    int32_t status = flx_client_logs(client, &blob, &error);

    flx_blob_view(blob, &p, &n);
    flx_blob_free(blob);
    return outcome(status, json_boolean(n > 0), error);
}

static const struct {
    const char *name;
    json_t *(*step)(const json_t *with);
} steps[] = {
#define STEP(name) {#name, do_##name}
    STEP(open),         STEP(close),        STEP(flush),   STEP(pull),       STEP(next),    STEP(walk),
    STEP(drop),         STEP(sync),         STEP(check),   STEP(describe),   STEP(submit),  STEP(results),
    STEP(settle),       STEP(outbox),       STEP(retry),   STEP(discard),    STEP(history), STEP(purge),
    STEP(order_status), STEP(cancel_order), STEP(get),     STEP(commit),     STEP(end),     STEP(ack),
    STEP(ack_results),  STEP(snapshot),     STEP(cursors), STEP(set_cursor), STEP(stats),   STEP(holders),
    STEP(logs),         STEP(set_token),    STEP(relearn), STEP(probe),      STEP(call),    STEP(preview),
};

static json_t *done(const json_t *asked)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].name, text(asked, "do")) == 0)
            return steps[i].step(given(asked, "with"));
    return json_pack("{s:s}", "unknown", text(asked, "do"));
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        json_t *asked = json_loads(line, 0, NULL), *said = done(asked);
        char *shown = json_dumps(said, JSON_COMPACT | JSON_REAL_PRECISION(15));

        if (!shown) {
            fprintf(stderr, "no JSON came of %s", line);
            return 1;
        }
        puts(shown);
        fflush(stdout);
        free(shown);
        json_decref(said);
        json_decref(asked);
    }
    free(line);
    return 0;
}
