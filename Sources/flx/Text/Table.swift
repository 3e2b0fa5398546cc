/// Rows of text in columns, as people read them.
struct Table {
    private let heads: [String]
    private var rows: [[String]] = []

    /// A cell that is longer is cut, but for those of the last column.
    private static let widest = 80

    init(_ heads: [String]) { self.heads = heads }

    /// The named members of objects, a row each. A title other than the member's name stands behind a colon: "number:order".
    init(_ columns: [String], of objects: [JSON]) {
        let parts = columns.map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
        self.init(parts.map { $0.count > 1 ? $0[1] : $0[0].split(separator: "_").joined(separator: " ") })
        for object in objects { add(parts.map { object[$0[0]]?.plain ?? "" }) }
    }

    mutating func add(_ cells: [String]) { rows.append(cells.map { Clean.text($0) }) }

    var isEmpty: Bool { rows.isEmpty }

    var lines: [String] {
        let last = heads.count - 1
        let cut = rows.map { row in
            row.enumerated().map { $0.offset == last ? $0.element : Clean.text($0.element, most: Table.widest) }
        }
        let widths = heads.indices.map { column in
            ([heads] + cut).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return ([heads] + cut).map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                if column > 0 { line += "  " }
                line += cell
                if column < last { line += String(repeating: " ", count: max(0, widths[column] - cell.count)) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// An object as a name and a value per line, what is within named by its path; below them each list of objects as a table.
    static func sheet(_ object: JSON) -> [String] {
        var pairs: [(String, String)] = [], tables: [String] = []
        func collect(_ value: JSON, _ path: String) {
            switch value {
            case .object(let members) where !members.isEmpty:
                for member in members { collect(member.value, path.isEmpty ? member.key : "\(path).\(member.key)") }
            case .list(let elements) where elements.contains { !$0.members.isEmpty }:
                tables += ["", path] + Table(columns(elements), of: elements).lines
            case .list(let elements): pairs.append((path, elements.map(\.plain).joined(separator: ", ")))
            default: pairs.append((path, value.plain))
            }
        }
        collect(object, "")
        let width = pairs.map { $0.0.count }.max() ?? 0
        return pairs.map { Clean.text("\($0.0.padded(to: width + 2))\($0.1)") } + tables
    }

    /// The members that objects have, in the order in which they come.
    private static func columns(_ objects: [JSON]) -> [String] {
        var columns: [String] = []
        for member in objects.flatMap(\.members) where !columns.contains(member.key) { columns.append(member.key) }
        return columns
    }
}

extension String {
    func padded(to width: Int) -> String { count < width ? self + String(repeating: " ", count: width - count) : self }
}
