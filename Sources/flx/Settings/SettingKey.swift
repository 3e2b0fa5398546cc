/// The config keys of the library that flx speaks of, each spelt once: a misspelt one does not compile.
enum SettingKey: String {
    case token
    case channel
    case origin
    case stateDirectory = "state_dir"
    case stateURL = "state.url"
    case stateWaitMs = "state.wait_ms"
    case rateLimitDirectory = "rate_limit.dir"
    case httpWaitMs = "http.wait_ms"
    case httpConnectMs = "http.connect_ms"
    case httpCaFile = "http.ca_file"
    case httpProxy = "http.proxy"
    case httpUserAgent = "http.user_agent"
    case pageSize = "page.size"
    case pageFirst = "page.first"
    case pullIdleS = "pull.idle_s"
    case ordersKeepHours = "orders.keep_hours"
    case logLevel = "log.level"
    case channelId = "hub.channel_id"
    case listSpelling = "hub.arrays"
    case overrides = "hub.overrides"

    /// As the configuration writes it.
    var name: String { rawValue }
}
