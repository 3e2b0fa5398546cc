/// The part of `--help` that is not about options. Lines stay under 79 columns.
enum Manual {
    static let text = """
        Prints three lines as soon as it listens, "url http://127.0.0.1:PORT",
        "token TOKEN" and "console URL/_console", and runs until SIGTERM, SIGINT or,
        with --exit-with-parent, the end of standard input. The console shows the hub
        live in a browser, and does there what the admin paths do.

        The admin paths need no token, take no place in the pool and are not in the
        journal. Bodies and answers are JSON:
          GET    /_admin/state, switches, faults, journal, totals, answers, orders,
                 orders/NUMBER, listings, listings/SKU, shipments, returns, clock
          POST   /_admin/switches  {"NAME":"VALUE"}
          POST   /_admin/faults    {"do":"NAME", ...}
          POST   /_admin/listings  {"sku":"S","price":"9.90","quantity":3,
                                    "title":"T","status":"hidden"}
          POST   /_admin/churn     {"rows":10,"what":"mix"}
          POST   /_admin/ship      {"order_number":"N","split":true}
          POST   /_admin/shipments {"id":500001,"carrier":"C"}
          POST   /_admin/return    {"order_number":"N","rma":true}
          POST   /_admin/order     {"order_number":"N","status":"Canceled"}
          POST   /_admin/order     {"order_number":"N","total":"9.90",
                                    "inserted_at":"2026-01-31T12:00:00Z",
                                    "lines":[{"cancel":"SKU"}]}
          POST   /_admin/refuse    {"order_number":"N","status":422}
          POST   /_admin/cut       {"order_number":"N","when":"after","times":1}
          POST   /_admin/clock     {"advance_s":60}
          POST   /_admin/pool      {"take":40}
          POST   /_admin/token     {"token":"T","kind":"channel"} or
                                    {"token":"T","channel":502}
          POST   /_admin/steps     [{"at_request":3,"churn":{"rows":5}}]
          POST   /_admin/reset     {"seed":"tiny"}
          DELETE /_admin/faults, faults/ID, journal, switches
        README.md beside the sources describes them, the fields of the journal, the
        parameters of the faults and the scenario file.

        A fault is for the requests that fit its method, path (the beginning),
        operation, query (a part), order_number, request (its number), connection,
        nth and every; it happens so many times (1 unless told; 0 = always). It is
        one of:
        \(kinds)

        Seeds: empty, tiny (9 variants), demo (1180), large (112841), variants=N;
        then ,number=N ,pending=off ,history=off ,exceptions=off.

        Switches: the row of the contract's table of unknowns, name = default,
        settings, meaning.

        \(Switch.table)
        """

    private static var kinds: String {
        let names = FaultAction.Kind.allCases.map(\.rawValue)
        return stride(from: 0, to: names.count, by: 5).map { start in
            "  " + names[start..<min(start + 5, names.count)].joined(separator: ", ")
        }.joined(separator: ",\n")
    }
}
