import Glibc

/// The environment of programs that are started here: ours, without the token, which is nobody's business but the library's.
struct ChildEnvironment {
    private static let hidden = "FLXCHANNEL_TOKEN="

    /// As posix_spawn takes it; good for as long as the environment is not changed.
    let pointers: [UnsafeMutablePointer<CChar>?]

    init() {
        var kept: [UnsafeMutablePointer<CChar>?] = []
        var next = environ
        while let entry = next.pointee {
            if strncmp(entry, ChildEnvironment.hidden, ChildEnvironment.hidden.utf8.count) != 0 { kept.append(entry) }
            next += 1
        }
        pointers = kept + [nil]
    }
}
