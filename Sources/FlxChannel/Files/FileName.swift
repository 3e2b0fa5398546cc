import CLibc

/// What the kernel calls a file: the same for two openings of one file, and for no other file while one is open.
struct FileName: Equatable {
    private var device: UInt64
    private var inode: UInt64

    /// The file at `path`, itself if it is a link; or with an empty path that of a descriptor. Nil if there is none.
    ///
    /// Asks for nothing else: once the time of a change was asked for, Linux notes the next to the nanosecond, and each
    /// write then costs one of the inode as well.
    init?(_ path: String, of fd: Int32 = AT_FDCWD) {
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
