import CLibc

/// Words for what the system says.
enum Errno {
    static func text(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied"
        case ENOENT: "no such file or directory"
        case ENOTDIR: "a part of it is not a directory"
        case EIO: "the disk reports an error"
        case EROFS: "the file system is read-only"
        case ENOSPC: "no room on the disk"
        case EDQUOT: "the disk quota is used up"
        case ENAMETOOLONG: "the name is too long"
        case EMFILE, ENFILE: "too many open files"
        case ELOOP: "it is a symbolic link"
        case ENXIO: "it is not a regular file"
        case EISDIR: "it is a directory"
        default: "system error \(code)"
        }
    }
}
