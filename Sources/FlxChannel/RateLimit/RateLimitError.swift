/// Why the rate limit file could not be used. Nothing was granted.
///
/// Indirect, so that every `try` passes one word whatever a case carries.
indirect enum RateLimitError: Error, Equatable {
    /// Another process held its lock for the whole wait.
    case busy(waitedMs: Int64)
    /// The file belongs to another user, whose requests this one cannot count.
    case owner(path: String, owner: UInt32, ours: UInt32)
    /// No plain private file can be at this path.
    case path(String, reason: String)
    /// A system call went wrong, with its errno.
    case io(what: String, errno: Int32)
    /// It lies in the state, which could not be used.
    case state(String)
    case forked

    var message: String {
        switch self {
        case .busy(let waited): "rate limit file is in use by another process, waited \(waited) ms"
        case .owner(let path, let owner, let ours):
            "rate limit file \(path) belongs to user \(owner), this process is user \(ours); run both as one user or set \(SettingName.rateLimitDirectory.text)"
        case .path(let path, let reason): "rate limit file \(path) cannot be used: \(reason)"
        case .io(let what, let errno): "rate limit file: \(what) gave error \(errno)"
        case .state(let reason): reason
        case .forked: "client was opened before a fork; open one in this process"
        }
    }
}
