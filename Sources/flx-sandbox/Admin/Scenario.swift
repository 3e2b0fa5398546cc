#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that says how a hub starts and what happens to it while requests come in.
///
/// `{"seed": "demo", "switches": {...}, "faults": [...], "steps": [...]}`; every part may be absent.
struct Scenario {
    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    private let document: JSONValue
    private let path: String

    var seed: String? { document["seed"]?.text }

    init(path: String) throws(Unreadable) {
        self.path = path
        guard let bytes = Self.contents(of: path) else { throw Unreadable(description: "scenario \(path) cannot be read") }
        do throws(JSONError) {
            document = try JSONParser.parse(bytes)
        } catch { throw Unreadable(description: "scenario \(path) is not JSON: \(error)") }
        let known = ["seed", "switches", "faults", "steps", "about"]
        if let odd = document.members?.first(where: { !known.contains($0.key) }) {
            throw Unreadable(description: "scenario \(path) has an unknown part \(odd.key)")
        }
    }

    func apply(to hub: Hub) throws(Unreadable) {
        do throws(Refusal) {
            if let switches = document["switches"] { _ = try hub.setSwitches(switches) }
            if let faults = document["faults"] { _ = try hub.addFaults(faults) }
            if let steps = document["steps"]?.array { _ = try hub.run(steps: steps) }
        } catch { throw Unreadable(description: "scenario \(path): \(error.message)") }
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = [], block = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return bytes
    }
}

/// Admin actions that wait for their request.
extension Hub {
    /// Runs `{"ship": {...}}` and the like at once, or keeps one with `at_request` for that request.
    func run(steps nodes: [JSONValue]) throws(Refusal) -> JSONValue {
        var results: [JSONValue] = []
        for node in nodes {
            if let number = node["at_request"]?.integer {
                steps.append((number, node))
            } else {
                results += try run(step: node)
            }
        }
        return .array(results)
    }

    /// Called when a request comes in, before anything is done with it.
    func runSteps(before number: Int) {
        guard !steps.isEmpty else { return }
        let due = steps.filter { $0.request <= number }
        steps.removeAll { $0.request <= number }
        for step in due { _ = try? run(step: step.node) }
    }

    private func run(step node: JSONValue) throws(Refusal) -> [JSONValue] {
        var results: [JSONValue] = []
        for member in node.members ?? [] where member.key != "at_request" {
            results.append(try act(member.key, member.value))
        }
        return results
    }
}
