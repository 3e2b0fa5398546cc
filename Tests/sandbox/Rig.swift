@testable import flx_sandbox

/// A hub with a clock that stands still until a test moves it, asked as the desk asks it.
final class Rig {
    final class Time {
        var micros = 1_750_000_000_000_000
    }

    let time = Time()
    let hub: Hub
    let desk: Desk
    /// Whether what the hub does later waits until its time has passed; else it is done at once.
    var holds = false
    private var held: [(dueMicros: Int, action: () -> Void)] = []
    private var waitingRounds: [() -> Void] = []
    var plannedRounds: Int { waitingRounds.count }
    /// Every answer, in the order they came.
    private(set) var answers: [Answer] = []

    init(seed: String = "tiny", _ settings: [String: String] = [:]) throws {
        let time = time
        let clock = HubClock(wallMicros: { time.micros }, monotonicMicros: { time.micros - 1_750_000_000_000_000 })
        hub = Hub(clock: clock, seed: try Seed.read(seed))
        desk = Desk(hub: hub)
        desk.watch.later = { [unowned self] _, action in waitingRounds.append(action) }
        try hub.switches.set("limiter", to: "none")
        for (name, value) in settings { try hub.switches.set(name, to: value) }
    }

    func pass(seconds: Int) { pass(millis: seconds * 1000) }

    func pass(millis: Int) {
        time.micros += millis * 1000
        let due = held.filter { $0.dueMicros <= time.micros }
        held.removeAll { $0.dueMicros <= time.micros }
        for later in due { later.action() }
    }

    /// Lets those who watch the hub be told, until there is nothing to tell, or so many times.
    func rounds(most: Int = 20) {
        for _ in 0..<most where !waitingRounds.isEmpty { waitingRounds.removeFirst()() }
    }

    /// The status, the body and the head of an answer; empty if it comes later.
    func ask(
        _ method: String, _ target: String, _ body: JSONValue? = nil, token: String? = "sandbox-channel-token",
        headers: [Header] = []
    ) -> Answer {
        var request = Request(method: method, target: target, headers: headers)
        if let token { request.headers.append(Header("x-api-token", token)) }
        request.body = body?.bytes ?? []
        request.arrival = hub.clock.monotonicMicros()
        var answer = Answer(text: "", steps: [])
        desk.take(
            request,
            later: { [self] millis, action in
                if holds { held.append((time.micros + millis * 1000, action)) } else { action() }
            },
            respond: { [self] in
                answer = Answer($0)
                answers.append(answer)
            })
        return answer
    }

    struct Answer {
        var text: String
        var steps: [WireStep]

        init(text: String, steps: [WireStep]) {
            (self.text, self.steps) = (text, steps)
        }

        init(_ answer: WireAnswer) {
            var bytes: [UInt8] = []
            for case .bytes(let piece) in answer.steps { bytes += piece }
            self.init(text: String(decoding: bytes, as: UTF8.self), steps: answer.steps)
        }

        var status: Int { Int(text.dropFirst(9).prefix(3)) ?? 0 }
        var body: String { text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? "" }
        var json: JSONValue { (try? JSONParser.parse(body)) ?? .null }
        var ids: [Int] { (json.array ?? []).compactMap { $0["id"]?.integer } }
    }

    func order(_ number: String, sku: String? = nil, note: String? = nil) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(key: "orderNumber", value: .string(number)),
            .init(key: "shippingAddress", value: ["name": "Jo Doe"]),
            .init(
                key: "orderItems",
                value: [
                    [
                        "sku": .string(sku ?? hub.catalogue.variants.first?.sku ?? ""), "quantity": 1, "price": .number("19.90"),
                    ]
                ]),
        ]
        if let note { members.append(.init(key: "note", value: .string(note))) }
        return .object(members)
    }
}

extension StringProtocol {
    /// The first place of a text, without Foundation.
    func range(of wanted: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(wanted) { return start..<index(start, offsetBy: wanted.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
