import CFlxChannel

/// Settings of a client that is to be opened.
final class Config {
    fileprivate let handle: OpaquePointer?

    init() throws {
        var made: OpaquePointer?
        try Call.run { flx_config_new(&made, $0) }
        handle = made
    }

    deinit { flx_config_free(handle) }

    func set(_ setting: SettingKey, _ value: String) throws {
        let key = setting.name
        try Call.run { flx_config_set(handle, key, key.utf8.count, value, value.utf8.count, $0) }
    }

    func set(json: [UInt8]) throws {
        _ = try json.withText { text, count in try Call.run { flx_config_set_json(handle, text, count, $0) } }
    }

    /// Log records go to a file from now on.
    func log(to file: LogFile) throws {
        // Safe: the drop function takes back what is retained here, once the last client is gone.
        let kept = Unmanaged.passRetained(file).toOpaque()
        try Call.run { errors in
            flx_config_on_log(
                handle,
                { file, _, line, count in
                    guard let file, let line else { return }
                    let text = UnsafeRawBufferPointer(start: line, count: count)
                    Unmanaged<LogFile>.fromOpaque(file).takeUnretainedValue().add(Array(text))
                }, kept, { file in if let file { Unmanaged<LogFile>.fromOpaque(file).release() } }, errors)
        }
    }
}

extension Config {
    /// Moves the whole state of a channel to where another config has it.
    func moveState(to other: Config) throws { try Call.run { flx_state_move(handle, other.handle, $0) } }
}

/// One open channel.
final class Client {
    let handle: OpaquePointer?

    init(_ config: Config, interrupt: Interrupt? = nil) throws {
        var opened: OpaquePointer?
        try Call.run { flx_client_open(config.handle, &opened, $0) }
        handle = opened
        if let interrupt { try Call.run { flx_client_set_cancel(handle, interrupt.handle, $0) } }
    }

    deinit { flx_client_close(handle) }

    // MARK: what it knows

    func stats() throws -> JSON { try Call.json { flx_client_stats(handle, $0, $1) } }

    func holders() throws -> JSON { try Call.json { flx_client_holders(handle, $0, $1) } }

    func cursors() throws -> JSON { try Call.json { flx_cursor_list(handle, $0, $1) } }

    /// Lines of JSON.
    func logs() throws -> [UInt8] { try Call.blob { flx_client_logs(handle, $0, $1) }.bytes }

    // MARK: what asks the hub

    func probe(waitMs: Int32) throws -> JSON { try Call.json { flx_client_probe(handle, waitMs, $0, $1) } }

    func call(_ operation: String, _ arguments: [UInt8], waitMs: Int32 = -1) throws -> [UInt8] {
        try arguments.withText { text, count in
            try Call.blob { flx_call(handle, operation, operation.utf8.count, text, count, waitMs, $0, $1) }.bytes
        }
    }

    /// The requests that a flush would send, or that a call would be, instead of sending them: a list, whose bodies are the very
    /// bytes.
    func preview(_ call: JSON? = nil) throws -> [UInt8] {
        guard let text = call?.line else { return try Call.blob { flx_preview(handle, nil, 0, $0, $1) }.bytes }
        return try Call.blob { flx_preview(handle, text, text.utf8.count, $0, $1) }.bytes
    }

    /// One slice of sending.
    func flush(budgetMs: Int32) throws -> (status: Int32, report: JSON) {
        let (status, bytes) = try Call.blob { flx_flush(handle, budgetMs, $0, $1) }
        return (status, try JSON.read(bytes, what: "the report"))
    }

    // MARK: cursors, answers

    func setCursor(_ feed: Feed, name: String, to instant: String) throws {
        try Call.run {
            flx_cursor_set(handle, feed.number, name, name.utf8.count, instant, instant.utf8.count, $0)
        }
    }

    func acknowledge(receipt: String, answers: JSON) throws {
        let text = answers.line
        try Call.run { flx_ack(handle, receipt, receipt.utf8.count, text, text.utf8.count, $0) }
    }
}
