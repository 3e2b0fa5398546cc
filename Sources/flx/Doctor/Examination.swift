/// All checks, in the order in which one needs the other.
struct Examination {
    /// Whether the hub is asked.
    let asksHub: Bool
    private(set) var findings: [Finding] = []
    /// Nil where the configuration cannot be read.
    private(set) var settings: Settings?

    init(asksHub: Bool) { self.asksHub = asksHub }

    mutating func run(_ read: () throws -> Settings) {
        findings.append(versions)
        guard let settings = configuration(read) else { return }
        self.settings = settings
        findings.append(contentsOf: PlaceChecks(settings).findings)
        guard let client = open(settings) else {
            findings.append(.skipped("hub", "not asked, for the channel does not open"))
            return
        }
        do {
            let stats = try client.stats()
            if asksHub { findings.append(contentsOf: HubChecks(client, settings, stats).findings) }
            // Once more: the hub was asked since.
            findings.append(contentsOf: WorkChecks(client, (try? client.stats()) ?? stats, LogRecords(settings.logFile)).findings)
        } catch let failure as Failure {
            findings.append(.fail("state file", failure))
        } catch {
            findings.append(.fail("state file", "\(error)", ""))
        }
    }

    private var versions: Finding {
        guard let build = try? JSON.read(try Call.describe("build"), what: "the build") else {
            return .fail("versions", "the library describes nothing", "")
        }
        let parts = ["version", "variant", "curl", "jansson", "sqlite"].map {
            "\($0 == "version" ? "flxchannel" : $0) \(build[$0]?.plain ?? "?")"
        }
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        guard build["sha256_abc"]?.string == sha256 else {
            return .fail("versions", "this build of the library computes wrong hashes", "install a release, or build it anew")
        }
        return .ok("versions", parts.joined(separator: ", "))
    }

    /// The settings as they are read, and whether the library takes them.
    private mutating func configuration(_ read: () throws -> Settings) -> Settings? {
        do {
            let settings = try read()
            if case .file = settings.source, case let ignored = Environment().settingNames, !ignored.isEmpty {
                findings.append(
                    .warn(
                        "environment",
                        "\(ignored.joined(separator: ", ")) is set and not used: \(settings.source.text) is the whole configuration",
                        "take it away, or put it into the file"))
            }
            if let token = tokenFinding(settings) {
                findings.append(token)
                guard token.state != .fail else { return settings }
            }
            _ = try settings.config()
            findings.append(.ok("configuration", "\(settings.source.text) is sound and nobody else's to read"))
            if let learnt = learntFinding(settings) { findings.append(learnt) }
            return settings
        } catch let failure as Failure {
            findings.append(.fail("configuration", failure))
        } catch {
            findings.append(.fail("configuration", "\(error)", ""))
        }
        return nil
    }

    /// What a file beside the configuration adds to it.
    private func learntFinding(_ settings: Settings) -> Finding? {
        guard let learnt = settings.learnt, let writtenMs = learnt.writtenMs else { return nil }
        let age = "\(learnt.path), written \(Instant.ago(Instant.text(writtenMs)))"
        let (others, used) = (
            learnt.members.map(\.key).filter { settings.own(name: $0) != nil },
            learnt.members.map(\.key).filter { settings.own(name: $0) == nil }
        )
        let unused = others.isEmpty ? "" : "; not \(others.joined(separator: ", ")), which the configuration has"
        return .ok("learnt", "\(used.isEmpty ? "nothing" : used.joined(separator: ", ")) from \(age)\(unused)")
    }

    private func tokenFinding(_ settings: Settings) -> Finding? {
        do {
            _ = try settings.token.read()
            return .ok("token's place", "it comes from \(settings.token.text)")
        } catch let failure as Failure {
            return .fail("token's place", failure)
        } catch {
            return nil
        }
    }

    private mutating func open(_ settings: Settings) -> Client? {
        let changes: [(SettingKey, String)] = [(.httpConnectMs, "2500"), (.stateWaitMs, "3000")]
        do {
            let client = try Client(try settings.config(changes))
            findings.append(.ok("state file", "it opens"))
            return client
        } catch let failure as Failure where failure.exit == .usage {
            // What only shows when all of it is looked at together, such as a key that is missing.
            guard !findings.contains(where: { $0.name == "token's place" && $0.state == .fail }) else { return nil }
            findings.removeAll { $0.name == "configuration" }
            findings.append(.fail("configuration", failure))
        } catch let failure as Failure {
            findings.append(.fail("state file", failure))
        } catch {
            findings.append(.fail("state file", "\(error)", ""))
        }
        return nil
    }
}
