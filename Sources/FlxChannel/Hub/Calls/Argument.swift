/// An argument of an operation or a field of a request body. A class, so that a row of a table is one word wherever it goes.
final class Argument: Sendable {
    enum Place: Sendable {
        case path
        case query
        case body

        var name: String {
            switch self {
            case .path: "path"
            case .query: "query"
            case .body: "body"
            }
        }
    }

    let name: String
    let place: Place
    let type: ArgumentType
    let isRequired: Bool
    /// The hub takes null for it.
    let mayBeNull: Bool
    /// The only values it may have; empty if it may have any.
    let choices: [String]
    /// Least and most of a number, or of the members of a list.
    let least: Int64?
    let most: Int64?
    /// A list with at most as many members as the page size (contract 3.3).
    let isBoundByPageSize: Bool
    /// No page of the hub's documentation names it.
    let isInferred: Bool

    /// A path argument: an id, always required.
    static func id(_ name: String) -> Argument {
        Argument(name, .path, .integer, required: true, least: 0)
    }

    static func query(
        _ name: String, _ type: ArgumentType, required: Bool = false, of choices: [String] = [], least: Int64? = nil,
        most: Int64? = nil, withinPageSize: Bool = false, inferred: Bool = false
    ) -> Argument {
        Argument(
            name, .query, type, required: required, of: choices, least: least, most: most,
            withinPageSize: withinPageSize, inferred: inferred)
    }

    static func field(
        _ name: String, _ type: ArgumentType, required: Bool = false, null: Bool = false, of choices: [String] = [],
        least: Int64? = nil
    ) -> Argument {
        Argument(name, .body, type, required: required, null: null, of: choices, least: least)
    }

    private init(
        _ name: String, _ place: Place, _ type: ArgumentType, required: Bool, null: Bool = false,
        of choices: [String] = [], least: Int64? = nil, most: Int64? = nil, withinPageSize: Bool = false,
        inferred: Bool = false
    ) {
        self.name = name
        self.place = place
        self.type = type
        self.isRequired = required
        self.mayBeNull = null
        self.choices = choices
        self.least = least
        self.most = most
        self.isBoundByPageSize = withinPageSize
        self.isInferred = inferred
    }
}

/// What a value may be.
indirect enum ArgumentType: Sendable {
    case text
    /// A whole number; also given as text, because the library gives ids as text.
    case integer
    /// A number whose digits are kept; also given as text, because the library gives money as text.
    case decimal
    case boolean
    /// ISO 8601 with a zone (contract 1.4).
    case instant
    /// Any JSON: the contract does not say.
    case any
    case list(ArgumentType)
    case object(BodyShape)

    var name: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .decimal: "decimal"
        case .boolean: "boolean"
        case .instant: "instant"
        case .any: "any"
        case .list: "list"
        case .object: "object"
        }
    }
}

/// The members of an object in a request body.
struct BodyShape: Sendable {
    let fields: [Argument]
    /// Members that are not listed pass through: the list is reconstructed, the hub may know more.
    let isOpen: Bool
    /// At least one of these must be there.
    let oneOf: [String]

    init(_ fields: [Argument], open: Bool = false, oneOf: [String] = []) {
        self.fields = fields
        self.isOpen = open
        self.oneOf = oneOf
    }
}

/// The body of a request.
struct RequestBody: Sendable {
    let type: ArgumentType
    let isRequired: Bool

    static func object(_ shape: BodyShape, required: Bool = true) -> RequestBody {
        RequestBody(type: .object(shape), isRequired: required)
    }

    static func list(of shape: BodyShape) -> RequestBody {
        RequestBody(type: .list(.object(shape)), isRequired: true)
    }
}
