/// Switches, faults, clock, pool, tokens, and starting over.
extension Hub {
    var switchesNow: JSONValue {
        .object(Switch.all.map { .init(key: $0.name, value: .string(switches[$0])) })
    }

    /// The table of switches with their rows, settings, defaults and present values.
    var switchTable: JSONValue {
        .array(
            Switch.all.map {
                [
                    "row": .string($0.row), "name": .string($0.name), "value": .string(switches[$0]),
                    "default": .string($0.initial), "settings": .string($0.settingsText), "about": .string($0.about),
                ]
            })
    }

    /// Sets all or none: the names and settings are checked first.
    func setSwitches(_ body: JSONValue) throws(Refusal) -> JSONValue {
        var changed = switches
        for member in body.members ?? [] {
            guard let value = member.value.looseText else { throw .badRequest("\(member.key) is not a text, number or boolean") }
            // A boolean is understood where the settings are on and off.
            let isFlag = member.value.bool != nil && Switch.named(member.key)?.accepts("on") ?? false
            do throws(Switches.Unknown) {
                try changed.set(member.key, to: isFlag ? (value == "true" ? "on" : "off") : value)
            } catch { throw .badRequest(error.description) }
        }
        switches = changed
        return switchesNow
    }

    func addFaults(_ body: JSONValue) throws(Refusal) -> JSONValue {
        var ids: [JSONValue] = []
        for node in body.array ?? [body] {
            let (match, action, times) = try Fault.read(node)
            ids.append(.integer(faults.add(match, action, times: times)))
        }
        return ["ids": .array(ids)]
    }

    /// A fault for a named order's POST.
    func addFault(_ body: JSONValue, do kind: String) throws(Refusal) -> JSONValue {
        guard body["order_number"]?.looseText != nil else { throw .badRequest("order_number is missing") }
        var members = (body.members ?? []).filter { $0.key != "do" && $0.key != "when" }
        members.append(.init(key: "do", value: .string(kind)))
        if body["operation"] == nil { members.append(.init(key: "operation", value: "createOrder")) }
        if kind == "refuse", body["times"] == nil { members.append(.init(key: "times", value: 0)) }
        return try addFaults(.object(members))
    }

    /// `advance_s` and `skew_s` move the hub's time, `freeze` stops it, at an instant if it names one.
    func setClock(_ body: JSONValue) throws(Refusal) -> JSONValue {
        if let skew = try seconds("skew_s", of: body) { clock.skew = skew }
        if let seconds = try seconds("advance_s", of: body) {
            if let frozen = clock.frozenAt { clock.frozenAt = frozen + seconds } else { clock.skew += seconds }
        }
        switch body["freeze"] {
        case .bool(true)?: clock.frozenAt = now
        case .bool(false)?: clock.frozenAt = nil
        case .string(let text)?:
            guard let instant = Instant(iso: text) else { throw .badRequest("freeze is not a date-time with a zone") }
            clock.frozenAt = instant
        default: break
        }
        return ["now": .string(now.iso), "skew_s": .integer(clock.skew), "frozen": .bool(clock.frozenAt != nil)]
    }

    private func seconds(_ name: String, of body: JSONValue) throws(Refusal) -> Int? {
        guard let seconds = body[name]?.integer else { return nil }
        guard seconds.magnitude <= 10_000_000_000 else { throw .badRequest("\(name) is more than three hundred years") }
        return seconds
    }

    /// Uses up a token's pool as another program would.
    func takeFromPool(_ body: JSONValue) throws(Refusal) -> JSONValue {
        let kind = TokenKind(rawValue: body["token"]?.text ?? "channel") ?? .channel
        guard let token = tokens.token(of: kind) else { throw .notFound("token") }
        let count = max(0, min(body["take"]?.integer ?? 1, 1_000_000))
        limiters[ByteText(token), default: Limiter()].drain(count, at: clock.monotonicMicros())
        return ["taken": .integer(count)]
    }

    /// Gives a token kind another token; the old one is unknown from then on. With `channel` a token belongs to that channel.
    func replaceToken(_ body: JSONValue) throws(Refusal) -> JSONValue {
        guard let token = body["token"]?.text, !token.isEmpty else { throw .badRequest("token is missing") }
        if let channel = body["channel"] {
            guard let id = channel.integer, id > 0 else { throw .badRequest("channel is not an id") }
            tokens.give(token, to: id)
            return ["kind": "channel", "channel": .integer(id)]
        }
        let kind = TokenKind(rawValue: body["kind"]?.text ?? "channel") ?? .channel
        tokens.replace(kind, with: token)
        return ["kind": .string(kind.rawValue)]
    }

    /// Plants the seed again, the named one if it names one, and forgets switches, faults, journal and clock. With `skew_s`
    /// the hub's time is so far from this machine's when it plants: no row is of its future.
    func reset(_ body: JSONValue) throws(Refusal) -> JSONValue {
        let skew = try seconds("skew_s", of: body) ?? 0
        if let text = body["seed"]?.text {
            do throws(Seed.Unknown) { seed = try Seed.read(text) } catch { throw .badRequest(error.description) }
        }
        (clock.skew, clock.frozenAt) = (skew, nil)
        if body["keep_switches"]?.bool != true { switches.reset() }
        faults.clear()
        journal.clear()
        steps = []
        plant()
        return totals
    }
}
