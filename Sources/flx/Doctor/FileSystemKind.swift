import CLibc

/// What a directory lies on, by the number that the kernel gives a file system.
enum FileSystemKind {
    case disk
    /// Locks of several machines cannot be trusted; the library refuses it.
    case network(String)
    case memory
    /// The layer of a container that goes with it.
    case container
    /// Served by another program or machine.
    case served

    /// Nil where it cannot be told.
    init?(_ path: String) {
        var found = statfs()
        guard statfs(path, &found) == 0 else { return nil }
        switch UInt32(truncatingIfNeeded: found.f_type) {
        case 0x6969: self = .network("NFS")
        case 0x517B, 0xFF53_4D42, 0xFE53_4D42: self = .network("SMB")
        case 0x00C3_6400: self = .network("Ceph")
        case 0x5346_414F, 0x6B41_4653: self = .network("AFS")
        case 0x0BD0_0BD0: self = .network("Lustre")
        case 0x0116_1970, 0x7461_636F: self = .network("GFS2 or OCFS2")
        case 0x0102_1994, 0x8584_58F6: self = .memory
        case 0x794C_7630: self = .container
        case 0x6573_5546, 0x0102_1997, 0x786F_4256: self = .served
        default: self = .disk
        }
    }
}
