/* Pulls, cursors, pages, answers. */
#include "native.h"

METHOD(pullOpen)
{
    zend_object *client;
    zend_long feed;
    zend_string *spec;
    flx_pull *pull = NULL;
    flx_error *err = NULL;
    TAKE(3, HANDLE(client) NUMBER(feed) TEXT(spec));
    flxchannel_make_handle(return_value, KIND_PULL);
    int32_t status = flx_pull_open(flxchannel_name(client), (int32_t)feed, BYTES(spec), &pull, &err);
    flxchannel_give_handle(return_value, status, pull, err);
}

METHOD(pullNext)
{
    zend_object *pull;
    zend_long wait_ms;
    flx_page *page = NULL;
    flx_error *err = NULL;
    TAKE(2, HANDLE(pull) NUMBER(wait_ms));
    flxchannel_make_handle(return_value, KIND_PAGE);
    int32_t status = flx_pull_next(flxchannel_name(pull), (int32_t)wait_ms, &page, &err);
    flxchannel_give_handle(return_value, status, page, err);
}

METHOD(pullCommit)
{
    zend_object *pull, *page;
    flx_error *err = NULL;
    TAKE(2, HANDLE(pull) HANDLE(page));
    int32_t status = flx_pull_commit(flxchannel_name(pull), flxchannel_name(page), &err);
    flxchannel_give_nothing(status, err);
}

CLOSES(pullClose)
TEXT_GIVES_TEXT(snapshotGet, flx_snapshot_get)
GIVES_TEXT(cursorList, flx_cursor_list)

METHOD(cursorSet)
{
    zend_object *client;
    zend_long feed;
    zend_string *name, *cursor;
    flx_error *err = NULL;
    TAKE(4, HANDLE(client) NUMBER(feed) Z_PARAM_STR_OR_NULL(name) TEXT(cursor));
    const char *named = name == NULL ? NULL : ZSTR_VAL(name);
    size_t length = name == NULL ? 0 : ZSTR_LEN(name);
    int32_t status = flx_cursor_set(flxchannel_name(client), (int32_t)feed, named, length, BYTES(cursor), &err);
    flxchannel_give_nothing(status, err);
}

METHOD(pageCount)
{
    zend_object *page;
    TAKE(1, HANDLE(page));
    RETURN_LONG((zend_long)flx_page_count(flxchannel_name(page)));
}

METHOD(pageFeed)
{
    zend_object *page;
    TAKE(1, HANDLE(page));
    RETURN_LONG(flx_page_feed(flxchannel_name(page)));
}

METHOD(pageLeftOut)
{
    zend_object *page;
    TAKE(1, HANDLE(page));
    RETURN_LONG((zend_long)flx_page_left_out(flxchannel_name(page)));
}

METHOD(pageJson)
{
    zend_object *page;
    const char *p;
    size_t n;
    TAKE(1, HANDLE(page));
    int32_t status = flx_page_json(flxchannel_name(page), &p, &n);
    flxchannel_give_view(return_value, status, p, n);
}

METHOD(pageReceipt)
{
    zend_object *page;
    const char *p;
    size_t n;
    TAKE(1, HANDLE(page));
    int32_t status = flx_page_receipt(flxchannel_name(page), &p, &n);
    flxchannel_give_view(return_value, status, p, n);
}

GIVES_TEXT(pageQuarantine, flx_page_quarantine)
GIVES_TEXT(pageFacts, flx_page_facts)

METHOD(recordJson)
{
    zend_object *page;
    zend_long index;
    const char *p;
    size_t n;
    TAKE(2, HANDLE(page) NUMBER(index));
    int32_t status = flx_record_json(flxchannel_name(page), (size_t)index, &p, &n);
    flxchannel_give_view(return_value, status, p, n);
}

METHOD(recordGet)
{
    zend_object *page;
    zend_long index;
    zend_string *path;
    const char *p;
    size_t n;
    TAKE(3, HANDLE(page) NUMBER(index) TEXT(path));
    int32_t status = flx_record_get(flxchannel_name(page), (size_t)index, BYTES(path), &p, &n);
    flxchannel_give_view(return_value, status, p, n);
}

CLOSES(pageFree)

METHOD(ack)
{
    zend_object *client;
    zend_string *receipt, *answers;
    flx_error *err = NULL;
    TAKE(3, HANDLE(client) TEXT(receipt) TEXT(answers));
    int32_t status = flx_ack(flxchannel_name(client), BYTES(receipt), BYTES(answers), &err);
    flxchannel_give_nothing(status, err);
}

METHOD(ackResults)
{
    zend_object *client;
    zend_long after, most;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(3, HANDLE(client) NUMBER(after) NUMBER(most));
    int32_t status = flx_ack_results(flxchannel_name(client), after, (size_t)most, &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}
