import CLibc

@testable import FlxChannel

extension Scratch {
    /// The store of channel "shop" in `state` under this directory.
    func store(
        channel: String = "shop", origin: String = "https://hub.test", waitMs: Int64 = 20_000
    ) throws(StateError) -> Store {
        try Store.open(.directory(at("state")), channel: channel, origin: origin, waitMs: waitMs)
    }

    var database: String { at("state/shop.db") }
    var lockFile: String { at("state/shop.lock") }
}

extension Store {
    /// Accepts order `number` as Channel would, with made-up hashes.
    @discardableResult
    func accept(_ number: String, at: Int64 = 1000, wire: [UInt8] = Array("{}".utf8)) throws(StateError) -> Int64 {
        try write { () throws(StateError) in
            try outbox.insert(
                number: number, numberHash: keyed("number", Array(number.utf8)), digest: [1, 2], digestVersion: 1,
                wire: wire,
                orderedAt: nil, at: at)
        }
    }

    func order(_ id: Int64) throws(StateError) -> OutboxRow? {
        try read { () throws(StateError) in try outbox.row(id: id) }
    }

    func counts() throws(StateError) -> [OutboxCount] {
        try read { () throws(StateError) in try outbox.counts() }
    }

    /// Changes a row under the fencing token it has.
    @discardableResult
    func change(_ id: Int64, _ edit: (inout OutboxRow) -> Void) throws(StateError) -> Bool {
        try write { () throws(StateError) in
            guard let row = try outbox.row(id: id) else { return false }
            return try outbox.change(id, fencingToken: row.fencingToken, at: 1000, Event("edited"), edit) != nil
        }
    }
}

/// The error that `body` throws, or nil.
func thrown<R>(_ body: () throws(StateError) -> R) -> StateError? {
    do throws(StateError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

func isPath(_ error: StateError?) -> Bool {
    switch error {
    case .path: true
    case .files(let faults): !faults.contains(where: \.isOwner)
    default: false
    }
}

func isBusy(_ error: StateError?) -> Bool {
    if case .busy = error { true } else { false }
}

func isReplaced(_ error: StateError?) -> Bool {
    if case .replaced = error { true } else { false }
}

func isCorrupt(_ error: StateError?) -> Bool {
    if case .corrupt = error { true } else { false }
}

/// Runs `body` in a child made by fork, as `inChild` does; gives 1 if it throws. Other tests go on meanwhile: a child that was
/// forked while one of them was inside the state may never use it, and one that inherited a lock of Swift's runtime hangs. Each
/// is forked again, the latter twice.
func inChildWithState(_ body: () throws(StateError) -> Int32) -> Int32? {
    let forkedInside: Int32 = 100
    var hung = 0
    while true {
        let answer = inChild {
            do throws(StateError) { return try body() } catch { return error == .forkedInside ? forkedInside : 1 }
        }
        if answer == nil, hung < 2 { hung += 1 } else if answer != forkedInside { return answer }
    }
}
