import CCurl
import CLibc

/// The socket pair by which libcurl wakes a multi handle: older releases leave it open over an exec (K-05).
///
/// Nothing tells its descriptors, but the kernel hands out the lowest that are free, so they can be foreseen. They are
/// touched only if they turn out to be the pair; should another thread have opened something meanwhile, the handle is
/// made anew. A program that another thread starts between libcurl's call and ours still inherits them. A libcurl that has
/// no such pair costs a few handles more for each client, and nothing else.
enum WakeupPair {
    private static let attempts = 8

    /// Makes a multi handle whose descriptors close on exec; nil if memory ran out.
    static func makeMulti() -> UnsafeMutableRawPointer? {
        Descriptor.fillTheThree()
        for _ in 1..<attempts {
            let next = nextDescriptors()
            guard let multi = CurlLibrary.makeMulti() else { return nil }
            if let next, secure(next, of: multi) { return multi }
            curl_multi_cleanup(multi)
        }
        return CurlLibrary.makeMulti()
    }

    private static func nextDescriptors() -> (Int32, Int32)? {
        let first = flxc_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
        guard first >= 0 else { return nil }
        defer { close(first) }
        let second = flxc_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
        guard second >= 0 else { return nil }
        close(second)
        return (first, second)
    }

    /// False if `pair` is not the pair of `multi`.
    private static func secure(_ pair: (Int32, Int32), of multi: UnsafeMutableRawPointer) -> Bool {
        guard isLocalSocket(pair.0), isLocalSocket(pair.1), !isReadable(pair.0) else { return false }
        curl_multi_wakeup(multi)
        guard isReadable(pair.0) else { return false }
        curl_multi_poll(multi, nil, 0, 0, nil)  // takes the byte out again
        flxc_close_on_exec(pair.0)
        flxc_close_on_exec(pair.1)
        return true
    }

    private static func isLocalSocket(_ fd: Int32) -> Bool {
        var domain: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX
    }

    private static func isReadable(_ fd: Int32) -> Bool {
        var asked = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
        return poll(&asked, 1, 0) == 1 && asked.revents & Int16(POLLIN) != 0
    }
}
