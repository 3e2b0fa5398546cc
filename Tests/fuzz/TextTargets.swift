import CLibc

/// Text that the hub, or whoever stands between, writes into a reply.
enum TextTargets {
    /// A date that is read is written back as the same second, by libc too.
    static let date: @Sendable ([UInt8]) -> Void = { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let instant = Instant(iso: text) {
            Fuzz.expect(
                Instant(iso: instant.isoSeconds) == Instant(ms: Calendar.floor(instant.ms, 1000).quotient * 1000),
                "\(instant.isoSeconds) is another second")
        }
        if let ms = HTTPDate.parse(text) {
            var parts = tm()
            var seconds = time_t(ms / 1000)
            gmtime_r(&seconds, &parts)
            var form = [CChar](repeating: 0, count: 64)
            let length = strftime(&form, form.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            let standard = String(decoding: form.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            Fuzz.expect(HTTPDate.parse(standard) == ms, "\(standard) is another date")
        }
    }

    /// The first line is the reply's `Date`, each other one a `Retry-After`. A wait is never negative nor over a week,
    /// and never shorter than one of the hints alone.
    static let retryAfter: @Sendable ([UInt8]) -> Void = { bytes in
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        guard let first = lines.first else { return }
        let dateMs = HTTPDate.parse(first)
        let hints = Array(lines.dropFirst())
        let wait = RetryAfter.parse(hints, dateMs: dateMs)
        Fuzz.expect(wait.map { (0...RetryAfter.longestMs).contains($0) } ?? true, "a wait of \(wait ?? 0) ms")
        for hint in hints {
            guard let alone = RetryAfter.parse([hint], dateMs: dateMs) else { continue }
            Fuzz.expect((wait ?? -1) >= alone, "the wait is shorter than one of its hints")
            if let seconds = Int64(hint), !hint.hasPrefix("+") {
                Fuzz.expect(alone == seconds * 1000, "\(hint) s became \(alone) ms")
            }
        }
    }

    static let header: @Sendable ([UInt8]) -> Void = { bytes in
        var head = ReplyHead()
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = Array(line) + [0x0D, 0x0A]
            do throws(ReplyFault) { try head.read(line.span) } catch { return }
        }
        if head.isComplete { Fuzz.expect((200...599).contains(head.status), "status \(head.status) is no end") }
        Fuzz.expect((head.contentLength ?? 0) >= 0, "a length below nothing")
        Fuzz.expect((0...RetryAfter.longestMs).contains(head.retryAfterMs ?? 0), "a wait that cannot be")
        if let pool = head.pool { Fuzz.expect(pool.size >= 0 && pool.used >= 0 && pool.refillMilli >= 0, "a pool below nothing") }
        _ = head.dateMs
    }

    /// No part changes the shape of the whole (S-02); an origin is the same when it is read again (S-03).
    static let url: @Sendable ([UInt8]) -> Void = { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let origin = try? Origin(text) {
            Fuzz.expect((try? Origin(origin.text)) == origin, "origin \(origin.text) is another one")
            Fuzz.expect(
                origin.isSecure || ["localhost", "[::1]"].contains(origin.host) || origin.host.hasPrefix("127."),
                "http to \(origin.host)")
        }
        var url = URLBuilder("/orders")
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 3 else { return }
        do throws(URLFault) {
            try url.segment(parts[0])
            try url.query(parts[1], parts[2])
        } catch { return }
        let target = Array(url.target.utf8)
        Fuzz.expect(target.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }, "a byte that ends a target")
        let halves = target.split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
        Fuzz.expect(halves.count == 2, "\(halves.count) parts at ?")
        let segments = halves[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        Fuzz.expect(segments.count == 3 && decoded(segments[2]) == Array(parts[0].utf8), "another path")
        let pair = halves[1].split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
        Fuzz.expect(pair.count == 2 && !halves[1].contains(UInt8(ascii: "&")), "another number of parameters")
        Fuzz.expect(decoded(pair[0]) == Array(parts[1].utf8) && decoded(pair[1]) == Array(parts[2].utf8), "another parameter")
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var rest = bytes
        var result: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            rest = rest.dropFirst(2)
            guard let value = UInt8(digits, radix: 16) else { return [] }
            result.append(value)
        }
        return result
    }
}
