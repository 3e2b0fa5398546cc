extension Switch {
    static let ackStatus = Switch("7", "ack.status", .words(["200", "201", "202", "204"]), "200", "answer of an acknowledgement")
    static let ackBody = Switch(
        "7", "ack.body", .words(["array", "empty", "rows", "object", "html"]), "array",
        "[] , nothing, a result per row, {\"success\":true}, or a page of HTML")
    static let ackSuccess = Switch(
        "7", "ack.success", .words(["true", "false_object"]), "true",
        "false_object = the body is {\"success\":true}, or {\"success\":false,\"error\":...} with nothing applied where a row is one of ack.poison"
    )
    static let ackBatch = Switch("8", "ack.batch", .number(0...100_000), "50", "most rows of an acknowledgement, then 400; 0 = any")
    static let ackPartial = Switch(
        "8", "ack.partial", .words(["refuse_all", "rows", "some_applied", "silent"]), "refuse_all",
        "one bad row: nothing applied, 200 with a result per row, the others applied and 400, or overlooked")
    static let ackPoison = Switch(
        "8", "ack.poison", .list("listing id or sku"), "", "rows whose acknowledgement the hub finds bad")
    static let ackErrored = Switch(
        "9", "ack.errored", .words(["stays", "leaves"]), "stays", "a row answered with an error in its queue")
    static let queueRead = Switch(
        "10", "queue.read", .words(["repeatable", "once"]), "repeatable", "once = a read takes rows out until they change")
    static let statusOn = Switch(
        "23", "status_change.on", .words(["both", "variant", "parent"]), "both", "where changeToListingStatus appears")
    static let statusConfirm = Switch(
        "23", "status_change.confirm", .words(["any", "seen"]), "any",
        "which queued change an acknowledgement confirms: any, or one queued no later than its syncedAt")
    static let statusFlow = Switch(
        "23", "status_change.flow", .words(["split", "both"]), "split",
        "hide, unhide and delist come by sync, publish and overwrite by publish; or each by both")
    static let futureSynced = Switch(
        "29", "synced_at.future", .words(["clamp", "accept", "refuse"]), "clamp", "a syncedAt ahead of the hub's clock")
    static let publishUnique = Switch(
        "-", "publish.unique", .words(["refuse", "accept"]), "refuse", "an external id used twice in a channel")
    static let priceProtection = Switch(
        "-", "price.protection", .words(["flag", "rule", "off"]), "flag",
        "rows kept from the queues: those marked, or every one priced at or below cost, or none")
    static let variantLimit = Switch(
        "-", "parents.variant_limit", .number(0...1_000_000), "4000",
        "variants in one answer of parents; the rest is cut in silence")
    static let falseFlags = Switch(
        "33", "count.false_flags", .words(["ignored", "without"]), "ignored",
        "sync=false and publish=false on a count: as if absent, or only rows that do not wait")

    static let queueSwitches = [
        ackStatus, ackBody, ackSuccess, ackBatch, ackPartial, ackPoison, ackErrored, queueRead, statusOn, statusConfirm,
        statusFlow, futureSynced, publishUnique, priceProtection, variantLimit, falseFlags,
    ]
}
