/// The settings that rooms below the table of settings speak of in their errors. `ConfigKey` takes the names from here, so that
/// each is spelt once, and a misspelt one does not compile.
enum SettingName {
    case token
    case stateDirectory
    case stateURL
    case rateLimitDirectory
    case httpAttemptMs
    case httpCaFile
    case httpProxy
    case httpUserAgent
    case pullIdleS

    /// As hosts write it.
    var text: String {
        switch self {
        case .token: "token"
        case .stateDirectory: "state_dir"
        case .stateURL: "state.url"
        case .rateLimitDirectory: "rate_limit.dir"
        case .httpAttemptMs: "http.attempt_ms"
        case .httpCaFile: "http.ca_file"
        case .httpProxy: "http.proxy"
        case .httpUserAgent: "http.user_agent"
        case .pullIdleS: "pull.idle_s"
        }
    }
}
