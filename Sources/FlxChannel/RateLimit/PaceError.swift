import CFlxChannel

/// Why the pace file could not be used. Nothing was granted.
///
/// Indirect, so that every `try` passes one word whatever a case carries.
indirect enum PaceError: Error, Equatable {
    /// Another process held its lock for the whole wait.
    case busy(waitedMs: Int64)
    /// The file belongs to another user, whose requests this one cannot count.
    case owner(path: String, owner: UInt32, ours: UInt32)
    /// No plain private file can be at this path.
    case path(String, reason: String)
    /// A system call went wrong, with its errno.
    case io(what: String, errno: Int32)
    case forked

    var code: Int32 { self == .forked ? FLX_E_FORKED : FLX_E_PACE }

    var message: String {
        switch self {
        case .busy(let waited): "pace file is in use by another process, waited \(waited) ms"
        case .owner(let path, let owner, let ours):
            "pace file \(path) belongs to user \(owner), this process is user \(ours); run both as one user or set pace.dir"
        case .path(let path, let reason): "pace file \(path) cannot be used: \(reason)"
        case .io(let what, let errno): "pace file: \(what) gave error \(errno)"
        case .forked: "client was opened before a fork; open one in this process"
        }
    }
}
