import CLibc

/// The one door by which this library gets descriptors: they close on exec, and none is 0, 1 or 2.
///
/// A host may have closed those three. What it prints would land in a file of ours then, and its next `dup2` would take a
/// lock of ours away.
///
/// Fault row: K-14.
enum Descriptor {
    private static let least: Int32 = 3

    /// Opens a file; -1 leaves the reason in errno.
    static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) -> Int32 {
        raised(flxc_open(path, flags | O_CLOEXEC, mode))
    }

    /// `fd`, or what stands for it above the three; -1 leaves the reason in errno.
    static func raised(_ fd: Int32) -> Int32 {
        guard (0..<least).contains(fd) else { return fd }
        defer { close(fd) }  // it leaves errno alone when it goes well
        return flxc_copy_from(fd, least)
    }

    /// Puts /dev/null where the host has closed one of the three, for what does not come through here: libcurl's wake-up pair,
    /// its resolver. (SQLite does the same by itself.) It stays: another thread may have put something of the host's there
    /// since, which is not ours to close.
    static func fillTheThree() {
        while true {
            let fd = flxc_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
            guard (0..<least).contains(fd) else {
                if fd >= 0 { close(fd) }
                return
            }
        }
    }
}
