import CLibc

/// The directory of the state files: ours alone, on a file system whose locks can be trusted.
///
/// Fault rows: D-10, D-11, D-12, D-16.
struct StateDirectory {
    /// Absolute and free of symbolic links, as SQLite's NOFOLLOW wants it.
    let path: String
    /// What is kept here is gone after a restart of the machine.
    let isVolatile: Bool

    /// Checks the directory at `given`, or makes it with mode 0700 if its parent exists.
    static func open(_ given: String, allowNetwork: Bool) throws(StateError) -> StateDirectory {
        guard !given.isEmpty, !given.utf8.contains(0) else {
            throw .path(reason: "state_dir must name a directory")
        }
        let name = withoutEndSlashes(given)
        try make(name)
        try check(name)
        guard let resolved = realpath(name, nil) else {
            throw .path(reason: "cannot resolve \(name): \(Errno.text(flxc_errno()))")
        }
        defer { free(resolved) }
        let path = String(cString: resolved)  // Safe: realpath gave a NUL-terminated path.
        return StateDirectory(path: path, isVolatile: try isVolatile(path, allowNetwork: allowNetwork))
    }

    private static func make(_ path: String) throws(StateError) {
        guard mkdir(path, 0o700) == 0 else {
            let code = flxc_errno()
            if code == EEXIST { return }
            throw .path(reason: "cannot make \(path): \(Errno.text(code))")
        }
        guard chmod(path, 0o700) == 0 else {  // D-16: a umask may have taken our own bits away
            throw .path(reason: "cannot set the mode of \(path): \(Errno.text(flxc_errno()))")
        }
        StateFile.syncDirectory(path + "/..")
    }

    /// A link above the directory is the machine's layout; the directory itself must not be one.
    private static func check(_ path: String) throws(StateError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw .path(reason: "cannot look at \(path): \(Errno.text(flxc_errno()))")
        }
        guard flxc_is_directory(status.st_mode) != 0 else {
            throw .path(reason: "\(path) is not a directory; a symbolic link is not followed")
        }
        guard status.st_uid == geteuid() else {
            throw .identity(key: "user", stored: "uid \(status.st_uid)", given: "uid \(geteuid())")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .path(reason: "\(path) is open to other users; run chmod 700 on it")
        }
    }

    private static func isVolatile(_ path: String, allowNetwork: Bool) throws(StateError) -> Bool {
        var status = statfs()
        guard statfs(path, &status) == 0 else { return false }
        switch FileSystemKind(magic: Int64(status.f_type)) {
        case .local: return false
        case .memory: return true
        case .remote(let name):
            guard !allowNetwork else { return false }
            throw .path(reason: "\(path) is on a \(name) file system, whose locks cannot be trusted; use a local disk")
        }
    }

    private static func withoutEndSlashes(_ path: String) -> String {
        var bytes = Array(path.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What `statfs` says about where files live.
enum FileSystemKind: Equatable {
    case local
    case memory
    case remote(String)

    init(magic: Int64) {
        self =
            switch magic & 0xFFFF_FFFF {  // some are negative in an int
            case 0x0102_1994, 0x8584_58F6: .memory  // tmpfs, ramfs
            case 0x6969: .remote("NFS")
            case 0x517B, 0xFF53_4D42, 0xFE53_4D42: .remote("SMB")
            case 0x6573_5546: .remote("FUSE")
            case 0x0102_1997: .remote("9p")
            case 0x00C3_6400: .remote("Ceph")
            case 0x5346_414F, 0x6B41_4653: .remote("AFS")
            case 0x0BD0_0BD0: .remote("Lustre")
            default: .local
            }
    }
}
