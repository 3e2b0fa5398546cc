/// The console at `/_console`: a page and its parts. They are files of `Page/`, which the build puts into the program.
enum Console {
    static let path = "/_console"
    static let eventsPath = "/_console/events"

    /// What a browser is told with everything it gets from here: to run nothing but these files, to ask nobody but us, to be inside
    /// of no other page, and to take no text for HTML.
    static let headers = [
        Header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"),
        Header("X-Content-Type-Options", "nosniff"),
        Header("X-Frame-Options", "DENY"),
        Header("Referrer-Policy", "no-referrer"),
        Header("Cross-Origin-Resource-Policy", "same-origin"),
        Header("Cross-Origin-Opener-Policy", "same-origin"),
        Header("Cache-Control", "no-store"),
    ]

    /// Whether a browser asks for `/`. A client of the API asks for JSON, or has a token.
    static func isFrontDoor(_ request: Request) -> Bool {
        request.method == "GET" && request.path == "/" && request.header("X-API-TOKEN") == nil
            && (request.header("Accept")?.lowercased().contains("text/html") ?? false)
    }

    static func has(_ request: Request) -> Bool {
        request.path == path || request.path.begins(path + "/")
    }

    static var redirect: Reply {
        var reply = Reply(302)
        reply.headers = headers + [Header("Location", path), Header("Vary", "Accept")]
        return reply
    }

    static func reply(to request: Request) -> Reply {
        guard request.method == "GET" || request.method == "HEAD" else { return error(405, "GET is all that is asked here") }
        let name = request.path == path ? "console.html" : String(request.path.dropFirst(path.count + 1))
        guard let part = parts.first(where: { $0.name == name }) else { return error(404, "the console has no such part") }
        var reply = Reply(200, .file(type: part.type, part.bytes))
        reply.headers = headers
        return reply
    }

    static func error(_ status: Int, _ message: String) -> Reply {
        var reply = Reply.json(status, ["error": .string(message)])
        reply.headers = headers
        return reply
    }

    private static let script = "text/javascript; charset=utf-8"
    private static let parts: [(name: String, type: String, bytes: [UInt8])] = [
        ("console.html", "text/html; charset=utf-8", PackageResources.console_html),
        ("console.css", "text/css; charset=utf-8", PackageResources.console_css),
        ("icon.svg", "image/svg+xml", PackageResources.icon_svg),
        ("main.mjs", script, PackageResources.main_mjs),
        ("dom.mjs", script, PackageResources.dom_mjs),
        ("hub.mjs", script, PackageResources.hub_mjs),
        ("Panels/budget.mjs", script, PackageResources.budget_mjs),
        ("Panels/catalogue.mjs", script, PackageResources.catalogue_mjs),
        ("Panels/faults.mjs", script, PackageResources.faults_mjs),
        ("Panels/journal.mjs", script, PackageResources.journal_mjs),
        ("Panels/order.mjs", script, PackageResources.order_mjs),
        ("Panels/orders.mjs", script, PackageResources.orders_mjs),
        ("Panels/recipes.mjs", script, PackageResources.recipes_mjs),
        ("Panels/switches.mjs", script, PackageResources.switches_mjs),
    ]
}
