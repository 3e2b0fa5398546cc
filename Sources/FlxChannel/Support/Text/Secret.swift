import CLibc

/// Bytes that nobody may find in a core dump, in swapped memory or in memory that was freed: the token.
///
/// Invariant: `count` bytes and a zero stand at `start`, in a mapping of their own, until `deinit` overwrites them. A
/// forked child has them too. Being locked is best effort: a host may be allowed no locked memory.
///
/// Fault rows: K-13, S-07.
final class Secret: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let count: Int

    /// A copy of `bytes` behind `prefix`; nil if the system has no page for it.
    init?(prefix: StaticString = "", _ bytes: UnsafeRawBufferPointer) {
        let head = UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        count = head.count + bytes.count
        let page = mmap(nil, count + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let page, page != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }  // MAP_FAILED
        start = page
        madvise(start, count + 1, MADV_DONTDUMP)
        mlock(start, count + 1)
        let room = UnsafeMutableRawBufferPointer(start: start, count: count)
        room.copyBytes(from: head)
        UnsafeMutableRawBufferPointer(rebasing: room[head.count...]).copyBytes(from: bytes)
    }

    deinit {
        explicit_bzero(start, count)
        munmap(start, count + 1)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withExtendedLifetime(self) { body(UnsafeRawBufferPointer(start: start, count: count)) }
    }

    /// Overwrites a copy that was made on the way; nobody else may have the array.
    static func wipe<Element: BitwiseCopyable>(_ copy: inout [Element]) {
        copy.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
        }
    }
}
