/// Spoils answers. Each case is one row of what can go wrong on the way back.
extension AnswerDraft {
    mutating func apply(_ action: FaultAction, previousBody: [UInt8], now: Instant) {
        switch action.kind {
        case .cutAfter:
            wholeCut = action.count("bytes", or: 0)
            ending = Self.ending(action)
        case .hang:
            wholeCut = action.count("bytes", or: 0)
            ending = .hang
        case .delay: delay += action.count("ms", or: 1000)
        case .truncate, .closeCut:
            let drop = action.text("drop").flatMap { Int($0) }.map { body.count - max(0, min(body.count, $0)) }
            let share = action.text("percent").flatMap { Int($0) }.map { body.count * max(0, min(100, $0)) / 100 }
            bodyCut = max(0, min(body.count, drop ?? share ?? action.count("bytes", or: body.count / 2)))
            if action.kind == .closeCut { framing = .untilClose }
            ending = Self.ending(action)
        case .contentLength:
            announcedLength = action.text("value").flatMap { Int($0) } ?? body.count + action.number("delta", or: 10)
        case .pad: body += action.bytes.isEmpty ? Array("junk".utf8) : action.bytes
        case .chunkCut:
            framing = .chunked(hasEnd: false)
            bodyCut = action.text("bytes").flatMap { Int($0) }.map { max(0, $0) }
            ending = Self.ending(action)
        case .drip: drip = (action.count("size", or: 1), action.count("ms", or: 100))
        case .informational:
            let line = "HTTP/1.1 \(action.number("status", or: 103)) Hint\r\n\r\n"
            prefix += Array(String(repeating: line, count: action.count("count", or: 1)).utf8)
        case .headerFlood:
            let value = String(repeating: "x", count: action.count("size", or: 100))
            headers += (0..<action.count("count", or: 1000)).map { Header("X-Flood-\($0)", value) }
        case .header: changeHeaders(action)
        case .statusLine: statusLine = action.text("text") ?? "BANANA"
        case .replay: body = previousBody
        case .gzip: gzip(action)
        case .huge: huge(action)
        case .endless:
            framing = .untilClose
            body = [UInt8(ascii: "[")]
            tail = .repeated([UInt8](repeating: 0x20, count: 65536), count: .max)
        case .deep:
            let depth = action.count("depth", or: 1000)
            body = [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
        case .body: replaceBody(action)
        case .mutate: mutate(action)
        case .raw:
            rawBytes = action.bytes
            ending = Self.ending(action)
        case .cutBefore, .hangBefore, .delayBefore, .commitLate, .status, .refuse, .redirect, .early, .acceptReset, .acceptClose,
            .acceptStall:
            break
        }
    }

    /// `how` of a cut: closed, reset, half closed, or hanging.
    static func ending(_ action: FaultAction) -> WireStep {
        switch action.text("how") ?? "" {
        case "reset": .reset
        case "half": .halfClose
        case "hang": .hang
        default: .close
        }
    }

    private mutating func changeHeaders(_ action: FaultAction) {
        for name in (action.text("drop") ?? "").split(separator: ",") {
            headers.removeAll { $0.name.lowercased() == name.lowercased() }
        }
        if let name = action.text("name") { headers.append(Header(name, action.text("value") ?? "")) }
        for line in action.parameters["lines"]?.array ?? [] {
            let halves = (line.text ?? "").split(separator: ":", maxSplits: 1)
            if let name = halves.first {
                headers.append(Header(String(name), halves.count > 1 ? String(halves[1].drop { $0 == " " }) : ""))
            }
        }
    }

    private mutating func gzip(_ action: FaultAction) {
        var coding = "gzip"
        switch action.text("form") ?? "whole" {
        case "truncated":
            body = Gzip.stored(body)
            body.removeLast(body.count / 2)
        case "no_trailer":
            body = Gzip.stored(body)
            body.removeLast(Gzip.trailerLength)
        case "bad_crc":
            body = Gzip.stored(body)
            body[body.count - Gzip.trailerLength] ^= 0xFF
        case "double":
            body = Gzip.stored(Gzip.stored(body))
        case "double_named":
            body = Gzip.stored(Gzip.stored(body))
            coding = "gzip, gzip"
        case "bomb": body = Gzip.bomb(size: action.count("bytes", or: 200_000_000))
        case "plain": break
        case "brotli": coding = "br"
        case "unknown": coding = "x-sandbox"
        default: body = Gzip.stored(body)
        }
        headers.append(Header("Content-Encoding", coding))
    }

    /// A JSON array of that many bytes, nearly all of it one string, made on the way out.
    private mutating func huge(_ action: FaultAction) {
        let size = max(8, action.count("bytes", or: 50_000_000)), block = 65536
        let count = (size - 4) / block
        body = Array("[\"".utf8)
        tail = .repeated([UInt8](repeating: UInt8(ascii: "x"), count: block), count: count)
        afterTail = [UInt8](repeating: UInt8(ascii: "x"), count: (size - 4) % block) + Array("\"]".utf8)
        announcedLength = body.count + block * count + afterTail.count
    }

    private mutating func replaceBody(_ action: FaultAction) {
        body = action.bytes
        let status = action.number("status", or: status)
        if status != self.status {
            self.status = status
            statusLine = "HTTP/1.1 \(status) \(Reason.phrase(status))"
        }
        guard let type = action.text("type") else { return }
        headers.removeAll { $0.name == "Content-Type" }
        headers.append(Header("Content-Type", type))
    }

    /// Replaces values of the JSON body: `set` maps a path such as `[0].price` to the text that stands there instead.
    private mutating func mutate(_ action: FaultAction) {
        guard var value = try? JSONParser.parse(body) else { return }
        var changes = action.parameters["set"]?.members?.map { ($0.key, $0.value.text ?? "null") } ?? []
        if let path = action.text("json") { changes.append((path, action.text("to") ?? "null")) }
        for (path, text) in changes {
            let steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }.map(String.init)
            value.replace(steps[...], with: text)
        }
        body = value.bytes
    }
}

extension JSONValue {
    /// Puts raw text in the place of a value, an absent member included; `-` removes it, `*` means every element.
    mutating func replace(_ path: ArraySlice<String>, with text: String) {
        guard let step = path.first else {
            self = .raw(text)
            return
        }
        let rest = path.dropFirst()
        switch self {
        case .array(var elements):
            let chosen =
                step == "*" ? Array(elements.indices) : [Int(step)].compactMap { $0 }.filter { elements.indices.contains($0) }
            for index in chosen.reversed() {
                if rest.isEmpty, text == "-" { elements.remove(at: index) } else { elements[index].replace(rest, with: text) }
            }
            self = .array(elements)
        case .object(var members):
            if rest.isEmpty, text == "-" {
                members.removeAll { $0.key == step }
            } else if let index = members.lastIndex(where: { $0.key == step }) {
                members[index].value.replace(rest, with: text)
            } else if rest.isEmpty {
                members.append(.init(key: step.begins("+") ? String(step.dropFirst()) : step, value: .raw(text)))
            }
            self = .object(members)
        default: break
        }
    }
}
