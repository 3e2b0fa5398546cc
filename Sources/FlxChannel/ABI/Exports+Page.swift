import CFlxChannel

// Pages and record views.

public typealias OutText = UnsafeMutablePointer<UnsafePointer<CChar>?>
public typealias OutCount = UnsafeMutablePointer<Int>

@_cdecl("flx_page_count") @implementation
public func flx_page_count(_ page: OpaquePointer?) -> Int { hostCall { Handles.pages.find(page)?.page.records.count ?? 0 } }

@_cdecl("flx_page_feed") @implementation
public func flx_page_feed(_ page: OpaquePointer?) -> Int32 {
    hostCall { Handles.pages.find(page)?.page.feed.rawValue ?? FLX_E_HANDLE }
}

@_cdecl("flx_page_left_out") @implementation
public func flx_page_left_out(_ page: OpaquePointer?) -> Int { hostCall { Handles.pages.find(page)?.page.leftOut ?? 0 } }

@_cdecl("flx_page_json") @implementation
public func flx_page_json(_ page: OpaquePointer?, _ p: OutText?, _ n: OutCount?) -> Int32 {
    view(p, n) { () throws(ChannelError) in try Handles.pages.object(page).json() }
}

@_cdecl("flx_page_receipt") @implementation
public func flx_page_receipt(_ page: OpaquePointer?, _ p: OutText?, _ n: OutCount?) -> Int32 {
    view(p, n) { () throws(ChannelError) in try Handles.pages.object(page).receiptText() }
}

@_cdecl("flx_page_quarantine") @implementation
public func flx_page_quarantine(_ page: OpaquePointer?, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.pages.object(page).page.quarantineJSON(), out)
        return FLX_OK
    }
}

@_cdecl("flx_page_facts") @implementation
public func flx_page_facts(_ page: OpaquePointer?, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.pages.object(page).page.factsJSON(), out)
        return FLX_OK
    }
}

@_cdecl("flx_record_json") @implementation
public func flx_record_json(_ page: OpaquePointer?, _ i: Int, _ p: OutText?, _ n: OutCount?) -> Int32 {
    view(p, n) { () throws(ChannelError) in
        guard let bytes = try Handles.pages.object(page).record(i) else { throw noRecord(i) }
        return bytes
    }
}

@_cdecl("flx_record_get") @implementation
public func flx_record_get(
    _ page: OpaquePointer?, _ i: Int, _ path: UnsafePointer<CChar>?, _ pn: Int, _ p: OutText?, _ n: OutCount?
) -> Int32 {
    view(p, n) { () throws(ChannelError) in
        let page = try Handles.pages.object(page)
        guard page.page.records.indices.contains(i) else { throw noRecord(i) }
        let path = try Given.text(path, pn, "path")
        guard case .some = JSONPointer.steps(path) else {
            throw ChannelError(FLX_E_ARGUMENT, "the path is not a JSON pointer", path: "path")
        }
        guard let value = page.page.records[i].at(pointer: path), !value.isNull else {
            throw ChannelError(FLX_E_NOT_FOUND, "the record has nothing there", path: path)
        }
        return try page.value(value, of: i)
    }
}

private func noRecord(_ i: Int) -> ChannelError {
    ChannelError(FLX_E_ARGUMENT, "the page has no record \(i)", path: "i")
}

@_cdecl("flx_page_listing_variant") @implementation
public func flx_page_listing_variant(_ page: OpaquePointer?, _ i: Int) -> UnsafePointer<flx_listing_variant>? {
    hostCall { Handles.pages.find(page)?.views.variant(i) }
}

@_cdecl("flx_page_listing_parent") @implementation
public func flx_page_listing_parent(_ page: OpaquePointer?, _ i: Int) -> UnsafePointer<flx_listing_parent>? {
    hostCall { Handles.pages.find(page)?.views.parent(i) }
}

@_cdecl("flx_page_order") @implementation
public func flx_page_order(_ page: OpaquePointer?, _ i: Int) -> UnsafePointer<flx_order>? {
    hostCall { Handles.pages.find(page)?.views.order(i) }
}

@_cdecl("flx_page_shipment") @implementation
public func flx_page_shipment(_ page: OpaquePointer?, _ i: Int) -> UnsafePointer<flx_shipment>? {
    hostCall { Handles.pages.find(page)?.views.shipment(i) }
}

@_cdecl("flx_page_return") @implementation
public func flx_page_return(_ page: OpaquePointer?, _ i: Int) -> UnsafePointer<flx_return>? {
    hostCall { Handles.pages.find(page)?.views.goodsReturn(i) }
}

@_cdecl("flx_page_free") @implementation
public func flx_page_free(_ page: OpaquePointer?) { hostCall { _ = Handles.pages.remove(page) } }
