// Made from bindings/php/src/Backend/Backend.php by `make generate`: edit there, not here.

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_version, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_versionString, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_require, 0, 1, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, header, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_describe, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientOpen, 0, 1, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, config, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientProbe, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, waitMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientStats, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientHolders, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientLogs, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientSetToken, 0, 2, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, token, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientRelearn, 0, 2, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, facts, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_clientClose, 0, 1, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pullOpen, 0, 3, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, feed, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, spec, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_MASK_EX(arginfo_pullNext, 0, 2, MAY_BE_OBJECT | MAY_BE_LONG)
    ZEND_ARG_TYPE_INFO(0, pull, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, waitMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pullCommit, 0, 2, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, pull, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pullClose, 0, 1, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, pull, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_snapshotGet, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, query, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_cursorList, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_cursorSet, 0, 4, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, feed, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 1)
    ZEND_ARG_TYPE_INFO(0, cursor, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageCount, 0, 1, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageFeed, 0, 1, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageLeftOut, 0, 1, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageJson, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageReceipt, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageQuarantine, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_recordJson, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, index, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_recordGet, 0, 3, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, index, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageFacts, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_pageFree, 0, 1, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, page, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ack, 0, 3, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, receipt, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, answers, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ackResults, 0, 3, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, after, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, max, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_orderCheck, 0, 1, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, order, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_orderSubmit, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, order, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_orderStatus, 0, 3, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, number, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, waitMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_orderCancel, 0, 3, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, number, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, waitMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_flush, 0, 2, IS_ARRAY, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, budgetMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxResults, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, max, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxSettle, 0, 2, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, numbers, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxList, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, filter, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxRetry, 0, 2, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, numbers, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxDiscard, 0, 2, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, numbers, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxHistory, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, number, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_outboxPurge, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, filter, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_syncOpen, 0, 2, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, plan, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_syncNext, 0, 2, IS_ARRAY, 0)
    ZEND_ARG_TYPE_INFO(0, sync, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, waitMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_syncReply, 0, 3, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, sync, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, event, IS_LONG, 0)
    ZEND_ARG_TYPE_INFO(0, reply, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_syncClose, 0, 1, IS_VOID, 0)
    ZEND_ARG_TYPE_INFO(0, sync, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_call, 0, 4, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, operation, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, arguments, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, waitMs, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_preview, 0, 2, IS_STRING, 0)
    ZEND_ARG_TYPE_INFO(0, client, IS_OBJECT, 0)
    ZEND_ARG_TYPE_INFO(0, what, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_METHOD(Flxchannel_Native, version);
ZEND_METHOD(Flxchannel_Native, versionString);
ZEND_METHOD(Flxchannel_Native, require);
ZEND_METHOD(Flxchannel_Native, describe);
ZEND_METHOD(Flxchannel_Native, clientOpen);
ZEND_METHOD(Flxchannel_Native, clientProbe);
ZEND_METHOD(Flxchannel_Native, clientStats);
ZEND_METHOD(Flxchannel_Native, clientHolders);
ZEND_METHOD(Flxchannel_Native, clientLogs);
ZEND_METHOD(Flxchannel_Native, clientSetToken);
ZEND_METHOD(Flxchannel_Native, clientRelearn);
ZEND_METHOD(Flxchannel_Native, clientClose);
ZEND_METHOD(Flxchannel_Native, pullOpen);
ZEND_METHOD(Flxchannel_Native, pullNext);
ZEND_METHOD(Flxchannel_Native, pullCommit);
ZEND_METHOD(Flxchannel_Native, pullClose);
ZEND_METHOD(Flxchannel_Native, snapshotGet);
ZEND_METHOD(Flxchannel_Native, cursorList);
ZEND_METHOD(Flxchannel_Native, cursorSet);
ZEND_METHOD(Flxchannel_Native, pageCount);
ZEND_METHOD(Flxchannel_Native, pageFeed);
ZEND_METHOD(Flxchannel_Native, pageLeftOut);
ZEND_METHOD(Flxchannel_Native, pageJson);
ZEND_METHOD(Flxchannel_Native, pageReceipt);
ZEND_METHOD(Flxchannel_Native, pageQuarantine);
ZEND_METHOD(Flxchannel_Native, recordJson);
ZEND_METHOD(Flxchannel_Native, recordGet);
ZEND_METHOD(Flxchannel_Native, pageFacts);
ZEND_METHOD(Flxchannel_Native, pageFree);
ZEND_METHOD(Flxchannel_Native, ack);
ZEND_METHOD(Flxchannel_Native, ackResults);
ZEND_METHOD(Flxchannel_Native, orderCheck);
ZEND_METHOD(Flxchannel_Native, orderSubmit);
ZEND_METHOD(Flxchannel_Native, orderStatus);
ZEND_METHOD(Flxchannel_Native, orderCancel);
ZEND_METHOD(Flxchannel_Native, flush);
ZEND_METHOD(Flxchannel_Native, outboxResults);
ZEND_METHOD(Flxchannel_Native, outboxSettle);
ZEND_METHOD(Flxchannel_Native, outboxList);
ZEND_METHOD(Flxchannel_Native, outboxRetry);
ZEND_METHOD(Flxchannel_Native, outboxDiscard);
ZEND_METHOD(Flxchannel_Native, outboxHistory);
ZEND_METHOD(Flxchannel_Native, outboxPurge);
ZEND_METHOD(Flxchannel_Native, syncOpen);
ZEND_METHOD(Flxchannel_Native, syncNext);
ZEND_METHOD(Flxchannel_Native, syncReply);
ZEND_METHOD(Flxchannel_Native, syncClose);
ZEND_METHOD(Flxchannel_Native, call);
ZEND_METHOD(Flxchannel_Native, preview);

static const zend_function_entry native_methods[] = {
    ZEND_ME(Flxchannel_Native, version, arginfo_version, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, versionString, arginfo_versionString, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, require, arginfo_require, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, describe, arginfo_describe, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientOpen, arginfo_clientOpen, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientProbe, arginfo_clientProbe, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientStats, arginfo_clientStats, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientHolders, arginfo_clientHolders, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientLogs, arginfo_clientLogs, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientSetToken, arginfo_clientSetToken, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientRelearn, arginfo_clientRelearn, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, clientClose, arginfo_clientClose, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pullOpen, arginfo_pullOpen, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pullNext, arginfo_pullNext, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pullCommit, arginfo_pullCommit, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pullClose, arginfo_pullClose, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, snapshotGet, arginfo_snapshotGet, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, cursorList, arginfo_cursorList, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, cursorSet, arginfo_cursorSet, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageCount, arginfo_pageCount, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageFeed, arginfo_pageFeed, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageLeftOut, arginfo_pageLeftOut, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageJson, arginfo_pageJson, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageReceipt, arginfo_pageReceipt, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageQuarantine, arginfo_pageQuarantine, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, recordJson, arginfo_recordJson, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, recordGet, arginfo_recordGet, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageFacts, arginfo_pageFacts, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, pageFree, arginfo_pageFree, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, ack, arginfo_ack, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, ackResults, arginfo_ackResults, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, orderCheck, arginfo_orderCheck, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, orderSubmit, arginfo_orderSubmit, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, orderStatus, arginfo_orderStatus, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, orderCancel, arginfo_orderCancel, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, flush, arginfo_flush, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxResults, arginfo_outboxResults, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxSettle, arginfo_outboxSettle, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxList, arginfo_outboxList, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxRetry, arginfo_outboxRetry, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxDiscard, arginfo_outboxDiscard, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxHistory, arginfo_outboxHistory, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, outboxPurge, arginfo_outboxPurge, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, syncOpen, arginfo_syncOpen, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, syncNext, arginfo_syncNext, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, syncReply, arginfo_syncReply, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, syncClose, arginfo_syncClose, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, call, arginfo_call, ZEND_ACC_PUBLIC)
    ZEND_ME(Flxchannel_Native, preview, arginfo_preview, ZEND_ACC_PUBLIC)
    ZEND_FE_END
};

/* What a stack trace must not show. */
static void hide(HashTable *methods, const char *name, uint32_t argument);

static void hide_arguments(HashTable *methods)
{
    hide(methods, "clientopen", 0);
    hide(methods, "clientsettoken", 1);
    hide(methods, "ordercheck", 0);
    hide(methods, "ordersubmit", 1);
    hide(methods, "call", 2);
    hide(methods, "preview", 1);
}
