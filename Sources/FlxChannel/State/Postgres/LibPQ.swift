import CLibc

/// libpq, opened when a state first lies in a server: no other host needs it.
///
/// Every function is one that PostgreSQL has had since release 9.6, and none changes what the process is to others. Its
/// constants are part of its interface, and stand here in its own words.
struct LibPQ: Sendable {
    typealias Connection = OpaquePointer
    typealias Result = OpaquePointer
    typealias Text = UnsafePointer<CChar>
    typealias Silence = @convention(c) (UnsafeMutableRawPointer?, Result?) -> Void

    let connectStart: @convention(c) (UnsafePointer<Text?>, UnsafePointer<Text?>, Int32) -> Connection?
    let connectPoll: @convention(c) (Connection) -> Int32
    let status: @convention(c) (Connection) -> Int32
    let socket: @convention(c) (Connection) -> Int32
    let errorMessage: @convention(c) (Connection) -> Text?
    let setNonBlocking: @convention(c) (Connection, Int32) -> Int32
    let setNoticeReceiver: @convention(c) (Connection, Silence, UnsafeMutableRawPointer?) -> UnsafeRawPointer?
    let setVerbosity: @convention(c) (Connection, Int32) -> Int32
    let options: @convention(c) (Connection) -> UnsafeMutableRawPointer?
    let freeOptions: @convention(c) (UnsafeMutableRawPointer?) -> Void
    let finish: @convention(c) (Connection) -> Void
    let sendQuery: @convention(c) (Connection, Text) -> Int32
    let sendQueryParams:
        @convention(c) (
            Connection, Text, Int32, UnsafePointer<UInt32>?, UnsafePointer<Text?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?,
            Int32
        ) -> Int32
    let flush: @convention(c) (Connection) -> Int32
    let consumeInput: @convention(c) (Connection) -> Int32
    let isBusy: @convention(c) (Connection) -> Int32
    let getResult: @convention(c) (Connection) -> Result?
    let resultStatus: @convention(c) (Result) -> Int32
    let resultField: @convention(c) (Result, Int32) -> Text?
    let commandStatus: @convention(c) (Result) -> Text?
    let commandRows: @convention(c) (Result) -> Text?
    let rows: @convention(c) (Result) -> Int32
    let columnName: @convention(c) (Result, Int32) -> Text?
    let columnType: @convention(c) (Result, Int32) -> UInt32
    let isNull: @convention(c) (Result, Int32, Int32) -> Int32
    let length: @convention(c) (Result, Int32, Int32) -> Int32
    let value: @convention(c) (Result, Int32, Int32) -> UnsafeMutablePointer<CChar>?
    let clear: @convention(c) (Result) -> Void

    // ConnStatusType, PostgresPollingStatusType, ExecStatusType, PGVerbosity, and the fields of an error.
    static let connected: Int32 = 0
    static let (pollFailed, pollReading, pollWriting, pollDone): (Int32, Int32, Int32, Int32) = (0, 1, 2, 3)
    static let (commandOK, tuplesOK): (Int32, Int32) = (1, 2)
    static let verbose: Int32 = 2
    static let (fieldState, fieldMessage) = (Int32(UInt8(ascii: "C")), Int32(UInt8(ascii: "M")))

    /// Options of a connection, as an array of PQconninfoOption that ends with one without a name: six texts and a number each.
    static let optionStride = MemoryLayout<(Text?, Text?, Text?, Text?, Text?, Text?, Int32)>.stride
    static let optionValue = 3 * MemoryLayout<Text?>.stride

    /// Opens the library that is on this machine. It stays open for as long as the process.
    init() throws(StateError) {
        guard let library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL) else {
            throw .path(
                reason:
                    "\(SettingName.stateURL.text) needs libpq.so.5, which is not here; install it (Debian: apt install libpq5, Alpine: apk add libpq)"
            )
        }
        func find<Function>(_ name: StaticString) throws(StateError) -> Function {
            let found = dlsym(library, LibPQ.text(name))  // Safe: the types are those of the documented interface.
            guard let found else { throw .path(reason: "libpq.so.5 has no \(name); install one of PostgreSQL 9.6 or later") }
            return unsafeBitCast(found, to: Function.self)
        }
        connectStart = try find("PQconnectStartParams")
        connectPoll = try find("PQconnectPoll")
        status = try find("PQstatus")
        socket = try find("PQsocket")
        errorMessage = try find("PQerrorMessage")
        setNonBlocking = try find("PQsetnonblocking")
        setNoticeReceiver = try find("PQsetNoticeReceiver")
        setVerbosity = try find("PQsetErrorVerbosity")
        options = try find("PQconninfo")
        freeOptions = try find("PQconninfoFree")
        finish = try find("PQfinish")
        sendQuery = try find("PQsendQuery")
        sendQueryParams = try find("PQsendQueryParams")
        flush = try find("PQflush")
        consumeInput = try find("PQconsumeInput")
        isBusy = try find("PQisBusy")
        getResult = try find("PQgetResult")
        resultStatus = try find("PQresultStatus")
        resultField = try find("PQresultErrorField")
        commandStatus = try find("PQcmdStatus")
        commandRows = try find("PQcmdTuples")
        rows = try find("PQntuples")
        columnType = try find("PQftype")
        columnName = try find("PQfname")
        isNull = try find("PQgetisnull")
        length = try find("PQgetlength")
        value = try find("PQgetvalue")
        clear = try find("PQclear")
    }

    static func text(_ literal: StaticString) -> Text {
        UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)  // Safe: a literal ends in a zero, and stays.
    }
}
