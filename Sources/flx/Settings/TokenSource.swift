/// Where the token is. It is never on the command line, where every user of this machine could read it.
enum TokenSource {
    case file(String)
    /// FLXCHANNEL_TOKEN.
    case environment
    /// In the configuration itself.
    case configuration
    case nowhere

    /// - Parameters:
    ///   - file: the member `token_file` of the configuration
    ///   - hasToken: the configuration has the token itself
    init(file: String?, hasToken: Bool) throws {
        switch (file, hasToken) {
        case (.some, true): throw Failure.usage("the configuration has both token and token_file; keep token_file")
        case (.some(let path), false): self = .file(path)
        case (nil, true): self = .configuration
        case (nil, false):
            if let path = Environment.variable("FLXCHANNEL_TOKEN_FILE") {
                self = .file(path)
            } else {
                self = Environment.variable("FLXCHANNEL_TOKEN") == nil ? .nowhere : .environment
            }
        }
    }

    var text: String {
        switch self {
        case .file(let path): path
        case .environment: "FLXCHANNEL_TOKEN"
        case .configuration: "the configuration"
        case .nowhere: "nowhere"
        }
    }

    /// The token, unless the configuration gives it to the library itself.
    func read() throws -> String? {
        switch self {
        case .configuration: return nil
        case .environment: return Environment.variable("FLXCHANNEL_TOKEN")
        case .nowhere:
            throw Failure.usage(
                "there is no token: name its file in token_file of the configuration or in FLXCHANNEL_TOKEN_FILE, or set FLXCHANNEL_TOKEN"
            )
        case .file(let path):
            var bytes = try PrivateFile(path, what: "the token file").bytes
            // Editors and echo end a file with a line break.
            if bytes.last == 0x0A { bytes.removeLast() }
            if bytes.last == 0x0D { bytes.removeLast() }
            guard !bytes.isEmpty else { throw Failure.usage("the token file \(path) is empty") }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// What a command line says that has the token on it.
    static let refusal = """
        the token is not taken from the command line: every user of this machine can read it there, and shells keep it in their \
        history; put it into a file (chmod 600) and name that in token_file of the configuration or in FLXCHANNEL_TOKEN_FILE
        """
}
