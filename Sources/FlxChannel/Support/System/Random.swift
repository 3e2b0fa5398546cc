import CLibc

/// Random bytes from the kernel.
///
/// Fault row: K-16.
enum Random {
    /// For secrets; nil if the system gives none. Where a sandbox forbids the system call, the device serves.
    static func bytes(_ count: Int) -> [UInt8]? {
        filled(count) { getrandom($0, $1, 0) } ?? fromDevice(count)
    }

    /// For names that must only differ from those of others: without random bytes, of the clocks, the process and the thread.
    static func distinct(_ count: Int) -> [UInt8] {
        if let bytes = bytes(count) { return bytes }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        var seed: [UInt8] = []
        for part in [
            Int64(time.tv_sec), Int64(time.tv_nsec), Clock.wallMs(), Int64(getpid()), Int64(bitPattern: UInt64(pthread_self())),
        ] {
            withUnsafeBytes(of: part) { seed.append(contentsOf: $0) }
        }
        var bytes: [UInt8] = []
        while bytes.count < count {
            seed = SHA256.hash(seed)
            bytes.append(contentsOf: seed.prefix(count - bytes.count))
        }
        return bytes
    }

    /// A number from 0 to `bound`, both included. Its bias is of no matter for jitter.
    static func upTo(_ bound: Int64) -> Int64 {
        guard bound > 0 else { return 0 }
        var value: UInt64 = 0
        for byte in distinct(8) { value = value << 8 | UInt64(byte) }
        return Int64(value % (UInt64(bound) + 1))
    }

    private static func fromDevice(_ count: Int) -> [UInt8]? {
        let fd = Descriptor.open("/dev/urandom", O_RDONLY | O_NOFOLLOW | O_NOCTTY)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var status = stat()
        guard fstat(fd, &status) == 0, flxc_is_character_device(status.st_mode) != 0 else { return nil }
        return filled(count) { read(fd, $0, $1) }
    }

    /// What `source` gives, in as many pieces as it likes; nil if it ends before.
    private static func filled(_ count: Int, _ source: (UnsafeMutableRawPointer?, Int) -> Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var done = 0
        while done < bytes.count {
            // Safe: `done` is below the count, so that the rest is inside the buffer.
            let got = bytes.withUnsafeMutableBytes { source($0.baseAddress?.advanced(by: done), $0.count - done) }
            if got > 0 { done += got } else if got == 0 || flxc_errno() != EINTR { return nil }
        }
        return bytes
    }
}

#if hasFeature(Embedded)
    /// What Embedded Swift seeds its hashes from. The C library's own ends the process where the system call is forbidden, so
    /// that the slim build links this in its place (`--wrap` in the Makefile).
    @_cdecl("__wrap_arc4random_buf")
    func seedOfHashes(_ place: UnsafeMutableRawPointer?, _ count: Int) {
        guard let place else { return }
        // Safe: there are as many bytes as the caller has room for.
        for (index, byte) in Random.distinct(count).enumerated() { place.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
    }
#endif
