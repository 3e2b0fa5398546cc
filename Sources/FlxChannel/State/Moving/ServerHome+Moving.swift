/// What a move asks of a state in a server.
extension ServerHome {
    func isThere(by deadline: Deadline) throws(StateError) -> Bool { try arrive(making: false, by: deadline) {} }

    func arrive(making isMaking: Bool, by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) -> Bool {
        var isHere = false
        try alone(by: deadline) { deadline throws(StateError) in
            _ = try connection.run(enter(by: deadline), by: deadline)
            try end(by: deadline, isWriting: true) { () throws(StateError) in
                isHere = isMaking ? true : try !tables.isNew()
                if isMaking {
                    try tables.execute(ServerHome.patience)
                    _ = try Schema.prepare(tables, known: .max)
                    for sql in ServerHome.own { try tables.execute(sql) }
                }
                if isHere { try body() }
                _ = try connection.run("COMMIT", by: tables.deadline)
            }
        }
        return isHere
    }

    func name() throws(StateError) -> String {
        let answer = try connection.run(
            """
            SELECT current_schema()::text, current_database()::text,
              coalesce(host(inet_server_addr()) || ':' || inet_server_port(), 'a socket of this machine')
            """, by: tables.deadline
        ).last
        let words = (0..<3).map { Redaction.clean(answer?.text(0, $0) ?? "") }
        return "schema \(words[0]) of database \(words[1]) at \(words[2])"
    }

    func user() throws(StateError) -> String? {
        try tables.execute(ServerHome.patience)
        let locks = try locks(by: tables.deadline)
        for (slot, holder) in try ServerSlots(self, tables).records()
        where holder.taker == nil && locks.contains(ServerLock.slot(slot)) {
            return "\(holder.process.text) holds a feed of this channel"
        }
        return locks.contains { ServerLock.isOrder($0) } ? "an order of this channel is being sent" : nil
    }

    /// A session is silent for long while the other place is at work.
    private static let patience: StaticString = "SET LOCAL idle_in_transaction_session_timeout = 0"
}
