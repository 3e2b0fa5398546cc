/// The paths under `/_admin`, which need no token and leave no trace in pool or journal.
extension Hub {
    func admin(_ request: Request) -> Reply {
        do throws(Refusal) {
            return Reply.json(200, try adminAnswer(request))
        } catch {
            return Reply.json(error.status, ["error": .string(error.message)])
        }
    }

    private func adminAnswer(_ request: Request) throws(Refusal) -> JSONValue {
        let path = Array(request.segments.dropFirst())
        guard let name = path.first else { return ["paths": "see flx-sandbox --help"] }
        let argument = path.count > 1 ? path[1] : nil
        switch request.method {
        case "GET": return try report(name, argument, Query(request.queryText))
        case "POST", "PUT", "PATCH": return try act(name, try adminBody(request))
        case "DELETE": return try remove(name, argument)
        default: throw Refusal(status: 405, message: "GET, POST or DELETE")
        }
    }

    private func adminBody(_ request: Request) throws(Refusal) -> JSONValue {
        guard !request.body.isEmpty else { return [:] }
        do throws(JSONError) {
            return try JSONParser.parse(request.body)
        } catch { throw .badRequest("the body is not JSON: \(error)") }
    }

    private func remove(_ name: String, _ argument: String?) throws(Refusal) -> JSONValue {
        switch name {
        case "faults":
            guard let argument else {
                faults.clear()
                return ["removed": "all"]
            }
            guard let id = Int(argument), faults.remove(id: id) else { throw .notFound("fault \(argument)") }
            return ["removed": .integer(id)]
        case "journal":
            journal.clear()
            return ["removed": "all"]
        case "switches":
            switches.reset()
            return switchesNow
        default: throw .notFound("/_admin/\(name)")
        }
    }

    /// One action by its path's name; scenario steps come here too.
    func act(_ name: String, _ body: JSONValue) throws(Refusal) -> JSONValue {
        switch name {
        case "switches": return try setSwitches(body)
        case "faults": return try addFaults(body)
        case "refuse": return try addFault(body, do: "refuse")
        case "cut":
            let isBefore = (body["when"]?.text).spells("before")
            return try addFault(body, do: isBefore ? "cut_before" : "cut_after")
        case "listings": return try changeListing(body)
        case "churn": return try churn(body)
        case "ship": return try shipByHand(body)
        case "shipments": return try amendByHand(body)
        case "order": return try changeOrder(body)
        case "return": return try returnByHand(body)
        case "clock": return try setClock(body)
        case "pool": return try takeFromPool(body)
        case "token": return try replaceToken(body)
        case "steps": return try run(steps: body.array ?? [body])
        case "reset": return try reset(body)
        default: throw .notFound("/_admin/\(name)")
        }
    }
}
