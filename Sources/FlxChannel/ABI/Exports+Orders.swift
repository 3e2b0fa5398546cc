import CFlxChannel

// Orders and the outbox.

public typealias InText = UnsafePointer<CChar>

@_cdecl("flx_order_check") @implementation
public func flx_order_check(_ json: InText?, _ n: Int, _ report: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(report, "report")
        try Blob.give(try Client.orderReport(try Given.json(json, n, "json"), now: Clock.wallMs()), out)
        return FLX_OK
    }
}

@_cdecl("flx_order_submit") @implementation
public func flx_order_submit(
    _ cl: OpaquePointer?, _ json: InText?, _ n: Int, _ receipt: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        receipt?.pointee = nil  // Safe: NULL or writable by the header.
        let client = try Handles.client(cl)
        return try submit(client, try Given.json(json, n, "json"), receipt)
    }
}

/// The order is accepted once this is past its first line, so that nothing behind it may fail.
private func submit(_ client: Client, _ json: [UInt8], _ receipt: OutHandle?) throws(ChannelError) -> Int32 {
    let text = try client.submit(json)
    if let receipt { try Blob.give(text, receipt) }
    return FLX_OK
}

@_cdecl("flx_order_builder_new") @implementation
public func flx_order_builder_new(_ number: InText?, _ n: Int, _ out: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        let number = try Given.text(number, n, "number")
        out.pointee = try Handles.builders.insert(try OrderBuilder(number: number))  // Safe: `need` checked it.
        return FLX_OK
    }
}

@_cdecl("flx_order_builder_set") @implementation
public func flx_order_builder_set(
    _ b: OpaquePointer?, _ path: InText?, _ pn: Int, _ val: InText?, _ vn: Int, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let builder = try Handles.builders.object(b)
        let path = try Given.text(path, pn, "path")
        let value = try OrderBuilder.at(path) { () throws(ChannelError) in try Given.text(val, vn, "val") }
        try builder.set(path, value)
        return FLX_OK
    }
}

@_cdecl("flx_order_builder_add_item") @implementation
public func flx_order_builder_add_item(
    _ b: OpaquePointer?, _ sku: InText?, _ sn: Int, _ quantity: Int64, _ price: InText?, _ pn: Int, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let builder = try Handles.builders.object(b)
        let item = builder.nextItem
        let given = try OrderBuilder.at("\(item)/price") { () throws(ChannelError) in
            price == nil ? nil : try Given.text(price, pn, "price")
        }
        let sku = try OrderBuilder.at("\(item)/sku") { () throws(ChannelError) in try Given.text(sku, sn, "sku") }
        try builder.addItem(sku: sku, quantity: quantity, price: given)
        return FLX_OK
    }
}

@_cdecl("flx_order_builder_submit") @implementation
public func flx_order_builder_submit(
    _ cl: OpaquePointer?, _ b: OpaquePointer?, _ receipt: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        receipt?.pointee = nil  // Safe: NULL or writable by the header.
        let client = try Handles.client(cl)
        return try submit(client, try Handles.builders.object(b).json(), receipt)
    }
}

@_cdecl("flx_order_builder_free") @implementation
public func flx_order_builder_free(_ b: OpaquePointer?) { hostCall { _ = Handles.builders.remove(b) } }

@_cdecl("flx_order_status") @implementation
public func flx_order_status(
    _ cl: OpaquePointer?, _ number: InText?, _ n: Int, _ waitMs: Int32, _ out: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        let client = try Handles.client(cl)
        let page = try client.orderStatus(try Given.text(number, n, "number"), by: try client.deadline(waitMs))
        // Safe: `need` checked it.
        out.pointee = try Handles.pages.insert(PageObject(page, mostViewBytes: client.settings.viewBytes))
        return FLX_OK
    }
}

