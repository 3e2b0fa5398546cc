import CFlxChannel

/// The host's log function with its user data, which is dropped when nobody needs it any more.
final class LogTarget: @unchecked Sendable {
    private let function: flx_log_fn
    private let userData: UnsafeMutableRawPointer?
    private let drop: flx_drop_fn?

    init(_ function: @escaping flx_log_fn, _ userData: UnsafeMutableRawPointer?, _ drop: flx_drop_fn?) {
        self.function = function
        self.userData = userData
        self.drop = drop
    }

    deinit {
        ForkGate.outside { drop?(userData) }
    }

    func write(_ level: LogLevel, _ line: String) {
        var line = line
        line.withUTF8 { bytes in
            // Safe: the header says that the line is only valid during the call; its length is given with it.
            bytes.withMemoryRebound(to: CChar.self) { line in
                ForkGate.outside { function(userData, level.rawValue, line.baseAddress, line.count) }
            }
        }
    }
}
