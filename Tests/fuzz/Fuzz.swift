import CLibc

/// The entry that libFuzzer calls. The environment names the target, so that all of them are one build.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Fuzz.target(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

enum Fuzz {
    static let targets: [(name: String, run: @Sendable ([UInt8]) -> Void)] = [
        ("scanner", JSONTargets.document), ("page", JSONTargets.page), ("decimal", JSONTargets.decimal),
        ("date", TextTargets.date), ("retry_after", TextTargets.retryAfter), ("header", TextTargets.header),
        ("url", TextTargets.url), ("config", HostTargets.config), ("order", HostTargets.order),
        ("answer", HostTargets.answer), ("call", HostTargets.call), ("planted", planted),
    ]

    static let target: @Sendable ([UInt8]) -> Void = {
        let name = getenv("FLX_FUZZ").map { String(cString: $0) } ?? ""
        guard let found = targets.first(where: { $0.name == name }) else {
            fatalError("FLX_FUZZ must name one of \(targets.map { $0.name })")
        }
        return found.run
    }()

    /// Ends the run with the input at hand, which libFuzzer then keeps.
    static func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
        if !holds { fatalError("fuzz: \(what())") }
    }

    /// A fault put there on purpose: the rig is broken when it is not found.
    private static let planted: @Sendable ([UInt8]) -> Void = { bytes in
        expect(!(bytes.count > 3 && bytes.starts(with: Array("FLX".utf8)) && bytes[3] > 0x7F), "the planted fault")
    }
}
