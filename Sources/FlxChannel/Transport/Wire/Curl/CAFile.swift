import CLibc

/// The check of a file of trusted authorities at open, so that a typing mistake does not look like a TLS fault later.
enum CAFile {
    /// Throws `.config` unless `path` can be read and looks like PEM (T-11).
    static func check(_ path: String) throws(TransportError) {
        guard !path.utf8.contains(0) else { throw .config("ca file name has a NUL", at: .httpCaFile) }
        let fd = Descriptor.open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK)
        guard fd >= 0 else { throw .config("ca file \(path) cannot be read: \(Errno.text(flxc_errno()))", at: .httpCaFile) }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var text: [UInt8] = []
        while text.count < 1 << 22 {
            let got = bytes.withUnsafeMutableBytes { read(fd, $0.baseAddress, $0.count) }
            guard got > 0 else { break }
            text.append(contentsOf: bytes.prefix(got))
            if contains(text, Array("-----BEGIN ".utf8)) { return }
        }
        throw .config("ca file \(path) has no certificate in PEM form", at: .httpCaFile)
    }

    private static func contains(_ hay: [UInt8], _ needle: [UInt8]) -> Bool {
        guard hay.count >= needle.count else { return false }
        for start in 0...(hay.count - needle.count) where hay[start] == needle[0] {
            if hay[start..<start + needle.count].elementsEqual(needle) { return true }
        }
        return false
    }
}
