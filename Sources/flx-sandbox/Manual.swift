/// The part of `--help` that is not about options.
enum Manual {
    static let text = """
        Prints two lines as soon as it listens, "url http://127.0.0.1:PORT" and "token TOKEN", and runs until SIGTERM,
        SIGINT or, with --exit-with-parent, the end of standard input.

        The admin paths under /_admin need no token, take no place in the pool and are not in the journal:
          GET  /_admin/state | switches | faults | journal | orders | orders/NUMBER | listings | listings/SKU | shipments |
               answers | totals
          POST /_admin/switches {"name":"value"}      POST /_admin/faults {"do":"...",...}   DELETE /_admin/faults[/ID]
          POST /_admin/listings {"sku":"...",...}     POST /_admin/churn {"rows":10}
          POST /_admin/ship {"order_number":"..."}    POST /_admin/shipments {"id":1,...}
          POST /_admin/order {"order_number":"...","status":"Canceled"}
          POST /_admin/refuse {"order_number":"..."}  POST /_admin/cut {"order_number":"...","when":"after","times":1}
          POST /_admin/clock {"advance_s":60}         POST /_admin/pool {"take":40}          POST /_admin/token {"token":"..."}
          POST /_admin/steps [{"switches":{}},...]    POST /_admin/reset {}
        Sources/flx-sandbox/README.md describes them, the fields of the journal, and the scenario file.

        Faults: \(Fault.kinds).
        A fault is for the requests that fit method, path (its beginning), operation, query (a part), order_number, request
        (its number), connection, nth, every; it happens times times (1; 0 = always).

        Switches, with the row of the contract's table of unknowns:

        \(Switch.table)
        """
}
