import CLibc

/// Why one file of the state, or its directory, cannot be used as it is.
struct FileFault: Equatable {
    enum Kind: Equatable {
        case owner(UInt32)
        /// A directory of another user, without a state in it.
        case foreignDirectory(UInt32)
        case notPlain
        case notDirectory
        /// Others use it too: to make it private would take it from them.
        case shared(mode: UInt32, with: String)
        /// Its own user may not use it.
        case denied(mode: UInt32, needed: String)
        case links(UInt64)
        /// Others can use it, and the system did not let us change that; the errno, or 0 if it only had no effect.
        case open(mode: UInt32, errno: Int32)
        /// It cannot even be looked at.
        case hidden(errno: Int32)
    }

    let path: String
    let kind: Kind

    var isOwner: Bool {
        switch kind {
        case .owner, .foreignDirectory: true
        default: false
        }
    }

    /// What is so, and what to do.
    var message: String {
        switch kind {
        case .owner(let owner):
            "\(path) belongs to user \(owner), this process is user \(geteuid()): run it as user \(owner), or give the file to user \(geteuid()) if no other program uses it; another directory would leave the orders behind that are here"
        case .foreignDirectory(let owner):
            "\(path) belongs to user \(owner), this process is user \(geteuid()): name a directory of its own, such as \(path)/flxchannel, or give it to user \(geteuid())"
        case .shared(let mode, let other):
            "\(path) (mode \(Text.octal(mode))) holds \(other), and to make it private would take it from whom it serves: name a directory of its own, such as \(path)/flxchannel, or run chmod 700 on it if it is for this channel alone"
        case .denied(let mode, let needed):
            "\(path) (mode \(Text.octal(mode))) is closed to its own user: run chmod \(needed) on it"
        case .notPlain: "\(path) is not a regular file; remove it"
        case .notDirectory: "\(path) is not a directory; a symbolic link is not followed"
        case .links(let count): "\(path) has \(count) hard links, allowed is 1; remove the others"
        case .open(let mode, 0):
            "\(path) can be used by other users (mode \(Text.octal(mode))) and stays so: its file system keeps no modes; mount it so that only user \(geteuid()) has access"
        case .open(let mode, let code):
            "\(path) can be used by other users (mode \(Text.octal(mode))), and that cannot be changed: \(Errno.text(code))"
        case .hidden(let code): "cannot look at \(path): \(Errno.text(code))"
        }
    }
}
