/// Why a text is not the JSON we accept, and the byte at which that shows.
enum JSONFault: Error, Equatable {
    /// The text ends inside a value. Fetching it again may help; nothing of it may be used.
    case truncated(at: Int)
    /// Something follows the value.
    case trailing(at: Int)
    /// This byte cannot stand here.
    case unexpected(at: Int)
    case number(at: Int)
    /// A control byte inside a string.
    case control(at: Int)
    case escape(at: Int)
    /// A zero byte or `\u0000`.
    case nul(at: Int)
    case utf8(at: Int)
    /// Half of a surrogate pair in `\u` spelling.
    case surrogate(at: Int)
    /// A name that its object has already, perhaps in another spelling.
    case duplicateKey(at: Int)
    /// Names of one object that were made to have one hash.
    case collisions(at: Int)
    /// There is no memory for the index. Nothing is wrong with the text.
    case memory(at: Int)
    case depth(at: Int, limit: Int)
    case stringSize(at: Int, limit: Int)
    case numberSize(at: Int)
    case members(at: Int, limit: Int)
    case values(at: Int, limit: Int)
    case records(at: Int, limit: Int)
    case size(found: Int, limit: Int)
    /// A page that is not an array.
    case notArray(at: Int)
    /// A number that is not a whole number of 64 bits, where only those are read.
    case notInteger(at: Int)

    /// The byte at which it shows.
    var offset: Int {
        switch self {
        case .truncated(let at), .trailing(let at), .unexpected(let at), .number(let at), .control(let at),
            .escape(let at), .nul(let at), .utf8(let at), .surrogate(let at), .duplicateKey(let at), .numberSize(let at),
            .notArray(let at), .notInteger(let at), .collisions(let at), .memory(let at):
            at
        case .depth(let at, _), .stringSize(let at, _), .members(let at, _), .values(let at, _), .records(let at, _):
            at
        case .size(_, let limit):
            limit
        }
    }

    var isTruncated: Bool {
        if case .truncated = self { true } else { false }
    }

    var isMemory: Bool {
        if case .memory = self { true } else { false }
    }

    /// What is so, for a message.
    var reason: String {
        switch self {
        case .truncated(let at): "JSON ends inside a value at byte \(at)"
        case .trailing(let at): "something follows the JSON value at byte \(at)"
        case .unexpected(let at): "byte \(at) cannot stand there in JSON"
        case .number(let at): "byte \(at) is not part of a JSON number"
        case .control(let at): "a string holds a control byte at byte \(at); write it as an escape"
        case .escape(let at): "a string holds an unknown escape at byte \(at)"
        case .nul(let at): "a string holds a zero character at byte \(at)"
        case .utf8(let at): "text is not UTF-8 at byte \(at)"
        case .surrogate(let at): "a string holds half of a surrogate pair at byte \(at)"
        case .duplicateKey(let at): "an object names the same member twice at byte \(at)"
        case .collisions(let at): "an object's names are made to be taken for each other at byte \(at)"
        case .memory(let at): "memory ran out while JSON was read, at byte \(at)"
        case .depth(let at, let limit): "JSON is nested deeper than \(limit) levels at byte \(at)"
        case .stringSize(let at, let limit): "a string is longer than \(limit) bytes at byte \(at)"
        case .numberSize(let at):
            "a number is longer than \(JSONLimits.numberBytes) bytes, or its exponent has more than \(JSONLimits.exponentDigits) digits, at byte \(at)"
        case .members(let at, let limit): "an object or a list has more than \(limit) members at byte \(at)"
        case .values(let at, let limit): "JSON holds more than \(limit) values at byte \(at)"
        case .records(let at, let limit): "a page holds more than \(limit) records at byte \(at)"
        case .size(let found, let limit): "JSON has \(found) bytes, at most \(limit) are read"
        case .notArray(let at): "a JSON array was expected at byte \(at)"
        case .notInteger(let at): "a whole number of 64 bits was expected at byte \(at)"
        }
    }
}
