import CFlxChannel

/// Reads fields of a record into the C structs of the header. What is absent, null or of another type is absent there.
struct RecordReader {
    let arena: Arena

    func text(_ record: JSONValue, _ name: String) -> flx_text {
        record.member(name).map(text) ?? flx_text(p: nil, n: 0)
    }

    /// Text without escapes; numbers, true and false as the hub wrote them; others absent.
    func text(_ value: JSONValue) -> flx_text {
        switch value.kind {
        case .string:
            return value.withStringBytes { arena.text($0) } ?? flx_text(p: nil, n: 0)
        case .number, .bool:
            return Array(value.raw).withUnsafeBufferPointer { arena.text($0) }
        case .null, .array, .object:
            return flx_text(p: nil, n: 0)
        }
    }

    func decimal(_ record: JSONValue, _ name: String) -> flx_decimal {
        var result = flx_decimal()
        guard let value = record.member(name), let lexeme = value.numberText ?? value.string else { return result }
        result.text = text(value)
        if let decimal = Decimal.read(lexeme), let unscaled = decimal.unscaled {
            (result.unscaled, result.scale, result.fits) = (unscaled, decimal.scale, 1)
        }
        return result
    }

    /// The number of `name`, its bit set in `has` if it is there.
    func integer(_ record: JSONValue, _ name: String, _ has: inout UInt32, _ bit: UInt32) -> Int64 {
        guard let number = record.member(name)?.integer else { return 0 }
        has |= bit
        return number
    }

    func flag(_ record: JSONValue, _ name: String, _ has: inout UInt32, _ bit: UInt32) -> Int32 {
        guard let isSet = record.member(name)?.bool else { return 0 }
        has |= bit
        return isSet ? 1 : 0
    }

    func instant(_ record: JSONValue, _ name: String, _ has: inout UInt32, _ bit: UInt32) -> Int64 {
        guard let text = record.member(name)?.string, let instant = Instant(iso: text) else { return 0 }
        has |= bit
        return instant.ms
    }

    /// The objects of a list, each made by `make`.
    func list<Value: BitwiseCopyable>(
        _ record: JSONValue, _ name: String, _ make: (JSONValue) -> Value
    ) -> (UnsafePointer<UnsafePointer<Value>?>?, Int) {
        guard let list = record.member(name), list.kind == .array else { return (nil, 0) }
        var pointers: [UnsafePointer<Value>] = []
        for element in list.elements where element.kind == .object { pointers.append(arena.store(make(element))) }
        return (arena.store(pointers), pointers.count)
    }

    func size<Value>(_ type: Value.Type) -> UInt32 { UInt32(truncatingIfNeeded: MemoryLayout<Value>.size) }

    func isObject(_ value: JSONValue?) -> JSONValue? {
        guard let value, value.kind == .object else { return nil }
        return value
    }
}