@_cdecl("flx_order_cancel") @implementation
public func flx_order_cancel(
    _ cl: OpaquePointer?, _ number: InText?, _ n: Int, _ waitMs: Int32, _ json: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        let client = try Handles.client(cl)
        let number = try Given.text(number, n, "number")
        try Blob.give(try client.cancelOrder(number, by: try client.deadline(waitMs)), out)
        return FLX_OK
    }
}

@_cdecl("flx_flush") @implementation
public func flx_flush(_ cl: OpaquePointer?, _ budgetMs: Int32, _ report: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        report?.pointee = nil  // Safe: NULL or writable by the header.
        let client = try Handles.client(cl)
        let result = try client.flush(by: try client.deadline(budgetMs))
        if let paused = result.paused {
            if paused.retryAfterMs < 0 { paused.retryAfterMs = result.nextInMs }
            throw paused
        }
        if let report { try Blob.give(result.json(), report) }
        return result.status
    }
}

@_cdecl("flx_outbox_results") @implementation
public func flx_outbox_results(_ cl: OpaquePointer?, _ most: Int, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    give(cl, json, err) { client throws(ChannelError) in try client.outboxResults(most: try Given.count(most)) }
}

@_cdecl("flx_outbox_settle") @implementation
public func flx_outbox_settle(_ cl: OpaquePointer?, _ numbers: InText?, _ n: Int, _ err: OutHandle?) -> Int32 {
    change(cl, numbers, n, err) { client, numbers throws(ChannelError) in try client.outboxSettle(numbers) }
}

@_cdecl("flx_outbox_list") @implementation
public func flx_outbox_list(
    _ cl: OpaquePointer?, _ filter: InText?, _ n: Int, _ json: OutHandle?, _ err: OutHandle?
) -> Int32 {
    give(cl, json, err) { client throws(ChannelError) in
        try client.outboxList(try Given.optionalJSON(filter, n, "filter"))
    }
}

@_cdecl("flx_outbox_retry") @implementation
public func flx_outbox_retry(_ cl: OpaquePointer?, _ numbers: InText?, _ n: Int, _ err: OutHandle?) -> Int32 {
    change(cl, numbers, n, err) { client, numbers throws(ChannelError) in try client.outboxRetry(numbers) }
}

@_cdecl("flx_outbox_discard") @implementation
public func flx_outbox_discard(_ cl: OpaquePointer?, _ numbers: InText?, _ n: Int, _ err: OutHandle?) -> Int32 {
    change(cl, numbers, n, err) { client, numbers throws(ChannelError) in try client.outboxDiscard(numbers) }
}

@_cdecl("flx_outbox_history") @implementation
public func flx_outbox_history(
    _ cl: OpaquePointer?, _ number: InText?, _ n: Int, _ json: OutHandle?, _ err: OutHandle?
) -> Int32 {
    give(cl, json, err) { client throws(ChannelError) in
        try client.outboxHistory(try Given.text(number, n, "number"))
    }
}

@_cdecl("flx_outbox_purge") @implementation
public func flx_outbox_purge(
    _ cl: OpaquePointer?, _ filter: InText?, _ n: Int, _ report: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        report?.pointee = nil  // Safe: NULL or writable by the header.
        let client = try Handles.client(cl)
        let text = try client.outboxPurge(try Given.json(filter, n, "filter"))
        if let report { try Blob.give(text, report) }
        return FLX_OK
    }
}

/// A call that gives JSON about a client's outbox.
private func give(
    _ cl: OpaquePointer?, _ json: OutHandle?, _ err: OutHandle?, _ body: (Client) throws(ChannelError) -> [UInt8]
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try body(try Handles.client(cl)), out)
        return FLX_OK
    }
}

/// A call that changes orders named in a JSON array.
private func change(
    _ cl: OpaquePointer?, _ numbers: InText?, _ n: Int, _ err: OutHandle?,
    _ body: (Client, [UInt8]) throws(ChannelError) -> Void
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let client = try Handles.client(cl)
        try body(client, try Given.json(numbers, n, "numbers"))
        return FLX_OK
    }
}
