import CLibc

/// Proves at opening what the state needs of a file system that something else serves: a container's desktop, a hypervisor,
/// a program. By two files of our own, which are gone at the end.
///
/// Fault rows: D-12, D-20.
struct FileSystemProof {
    private let first: String
    private let second: String

    /// What is wrong with the file system of `directory`, or nil.
    static func fault(in directory: String) throws(StateError) -> String? {
        let name = "\(directory)/.proof-\(Text.hex(Random.distinct(6)))"
        let proof = FileSystemProof(first: name, second: name + "-2")
        defer {
            unlink(proof.first)
            unlink(proof.second)
        }
        return try proof.fault()
    }

    private func fault() throws(StateError) -> String? {
        guard try StateFile.create(first), try StateFile.create(second) else { return "names are there before they were made" }
        guard try !StateFile.create(first) else { return "one file can be made twice" }
        if let fault = try LockProof.fault(of: first) { return fault }
        let writer = Descriptor.open(first, O_RDWR | O_NOFOLLOW)
        defer { close(writer) }
        let reader = Descriptor.open(first, O_RDONLY | O_NOFOLLOW)
        defer { close(reader) }
        guard writer >= 0, reader >= 0 else { return "a file cannot be opened twice" }
        return faultOfBytes(writer, reader) ?? faultOfNames(writer)
    }

    /// What was written is there for others at once, can be brought to the disk, and is gone when it was cut off.
    private func faultOfBytes(_ writer: Int32, _ reader: Int32) -> String? {
        let text = Random.distinct(4096)
        var seen = [UInt8](repeating: 0, count: text.count)
        guard text.withUnsafeBytes({ pwrite(writer, $0.baseAddress, $0.count, 0) }) == text.count else {
            return "a file cannot be written"
        }
        guard fsync(writer) == 0, fdatasync(writer) == 0 else { return "sync is refused" }
        let got = seen.withUnsafeMutableBytes { pread(reader, $0.baseAddress, $0.count, 0) }
        guard got == text.count, seen == text else { return "what one opening writes another does not read" }
        var status = stat()
        guard ftruncate(writer, 0) == 0, fstat(reader, &status) == 0, status.st_size == 0 else { return "a file cannot be cut off" }
        return nil
    }

    /// A file is known by its number, under whatever name; a name that is taken over means the other file; a deleted one means none.
    private func faultOfNames(_ fd: Int32) -> String? {
        guard let identity = FileIdentity.of(fd) else { return "an open file cannot be looked at" }
        guard FileIdentity.at(first) == identity else { return "a file has no number that stays" }
        guard rename(first, second) == 0, FileIdentity.at(first) == nil, FileIdentity.at(second) == identity else {
            return "a file cannot take another's name"
        }
        guard unlink(second) == 0, FileIdentity.at(second) == nil else { return "a deleted file stays" }
        return nil
    }
}
