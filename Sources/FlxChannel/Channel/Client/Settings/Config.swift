import CFlxChannel

/// Settings being gathered by a host: checked one by one here, as a whole by `Settings`.
///
/// Invariant: every value obeys its `ConfigKey`. The token is not among the values.
final class Config: @unchecked Sendable {
    private let lock = Lock()
    private var values: [ByteText: String] = [:]
    private var token: Secret?
    private var sink: LogSink?

    func set(_ name: String, _ value: String) throws(ChannelError) {
        if let fault = Config.fault(name, value) { throw ChannelError(FLX_E_CONFIG, faults: [fault]) }
        lock.holding { values[name] = value }
    }

    func set(token: Secret) {
        lock.holding { self.token = token }
    }

    /// Sets the members of one JSON object, all or none. A nested object continues the name: {"rate_limit":{"dir":...}}.
    ///
    /// Overwrites the bytes, which may hold a token.
    func set(json bytes: inout [UInt8]) throws(ChannelError) {
        defer { Secret.wipe(&bytes) }
        let token = try Config.cutToken(&bytes)
        let document: Jansson
        do { document = try Jansson.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "the config") }
        guard document.isObject else { throw ChannelError(FLX_E_JSON, "the config is not a JSON object") }
        var found: [(String, String)] = []
        var faults: [Fault] = []
        Config.flatten(document, prefix: "", depth: 0, &found, &faults)
        for (name, value) in found {
            if let fault = Config.fault(name, value) { faults.append(fault) }
        }
        if let token, let refusal = PastedText.refusal(of: token) {
            faults.append(Fault(path: ConfigKey.hubToken.key.name, message: refusal))
        }
        guard faults.isEmpty else { throw ChannelError(FLX_E_CONFIG, faults: faults) }
        lock.holding {
            for (name, value) in found { values[name] = value }
            if let token { self.token = token }
        }
    }

    func log(to sink: LogSink?) {
        lock.holding { self.sink = sink }
    }

    /// What is set now; defaults are filled in.
    func snapshot() -> (values: [ByteText: String], token: Secret?, sink: LogSink?) {
        lock.holding { (values, token, sink) }
    }

    /// Takes the text of "token" out of an object: jansson frees its copies as they are.
    private static func cutToken(_ bytes: inout [UInt8]) throws(ChannelError) -> Secret? {
        guard let (token, place) = try token(in: bytes) else { return nil }
        for at in place { bytes[at] = UInt8(ascii: "*") }  // Safe: the reader found a string there.
        return token
    }

    /// What the text of "token" is, and where it stands in `bytes`.
    private static func token(in bytes: [UInt8]) throws(ChannelError) -> (Secret, Range<Int>)? {
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "the config") }
        guard let member = document.root.member(ConfigKey.hubToken.key.name), member.kind == .string else { return nil }
        var text = document.unescaped(member.node)
        defer { Secret.wipe(&text) }
        guard let token = text.withUnsafeBytes({ Secret($0) }) else { throw ChannelError(TransportError.memory) }
        return (token, member.range.lowerBound + 1..<member.range.upperBound - 1)
    }

    private static func fault(_ name: String, _ value: String) -> Fault? {
        guard let key = ConfigKey.named(name) else { return unknown(name) }
        return key.refusal(of: value).map { Fault(path: name, message: $0) }
    }

    private static func unknown(_ name: String) -> Fault {
        if let now = ConfigKey.renamed(name) { return Fault(path: name, message: "is now called \(now)") }
        let hint = Text.suggestion(for: name, in: ConfigKey.all.map { $0.name }, otherwise: "; flx_describe(\"config\") lists all")
        return Fault(path: Redaction.clean(name, longest: 100), message: "is not a config key\(hint)")
    }

    private static func flatten(
        _ object: Jansson, prefix: String, depth: Int, _ found: inout [(String, String)], _ faults: inout [Fault]
    ) {
        for (key, value) in object.members {
            let name = prefix + key
            let known = ConfigKey.named(name)
            if value.isObject {
                if let known {
                    if case .json = known.kind {
                        found.append((name, value.count == 0 ? "{}" : value.line))
                    } else {
                        faults.append(Fault(path: name, message: "is an object; it takes text or a number"))
                    }
                } else if value.count > 0, depth < 3 {
                    flatten(value, prefix: name + ".", depth: depth + 1, &found, &faults)
                } else if depth >= 3 || !ConfigKey.all.contains(where: { Text.begins($0.name, name + ".") }) {
                    faults.append(unknown(name))
                }
                continue
            }
            switch value.kind {
            case .null:
                faults.append(
                    known == nil ? unknown(name) : Fault(path: name, message: "is null; give it a value, or leave the key out"))
            case .string where name == ConfigKey.hubToken.key.name: break  // see `cutToken`
            case .string: found.append((name, value.string ?? ""))
            case .number where value.integer != nil: found.append((name, "\(value.integer ?? 0)"))
            case .bool: found.append((name, value.bool == true ? "true" : "false"))
            default:
                faults.append(known == nil ? unknown(name) : Fault(path: name, message: "is a list; it takes text or a number"))
            }
        }
    }
}
