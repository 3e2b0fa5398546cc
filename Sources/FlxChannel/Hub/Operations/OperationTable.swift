/// Every operation of the contract, in its order.
enum OperationTable {
    // ---- made from tables/operations.toml by `make generate`: edit there, not here ----
    static let all: [Operation] = channel + listings + orders + shipments + returns
    // ---- end of what is made ----

    static func named(_ id: String) -> Operation? {
        all.first { $0.id == id }
    }

    /// What to say to a host that asked for an operation which is not in the table.
    static func unknown(_ id: String) -> Fault {
        let ids = all.filter { $0.refusal == nil }.map { $0.id }
        let near = Text.suggestion(for: id, in: ids, otherwise: "; flx_describe(\"operations\") lists them")
        return Fault(path: "", message: "\(Redaction.clean(id, longest: 100)) is not an operation\(near)")
    }
}
