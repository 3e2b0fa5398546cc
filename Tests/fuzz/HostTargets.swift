/// What a host hands in: it may be anything, and the answer is an error or what was asked for.
enum HostTargets {
    private static let token = "fuzz-token-4f1c2a9e7d"

    /// The text of an error never holds the token, whatever else stands in the config.
    static let config: @Sendable ([UInt8]) -> Void = { bytes in
        let config = Config()
        var json = bytes
        do throws(ChannelError) {
            if let token = Array(token.utf8).withUnsafeBytes({ Secret($0) }) { config.set(token: token) }
            try config.set(json: &json)
            let (values, token, _) = config.snapshot()
            _ = try Settings(values, token: token)
        } catch {
            let texts = [error.message] + error.faults.flatMap { [$0.path, $0.message] }
            Fuzz.expect(!texts.contains { $0.contains(token) }, "the token is in the error")
            Fuzz.expect(!error.message.isEmpty, "an error without a message")
        }
    }

    /// An accepted order has a body that is JSON, and one canonical form; a refused one names what is wrong.
    static let order: @Sendable ([UInt8]) -> Void = { bytes in
        do throws(OrderDocument.Refusal) {
            let order = try OrderDocument.check(bytes, names: WireNames())
            Fuzz.expect((try? JSONDocument.parse(order.wire)) != nil, "the body is no JSON")
            guard let root = (try? JSONDocument.parse(bytes))?.root else { return Fuzz.expect(false, "accepted, and no JSON") }
            let again = try? OrderDocument.check(canonical(root), names: WireNames())
            Fuzz.expect(again?.canonical == order.canonical, "another spelling is another order")
            Fuzz.expect(!order.number.isEmpty, "an order without a number")
        } catch {
            if case .faults(let faults) = error { Fuzz.expect(!faults.isEmpty, "refused without a fault") }
        }
    }

    private static let receipts = Feed.all.filter { $0.isQueue }.map { feed in
        Receipt(
            feed: feed, fetchInstant: Instant(iso: "2026-01-31T12:00:00Z"),
            rows: ["1", "2"].map {
                Receipt.Row(
                    id: $0, isHeld: $0 == "2", pending: nil, contentAt: nil,
                    variants: [ListingRow.Variant(id: "7", pending: nil), ListingRow.Variant(id: "8", pending: "hidden")])
            })
    }

    /// Answers for known rows only; every row of the wire is JSON. A receipt that we did not write is none.
    static let answer: @Sendable ([UInt8]) -> Void = { bytes in
        for receipt in receipts {
            guard let rows = try? AnswerDocument.check(bytes, receipt: receipt) else { continue }
            for row in rows {
                Fuzz.expect(receipt.row(row.id) != nil, "an answer for a row of another page")
                Fuzz.expect((try? JSONDocument.parse(row.wire)) != nil, "an answer is no JSON")
            }
        }
        Fuzz.expect(Receipt.read(String(decoding: bytes, as: UTF8.self), key: Array(token.utf8)) == nil, "a forged receipt")
    }

    /// The first byte chooses the operation, the rest are its arguments.
    static let call: @Sendable ([UInt8]) -> Void = { bytes in
        let operations = OperationTable.all
        guard let first = bytes.first, !operations.isEmpty, let document = try? JSONDocument.parse(Array(bytes.dropFirst()))
        else { return }
        let operation = operations[Int(first) % operations.count]
        guard let arguments = try? CallArguments(operation, document.root) else { return }
        Fuzz.expect(arguments.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a byte that ends a target")
        if let body = arguments.body { Fuzz.expect((try? JSONDocument.parse(body)) != nil, "the body is no JSON") }
    }
}
