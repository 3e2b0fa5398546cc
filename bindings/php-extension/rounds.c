/* Rounds of all the work of a channel. */
#include "native.h"

METHOD(syncOpen)
{
    zend_object *client;
    zend_string *plan;
    flx_sync *sync = NULL;
    flx_error *err = NULL;
    TAKE(2, HANDLE(client) TEXT(plan));
    flxchannel_make_handle(return_value, KIND_SYNC);
    int32_t status = flx_sync_open(flxchannel_name(client), BYTES(plan), &sync, &err);
    flxchannel_give_handle(return_value, status, sync, err);
}

METHOD(syncNext)
{
    zend_object *sync;
    zend_long wait_ms;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(2, HANDLE(sync) NUMBER(wait_ms));
    int32_t status = flx_sync_next(flxchannel_name(sync), (int32_t)wait_ms, &blob, &err);
    flxchannel_give_told(return_value, status, blob, err);
}

METHOD(syncReply)
{
    zend_object *sync;
    zend_long event;
    zend_string *reply;
    flx_error *err = NULL;
    TAKE(3, HANDLE(sync) NUMBER(event) TEXT(reply));
    int32_t status = flx_sync_reply(flxchannel_name(sync), event, BYTES(reply), &err);
    flxchannel_give_nothing(status, err);
}

CLOSES(syncClose)
