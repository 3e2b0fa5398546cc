import CLibc

/// What may be asked of the system. Swift's own arrays end the process where there is nothing left, so that whoever makes a
/// large one asks here first.
enum Memory {
    /// Whether there are so many bytes, now. Another thread may take them.
    static func has(_ bytes: Int) -> Bool { bytes < 0 ? false : bytes <= small || flxc_has_memory(bytes) != 0 }

    /// So little is not asked for: a host that has not even this is beyond help.
    private static let small = 64 << 10
}
