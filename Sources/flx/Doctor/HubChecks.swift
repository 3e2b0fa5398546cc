/// What the hub says: whether it is reached, whose the token is, and what its settings do to orders.
struct HubChecks {
    private(set) var findings: [Finding] = []
    private let settings: Settings
    private let stats: JSON

    /// The probe's whole time: a wrong address is told within five seconds.
    private static let waitMs: Int32 = 4200
    /// After so long there is no time for another question.
    private static let longMs: Int64 = 2500
    private static let (littleOffMs, farOffMs): (Int64, Int64) = (30_000, 600_000)

    init(_ client: Client, _ settings: Settings, _ stats: JSON) {
        (self.settings, self.stats) = (settings, stats)
        guard !isHeldBack else {
            unreached("no request may leave", tookMs: 0)
            return
        }
        let began = Instant.monotonicMs()
        do {
            let report = try client.probe(waitMs: HubChecks.waitMs)
            if report["reachable"]?.bool == true {
                reached(report)
            } else {
                unreached(report["advice"]?.plain ?? "", tookMs: Instant.monotonicMs() - began)
            }
        } catch let failure as Failure where failure.name == "FLX_E_THROTTLED" {
            add(.warn("hub", "no request is free: \(failure.message)", "see budget below; others may use the same token"))
        } catch {
            add(.fail("hub", (error as? Failure)?.message ?? "\(error)", ""))
        }
    }

    /// A probe would wait in vain.
    private var isHeldBack: Bool {
        let limit = stats["rate_limit"]
        return ["token", "breaker"].contains(limit?["paused"]?.string) && (limit?["paused_ms"]?.integer ?? 0) > HubChecks.longMs
    }

    private mutating func add(_ finding: Finding) { findings.append(finding) }

    private var origin: String { settings.origin }
    private var isSecure: Bool { origin.hasPrefix("https:") }
    private var proxy: String { settings.value(.httpProxy).map { ", through the proxy \($0)" } ?? "" }

    // MARK: no answer

    /// The report has a sentence and no code, and where requests are held back not even a reason: one question aside tells it.
    private mutating func unreached(_ sentence: String, tookMs: Int64) {
        guard tookMs < HubChecks.longMs, let aside = try? Aside(settings) else {
            return add(.fail("hub", "\(origin) did not answer within \(Instant.span(tookMs))\(proxy): \(sentence)", "check origin"))
        }
        guard let failure = aside.failure(of: "getListingVariantsCount") else {
            return add(
                .warn(
                    "hub", "\(origin) answers, but this channel's requests are held back: \(sentence)",
                    "it goes on by itself; see budget below"))
        }
        switch failure.name {
        case "FLX_E_TLS": untrusted(failure)
        case "FLX_E_CONNECT":
            add(
                .fail(
                    "hub", "\(origin) is not reached\(proxy): \(failure.message)",
                    "check origin, the name's address, and whether a firewall lets this machine out"))
        case "FLX_E_TOKEN":
            add(.ok("hub", "\(origin) is reached"))
            refused(status: failure.httpStatus)
        case "FLX_E_UNAVAILABLE", "FLX_E_HUB": failing(failure.message)
        case "FLX_E_TIMEOUT":
            add(.fail("hub", "\(origin) did not answer in time\(proxy): \(failure.message)", "check origin, and try again"))
        default: another(failure.message)
        }
    }

    private mutating func untrusted(_ failure: Failure) {
        add(.ok("hub", "\(origin) takes connections"))
        let authority =
            settings.value(.httpCaFile) == nil
            ? "whether ca-certificates is installed" : "whether \(SettingKey.httpCaFile.name) is the authority that signed it"
        add(.fail("TLS", failure.message, "look at the certificate below, at this machine's clock, and \(authority)"))
        if let certificate = Certificate.finding(origin, settings) { add(certificate) }
    }

    private mutating func failing(_ text: String) {
        add(.fail("hub", "\(origin) is failing: \(text)", "nothing is lost; if it lasts, ask the hub's support"))
    }

    private mutating func another(_ text: String) {
        add(.fail("hub", "\(origin) answers, and not as the hub does: \(text)", "check origin"))
    }

    // MARK: an answer

    private mutating func reached(_ report: JSON) {
        add(.ok("hub", "\(origin) is reached, in \(report["latency_ms"]?.plain ?? "?") ms"))
        if isSecure {
            add(.ok("TLS", "the connection is trusted"))
            if let certificate = Certificate.finding(origin, settings) { add(certificate) }
        }
        let (status, advice) = (report["http_status"]?.integer ?? 0, report["advice"]?.plain ?? "")
        switch (report["token"]?.string, status) {
        case ("accepted", _) where report["listings"] == nil: another(advice)
        case ("accepted", _):
            add(.ok("token", "accepted; \(report["listings"]?.plain ?? "?") listings"))
            channel(report["channel"])
        case ("refused", _): refused(status: status)
        case (_, 429): add(.warn("hub", "it asks to wait (429)", "see budget below; others may use the same token"))
        case (_, 500...): failing("it answers with status \(status)")
        case (_, 400) where isAccountToken: ofAnotherKind("it is an Account token")
        default: another(advice)
        }
        clock(report["clock_offset_ms"]?.integer)
        if let pool = report["pool"] { self.pool(pool) }
    }

