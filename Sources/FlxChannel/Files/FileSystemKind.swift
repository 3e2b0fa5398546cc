import CLibc

/// What `statfs` says about where files live.
enum FileSystemKind: Equatable {
    /// A disk of this machine.
    case local
    /// Gone with the machine.
    case memory
    /// Whatever serves it decides what locks, rename and sync do there: proven at each opening.
    case served(String)
    /// Several machines may have it, and what one of them proves says nothing of the others.
    case remote(String)

    /// Of the file system at `path`; one that does not tell is served by we know not what.
    static func at(_ path: String) -> FileSystemKind {
        var status = statfs()
        guard statfs(path, &status) == 0 else { return .served("unknown") }
        return FileSystemKind(magic: Int64(status.f_type))
    }

    init(magic: Int64) {
        let magic = magic & 0xFFFF_FFFF  // some are negative in an int
        self =
            switch magic {
            case 0x0102_1994, 0x8584_58F6: .memory  // tmpfs, ramfs
            case 0x6969: .remote("NFS")
            case 0x517B, 0xFF53_4D42, 0xFE53_4D42: .remote("SMB")
            case 0x00C3_6400: .remote("Ceph")
            case 0x5346_414F, 0x6B41_4653: .remote("AFS")
            case 0x0BD0_0BD0: .remote("Lustre")
            case 0x0116_1970, 0x7461_636F: .remote("cluster")  // GFS2, OCFS2
            case 0x6573_5546: .served("FUSE or virtiofs")
            case 0x0102_1997: .served("9p")
            case 0x786F_4256: .served("VirtualBox")
            case 0xEF53, 0x5846_5342, 0x9123_683E, 0x794C_7630, 0x2FC1_2FC1, 0xF2F5_2010, 0xCA45_1A4E: .local
            // ext2 to ext4, XFS, btrfs, overlayfs, ZFS, F2FS, bcachefs; then JFS, ReiserFS, NILFS2, UBIFS, JFFS2, aufs, eCryptfs
            case 0x3153_464A, 0x5265_4973, 0x3434, 0x2405_1905, 0x72B6, 0x6175_6673, 0xF15F: .local
            default: .served("unknown")
            }
    }
}
