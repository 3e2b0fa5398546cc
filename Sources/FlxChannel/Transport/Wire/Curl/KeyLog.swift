import CCurl
import CLibc

/// libcurl writes the secrets of every TLS connection into the file that SSLKEYLOGFILE names. Whoever can set a variable of the
/// host's environment would read the token with them (S-21), and the environment is not to be asked for anything.
///
/// There is no option against it: the only way is to take the function out again that libcurl gave to OpenSSL, before each
/// handshake. What is not asked for is left alone: OpenSSL is not ours.
enum KeyLog {
    private typealias Callback = @convention(c) (UnsafeRawPointer?, UnsafePointer<CChar>?) -> Void
    private typealias Setter = @convention(c) (UnsafeMutableRawPointer?, Callback?) -> Void

    /// Whether libcurl was told to write them.
    static var isAsked: Bool { getenv("SSLKEYLOGFILE") != nil }

    /// Whether libcurl would wait for somebody to read it when it is set up, which may be never.
    static var blocks: Bool {
        guard let name = getenv("SSLKEYLOGFILE") else { return false }
        var status = stat()
        return stat(name, &status) == 0 && flxc_is_fifo(status.st_mode) != 0
    }

    /// OpenSSL's function, as the libcurl that is loaded finds it; nil if it is built with another library.
    private static let setter: Setter? = {
        guard let library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_NOLOAD) else { return nil }
        guard let found = dlsym(library, "SSL_CTX_set_keylog_callback") else { return nil }
        return unsafeBitCast(found, to: Setter.self)  // Safe: the type is the one of OpenSSL's header, since 1.1.1.
    }()

    /// Has every connection of a handle keep its secrets; false if that cannot be done.
    static func silence(_ easy: UnsafeMutableRawPointer) -> Bool {
        guard setter != nil else { return false }
        return flxc_set_ssl_ctx(easy) { _, context, _ in
            KeyLog.setter?(context, nil)
            return CURLE_OK
        } == CURLE_OK
    }
}
