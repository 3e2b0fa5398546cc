/* Orders and their outbox. */
#include "native.h"

METHOD(orderCheck)
{
    zend_string *order;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(1, TEXT(order));
    int32_t status = flx_order_check(BYTES(order), &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}

TEXT_GIVES_TEXT(orderSubmit, flx_order_submit)

METHOD(orderStatus)
{
    zend_object *client;
    zend_string *number;
    zend_long wait_ms;
    flx_page *page = NULL;
    flx_error *err = NULL;
    TAKE(3, HANDLE(client) TEXT(number) NUMBER(wait_ms));
    flxchannel_make_handle(return_value, KIND_PAGE);
    int32_t status = flx_order_status(flxchannel_name(client), BYTES(number), (int32_t)wait_ms, &page, &err);
    flxchannel_give_handle(return_value, status, page, err);
}

METHOD(orderCancel)
{
    zend_object *client;
    zend_string *number;
    zend_long wait_ms;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(3, HANDLE(client) TEXT(number) NUMBER(wait_ms));
    int32_t status = flx_order_cancel(flxchannel_name(client), BYTES(number), (int32_t)wait_ms, &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}

METHOD(flush)
{
    zend_object *client;
    zend_long budget_ms;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(2, HANDLE(client) NUMBER(budget_ms));
    int32_t status = flx_flush(flxchannel_name(client), (int32_t)budget_ms, &blob, &err);
    flxchannel_give_told(return_value, status, blob, err);
}

METHOD(outboxResults)
{
    zend_object *client;
    zend_long most;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(2, HANDLE(client) NUMBER(most));
    int32_t status = flx_outbox_results(flxchannel_name(client), (size_t)most, &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}

TEXT_GIVES_NOTHING(outboxSettle, flx_outbox_settle)
TEXT_GIVES_TEXT(outboxList, flx_outbox_list)
TEXT_GIVES_NOTHING(outboxRetry, flx_outbox_retry)
TEXT_GIVES_NOTHING(outboxDiscard, flx_outbox_discard)
TEXT_GIVES_TEXT(outboxHistory, flx_outbox_history)
TEXT_GIVES_TEXT(outboxPurge, flx_outbox_purge)