    /// The hub counts all that use the token; this run had one request at most by then.
    private mutating func pool(_ pool: JSON) {
        guard let size = pool["size"]?.integer, let used = pool["used"]?.integer else { return }
        let text = "\(used) of the \(size) requests that the hub grants at once were used when this asked"
        let isUsedUp = used * 10 >= size * 9
        add(
            isUsedUp
                ? .warn("pool", "\(text): by other processes here, or by somebody else with this token", "one program a token")
                : .ok("pool", text))
    }

    // MARK: the token

    /// An account's must name a channel, and may name any (contract 1.1).
    private var isAccountToken: Bool {
        guard let aside = try? Aside(settings) else { return false }
        return aside.failure(of: "getListingVariantsCount", "{\"channelId\":1}") == nil
    }

    /// A source's may read parcels and no listings (contract 1.1).
    private var isSourceToken: Bool {
        guard let aside = try? Aside(settings) else { return false }
        return aside.failure(of: "listShipments") == nil
    }

    /// Whether the one call that was denied is denied alone: no other kind of token reads listings without naming a channel.
    private var readsListings: Bool {
        guard let aside = try? Aside(settings) else { return false }
        return aside.failure(of: "getListingVariants", "{\"page\":1,\"pageSize\":1}") == nil
    }

    private mutating func refused(status: Int64) {
        if readsListings {
            return add(
                .warn(
                    "token", "it reads the channel's listings, and the hub denies it getListingVariantsCount alone (\(status))",
                    "ask the hub's support to grant this operation; rounds do without it"))
        }
        if isSourceToken { return ofAnotherKind("it is a Source token") }
        if isAccountToken { return ofAnotherKind("it is an Account token") }
        let code = status > 0 ? " (\(status))" : ""
        ofAnotherKind("the hub refuses it\(code): it was revoked, mistyped, or is of another kind")
    }

    private mutating func ofAnotherKind(_ text: String) {
        add(
            .fail(
                "token", text,
                "take the channel's own token: Channels, this channel, basic info, API access; it comes from \(settings.token.text)"
            ))
    }

    private mutating func channel(_ channel: JSON?) {
        guard let channel else { return unknownChannel() }
        let name = "\(channel["name"]?.plain ?? "") (\(channel["id"]?.plain ?? ""))"
        if channel["is_of_this_state"]?.bool == false {
            add(
                .fail(
                    "channel", "the token is of channel \(name), and this state is of another",
                    "use that channel's token, or another \(SettingKey.stateDirectory.name) for this one\(anew)"))
        } else {
            add(.ok("channel", "the token is of \(name)"))
        }
        let orders = channel["orders"]?.plain ?? ""
        add(
            orders.isEmpty
                ? .ok("orders' way", "orders that are pushed go on by themselves")
                : .warn("orders' way", orders, "change the channel's settings at the hub"))
    }

    /// Where the id was learnt, not configured.
    private var anew: String {
        settings.own(.channelId) == nil && settings.learnt?[.channelId] != nil
            ? "; flx doctor --learn finds it anew" : ""
    }

    private mutating func unknownChannel() {
        let learnt = (stats["learnt"]?.elements ?? []).first { $0["fact"]?.string == "channel" }?["value"]?.plain
        if let ours = settings.value(.channelId) ?? learnt {
            add(
                .fail(
                    "channel", "the hub does not show channel \(ours) to this token, which is of another",
                    "use that channel's token, or correct \(SettingKey.channelId.name)\(anew)"))
        } else {
            add(.warn("channel", "the hub does not tell which channel the token is of", "\(SettingKey.channelId.name) names it"))
        }
    }

    // MARK: the clock

    private mutating func clock(_ offset: Int64?) {
        guard let offset else { return add(.skipped("clock", "the hub tells no time")) }
        let size = abs(offset)
        let side = offset > 0 ? "ahead of" : "behind"
        let text = size < 2000 ? "as the hub's" : "the hub's is \(Instant.span(size)) \(side) this machine's"
        let advice = "set this machine's clock, and let it follow a time server: timedatectl set-ntp true"
        if size >= HubChecks.farOffMs { return add(.fail("clock", text, advice)) }
        add(size >= HubChecks.littleOffMs ? .warn("clock", text, advice) : .ok("clock", text))
    }
}
