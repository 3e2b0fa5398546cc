import CFlxChannel

/// A small JSON object by which a host narrows a list: every member is known and of its type.
struct Filter {
    private let root: JSONValue?

    init(_ bytes: [UInt8]?, known: [String]) throws(ChannelError) {
        guard let bytes, !bytes.isEmpty else {
            root = nil
            return
        }
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "the filter") }
        guard document.root.isObject else { throw ChannelError(FLX_E_JSON, "the filter is not a JSON object") }
        var faults: [Fault] = []
        for (key, _) in document.root.members where !known.contains(key) {
            let near = Text.suggestion(for: key, in: known)
            faults.append(Fault(path: "/" + Fault.pointerToken(key), message: "is not a filter here\(near)"))
        }
        guard faults.isEmpty else { throw ChannelError(FLX_E_OPERATION, faults: faults) }
        root = document.root
    }

    func text(_ name: String) throws(ChannelError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw wrong(name, "is not text") }
        return text
    }

    /// A hub id, as text or a number.
    func id(_ name: String) throws(ChannelError) -> String? {
        guard let value = value(name) else { return nil }
        guard let id = OrderField.givenId(value) else { throw wrong(name, "is no hub id") }
        return id
    }

    func texts(_ name: String) throws(ChannelError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard value.kind == .array else { throw wrong(name, "is not a list") }
        var texts: [String] = []
        for element in value.elements {
            guard let text = element.string else { throw wrong(name, "holds something that is not text") }
            texts.append(text)
        }
        return texts
    }

    func number(_ name: String, _ range: ClosedRange<Int64>, standard: Int64) throws(ChannelError) -> Int64 {
        guard let value = value(name) else { return standard }
        guard let number = value.whole, range.contains(number) else {
            throw wrong(name, "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func instant(_ name: String) throws(ChannelError) -> Instant? {
        guard let text = try text(name) else { return nil }
        guard let instant = Instant(iso: text) else {
            throw wrong(name, "is not an instant with a zone; write it like 2026-01-31T12:00:00Z")
        }
        return instant
    }

    func word<Word>(_ name: String, _ read: (String) -> Word?) throws(ChannelError) -> Word? {
        guard let text = try text(name) else { return nil }
        guard let word = read(text) else { throw wrong(name, "is none of the words allowed here") }
        return word
    }

    private func value(_ name: String) -> JSONValue? {
        guard let value = root?.member(name), !value.isNull else { return nil }
        return value
    }

    private func wrong(_ name: String, _ what: String) -> ChannelError {
        ChannelError(FLX_E_OPERATION, faults: [Fault(path: "/" + name, message: what)])
    }
}
