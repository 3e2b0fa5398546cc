import CLibc

/// Which file a name means: the same for two names or openings of one file, and for no other file while one is open.
struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    /// Of the file that `path` names now, itself and not what it may link to. Nil if there is none.
    static func at(_ path: String) -> FileIdentity? { FileIdentity(path, of: AT_FDCWD) }

    /// Of an open file.
    static func of(_ fd: Int32) -> FileIdentity? { FileIdentity("", of: fd) }

    /// Asks for nothing else: once the time of a change was asked for, Linux notes the next to the nanosecond, and each
    /// write then costs one of the inode as well.
    private init?(_ path: String, of fd: Int32) {
        var found = statx()
        let asked = path.withCString { flxc_statx(fd, $0, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, UInt32(STATX_INO), &found) }
        if asked == 0 {
            device = UInt64(found.stx_dev_major) << 32 | UInt64(found.stx_dev_minor)
            inode = found.stx_ino
            return
        }
        var status = stat()  // some sandboxes do not know statx
        guard path.isEmpty ? fstat(fd, &status) == 0 : lstat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
