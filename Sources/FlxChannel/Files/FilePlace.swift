import CLibc

/// Which file of its disk a path names: its inode and when that was made, for an inode's number is used again.
enum FilePlace {
    /// A hash of both; of the inode alone where the file system does not tell the other. 0 if there is no such file.
    static func of(_ path: String) -> UInt64 {
        var found = statx()
        let asked = path.withCString { flxc_statx(AT_FDCWD, $0, AT_SYMLINK_NOFOLLOW, UInt32(STATX_INO | STATX_BTIME), &found) }
        guard asked == 0 else { return FileIdentity.at(path)?.inode ?? 0 }
        var hash = found.stx_ino
        for part in [UInt64(bitPattern: found.stx_btime.tv_sec), UInt64(found.stx_btime.tv_nsec)] {
            hash = (hash ^ part) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        return hash
    }
}
