"""Builds of the library that are wrong on purpose, to show that a checker sees it.

Each is the sources with one edit, built as slim into .build-lib/broken/<name>. An edit whose text is no longer found is an
error, so that a control never runs against a library that is right.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from .ground import ROOT

EDITS: "dict[str, list[tuple[str, str, str]]]" = {
    # name: [(file below Sources/FlxChannel, text, what stands there instead)]
    # Each edit is on a path of its own, so that one build serves several controls.
    "careless-feeds": [
        ("Channel/Feeds/Cursor/CursorMove.swift", "cursor != nil && isAllCommitted && !isHeldBack", "cursor != nil && !isHeldBack"),
        ("Channel/Feeds/Cursor/CursorStart.swift", "Instant(ms: $0.ms - overlapMs)", "Instant(ms: $0.ms)"),
        ("Channel/Feeds/Cursor/PassProof.swift", "(isOnePage || hasAllOfEarlier)", "(isOnePage || true)"),
        # G-04  who lost a feed does not look
        ("State/Leases/FeedLease.swift", "if let found, found.taker == nil { return }", "if found != nil { return }"),
        # G-05  a call that goes on counts from its beginning only
        ("State/Leases/FeedLease.swift", "latestMs = max(latestMs, deadline.atMs)", "latestMs = min(Clock.monotonicMs(), deadline.atMs)"),
        (
            "Channel/Feeds/Pages/PageWalk.swift", "page.startedMs.flatMap { client.clock.instant(requestStartedMs: $0) }",
            "client.clock.now().map { (ms: $0, isSure: page.number > 0) }",
        ),
        (
            "Hub/Calls/PageBody.swift", "do { return try reader.read(while: goesOn) } catch { throw PageBody.fault(error, body, hiding: secret) }",
            """do { return try reader.read(while: goesOn) } catch {
                var cut = body
                while cut.count > 1, (try? JSONDocument.parsePage(cut)) == nil, (try? JSONDocument.parsePage(cut + [0x5D])) == nil {
                    cut.removeLast()
                }
                do { return try JSONDocument.parsePage((try? JSONDocument.parsePage(cut)) == nil ? cut + [0x5D] : cut) } catch {
                    throw PageBody.fault(error, body, hiding: secret)
                }
            }""",
        ),
    ],
    # Holds its feeds as long as it lives, and says nothing.
    "clinging": [
        # G-01, G-06  nobody is ever idle
        ("State/Leases/FeedHolder.swift", "!isInCall(now: now) && idleMs(now: now) >= idleLimitMs", "!isInCall(now: now) && idleMs(now: now) < 0"),
        # G-02  closing the client forgets its pulls
        ("State/Store.swift", "            leases.releaseAll()\n", ""),
        # G-03  who has the feed is not said
        ("Channel/Client/Reports/Client+Holders.swift", "of \\(holder.process.text) since", "since"),
    ],
    "lease-without-lock": [
        # Each opening locks a byte of its own: every process gets every claim. And no fencing token stands behind it.
        ("State/SQLite/LocalHome.swift", "ByteLock.take(LockByte.order(row), of: lockPath)",
         "ByteLock.take(LockByte.order(row) &+ (1 << 40) &* (1 &+ Random.upTo(1 << 20)), of: lockPath)"),
        ("State/Outbox/OutboxTable.swift", "row.fencingToken == fencingToken else { return nil }", "row.fencingToken == fencingToken || at > 0 else { return nil }"),
    ],
    # Not wrong: each directory is a schema of the server that FLX_STATE_SERVER names, so that rows run there as they are.
    "on-server": [
        ("State/Store.swift", "return try LocalHome(directory: directory, channel: channel, others: others)",
         "return try ServerHome(try ServerHome.address(of: directory, channel))"),
        ("State/Postgres/ServerHome.swift", "    init(_ url: Secret) throws(StateError) {",
         """    static func address(of directory: String, _ channel: String) throws(StateError) -> Secret {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in Array(directory.utf8) + Array(channel.utf8) { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        let server = getenv("FLX_STATE_SERVER").map { String(cString: $0) } ?? ""
        guard let address = Array("\\(server)?options=-csearch_path%3Ds\\(hash)".utf8).withUnsafeBytes({ Secret($0) }) else { throw .memory }
        return address
    }
    init(_ url: Secret) throws(StateError) {"""),
        ("State/Postgres/ServerHome.swift", "            SELECT \\(sets), set_config('synchronous_commit'",
         """            DO $$ BEGIN EXECUTE 'CREATE SCHEMA IF NOT EXISTS ' || current_setting('search_path'); EXCEPTION WHEN OTHERS THEN END $$;
            SELECT \\(sets), set_config('synchronous_commit'"""),
    ],
    # The state in a server, as if nothing ever went wrong between it and us. Tests/postgres shows what is seen of each.
    "parted": [
        # whoever wants an order has it
        ("State/Postgres/ServerHome.swift", "guard try take(lock, by: deadline) else { return nil }", "guard deadline.atMs != 0 else { return nil }"),
        ("State/Outbox/OutboxTable.swift", "row.fencingToken == fencingToken else { return nil }", "row.fencingToken == fencingToken || at > 0 else { return nil }"),
        # a commit whose answer is lost is taken for done
        ("State/Postgres/ServerHome.swift", "            if end.spells(\"aborted\") {", "            if end.spells(\"aborted\"), id > 0 { return }\n            if end.spells(\"aborted\") {"),
        # a grant is written over whatever others were granted since
        ("State/Postgres/RateLimitRow.swift", "WHERE token = $1 AND version = $2 RETURNING", "WHERE token = $1 AND $2 >= 0 RETURNING"),
        # a commit is told before it is safe
        ("State/Postgres/ServerHome.swift", "IN ('off', 'local')", "IN ('never')"),
        # the number of a transaction means the same on every server
        ("State/Postgres/ServerHome.swift", "guard Text.isSame(line, self.line) else", "guard Text.isSame(line, self.line) || !line.isEmpty else"),
        # the first host is waited for until the end
        ("State/Postgres/ServerConnection.swift", "if hosts.isEmpty { hosts = ServerHost.all(pq, raw) }", "if hosts.count > 99 { hosts = ServerHost.all(pq, raw) }"),
        # what its clock says is so
        ("State/Postgres/ServerClock.swift", "if !isBoth, learntAt > 0 { stepCount += 1 }", "if !isBoth, learntAt > 0 { stepCount += 0 }"),
    ],
    "host-clock": [
        # The instant of an answer comes from the host's clock.
        ("Transport/HTTP/HubClock.swift", "let at = requestStartedMs &+ belief.offsetMs\n", "let at = wallMs() &+ 0 &* requestStartedMs\n"),
    ],
    "no-sync": [("State/SQLite/SQLiteDatabase.swift", "PRAGMA synchronous=EXTRA", "PRAGMA synchronous=OFF")],
    # Not wrong, but of a later release: two steps more, which only add.
    "newer": [
        ("State/Database/Schema.swift", """        Step(schema: 7, oldestReader: 3, statements: listings),
""", """        Step(schema: 7, oldestReader: 3, statements: listings),
        Step(schema: 8, oldestReader: 3, statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT"]),
        Step(schema: 9, oldestReader: 3, statements: ["CREATE TABLE later (id INTEGER PRIMARY KEY)", "INSERT INTO later VALUES (1)"]),
"""),
        ("State/Database/Schema.swift", "static let known: Int64 = 7", "static let known: Int64 = 9"),
    ],
    # Calls an answer sent before it is, and stores `sending` only when the request is over.
    "early": [
        ("Channel/Answers/AnswerSending.swift", "        for row in batch { json.raw(row.body) }", """        try save(batch) { row in (row.state, row.verdict) = (.sent, .applied) }
        for row in batch { json.raw(row.body) }"""),
        ("Channel/Outbox/Sending/OrderSending.swift", "    private func markSending() -> Bool {", """    private func markSending() -> Bool { true }

    private func markLate() -> Bool {"""),
        ("Channel/Outbox/Sending/OrderSending.swift", "case .post: return posted(", """case .post:
            _ = markLate()
            return posted("""),
    ],
    # To be written when the mended core is here. What each control of rows/wrong_builds.py needs its build to do:
    # Believes what it is told, about orders.
    "credulous": [
        # I-01  a record has our number also when its reference alone is it
        ("Hub/Orders/HubOrder.swift", "if reference == .same { return own == nil ? .same : .alike }", "if reference == .same { return .same }"),
        # I-02  numbers are compared with == on String
        ("Hub/Orders/OrderNumber.swift", "if Text.isSame(theirs, ours) { return .same }", "if theirs.elementsEqual(ours) { return .same }"),
        # I-03  a hub id may stand in several rows
        ("Channel/Outbox/Sending/OrderSending.swift", "isTaken = try outbox.row(hubId: order.id).map { $0.id != id } ?? false", "isTaken = try outbox.row(hubId: order.id) == nil && id < 0"),
        ("Channel/Outbox/Sending/OrderCandidates.swift", "guard let other = try client.store.outbox.row(hubId: order.id) else { return false }",
         "guard let other = try client.store.outbox.row(hubId: order.id), other.id < 0 else { return false }"),
        # I-04  an order that is older than our first attempt is ours without a comparison
        ("Hub/Orders/OrderOwner.swift", "if madeAt < firstSentAt &+ min(0, gapMs) &- clockDoubtMs { return .somebodyElse(differing: differing) }", "if madeAt < firstSentAt { return .ours(differing: []) }"),
        # I-05  equal lines are asked of an order that is younger than our first attempt, and of a fresh 2xx
        ("Hub/Orders/OrderOwner.swift", "return isLikeOurs ? .ours(differing: differing) : .unclear(differing: differing)", "return isLikeOurs && differing.isEmpty ? .ours(differing: []) : .somebodyElse(differing: differing)"),
        ("Hub/Orders/OrderOwner.swift", "let firstSentAt else {\n            return isNew ?",
         "let firstSentAt else {\n            return isNew && differing.isEmpty ?"),
        # I-06  a 2xx counts only if its number is ours byte for byte
        ("Channel/Outbox/Sending/OrderRound+Post.swift", """guard likeness != .other else { return told(order, "the hub answered with an order of another number", event) }""",
         """guard likeness == .same else { return again(.mayExist(), code: FLX_E_CONTRACT, event) }"""),
        # E-01  "duplicate" and "already exist" in a 4xx mean that the order is there
        ("Hub/Orders/OrderReply.swift", "if response.status == 409 {", """if response.status == 409 || Text.contains(said.lowercased(), "already exist") || Text.contains(said.lowercased(), "duplicate") {"""),
        # E-02  a look-up counts although the last attempt may still travel
        ("Channel/Outbox/Sending/OrderRound.swift", "return now &- sentAt < travelMs", "return now &- sentAt < 0 &* travelMs"),
        # E-03  the stamp of the state file is not compared when it is opened
        ("State/SQLite/LocalHome.swift", "if Stamp.isCopy(found, of: left) {", "if Stamp.isCopy(found, of: left), isMade {"),
        # E-05  an object with success false is a good answer to a batch
        ("Channel/Answers/AnswerSending.swift", """isFailed = root.member("success")?.bool == false""", """isFailed = root.member("success")?.bool == false && root.isNull"""),
        # E-06  records of a look-up that cannot be read are left out, and the rest is the whole list
        ("Channel/Outbox/Sending/OrderLookUp.swift", "if mayBeOurs(record.raw) { hasUnread = true }", "if mayBeOurs(record.raw) { hasUnread = false }"),
        ("Channel/Outbox/Sending/OrderLookUp.swift", "where mayBeOurs(body.document.bytes[bad.range]) { hasUnread = true }", "where mayBeOurs(body.document.bytes[bad.range]) { hasUnread = false }"),
        # O-04  an order's number is that of its parcel, whosever it is
        ("Channel/Feeds/Records/ParcelOrder.swift", "if let channel = row.channel, scope.isForeign(orderOf: channel) {", "if let channel = row.channel, row.tries < 0 {"),
        ("Channel/Feeds/Records/ParcelOrder.swift", "let isAnothers = ours.map { $0.hubId != nil ||", "let isAnothers = ours.map { $0.id < 0 ||"),
        # P-20  a record that fails is a hub that fails, and its question is not given up
        ("Channel/Feeds/Records/OrderNumbers.swift", "guard failures >= OrderNumbers.mostTries || row?.awaitedSince != nil else {", "guard failures >= 1000 else {"),
        ("RateLimit/Rule/RateLimit+Learning.swift", "if answer.status >= 500, answer.isOfOneRecord {", "if answer.status >= 500, answer.isOfOneRecord, now < 0 {"),
        # O-01, K-01  new content is taken also when an attempt is in doubt
        ("Channel/Outbox/Client+Outbox.swift", "guard !ambiguous, toldId == nil, code != Int64(FLX_E_CONFLICT) else { return false }", "guard toldId == nil, code != Int64(FLX_E_CONFLICT) else { return false }"),
        ("Channel/Outbox/Client+Outbox.swift", "case .queued: verdict == .none || verdict == .notApplied || verdict == .refused", "case .queued: true"),
        # O-02  clearing away blanks the number
        ("State/Outbox/OutboxTable+Lists.swift", "UPDATE outbox SET message = NULL, purged_at", "UPDATE outbox SET number = NULL, message = NULL, purged_at"),
        # E-07  any 4xx is a no
        ("Hub/Calls/ReplyClass.swift", "case 400...418, 421...431, 451: self = .refused", "case 400...499: self = .refused"),
        ("Hub/Orders/OrderReply.swift", "431, 451: false\n        default: true", "431, 451: false\n        default: status == 400 || status == 422"),
        # O-03  clearing away reads the settled rows in one transaction and blanks them, whatever they are by then, in another
        ("State/Outbox/OutboxTable+Lists.swift", "purged_at = ifnull(purged_at, ?2) WHERE id = ?1 AND state = 4", "purged_at = ifnull(purged_at, ?2) WHERE id = ?1"),
        ("Channel/Outbox/Client+OutboxAdministration.swift", """                return try store.write { () throws(StateError) in
                    try store.outbox.purge(settledBefore: before, limit: limit, at: store.clock.wallMs())
                }""", """                let rows = try store.read { () throws(StateError) -> [OutboxRow] in try store.outbox.list(state: .settled, after: 0, limit: limit) }
                Pause.micro(2000)
                return try store.write { () throws(StateError) -> Int in
                    for row in rows { try store.outbox.purge(row.id, at: store.clock.wallMs()) }
                    return rows.count
                }"""),
    ],
    # Takes the first word of the hub for the truth, and does not wait.
    "hasty": [
        # E-08  a filter that shows nothing is not asked for an order that is there
        ("Channel/Outbox/Sending/OrderLookUp.swift", "(isUnproven && manners.witness != nil ? .byWitness : .byDate, 1, false)", "(.byDate, 1, false)"),
        # I-08  what was made since our first attempt is ours
        ("Hub/Orders/OrderOwner.swift", "isNew || !(isDenied || sent.isAnother(by: differing))", "isNew || !isDenied || !differing.isEmpty"),
        # R-12  a quarter of the pool is kept
        ("RateLimit/Rule/TokenBucket.swift", "case .answer, .poll: 2", "case .answer, .poll: 10"),
        # E-04  an order that is found waits until our channel is known
        ("Channel/Outbox/Sending/OrderSending.swift", "let ours = try OrderCandidates(", "if client.identity.known == nil { return .ask() }\n        let ours = try OrderCandidates("),
        # W-01  the channel of a new token is not asked about before the first write
        ("Channel/Outbox/Flush/Flush.swift", "guard !client.isTokenAccepted else { return .given }", "guard !client.isTokenAccepted, orders.count < 0 else { return .given }"),
        # W-03  a call that writes does not ask
        ("Channel/Client/NamedCall.swift", "if operation.isWrite { try confirmToken(by: deadline) }", ""),
        # W-02  one reply decides which channel is ours
        ("Channel/Client/Identity/ChannelIdentity.swift", "configured ?? (fact.map { $0.witnesses >= 2 } == true", "configured ?? (fact.map { $0.witnesses >= 1 } == true"),
        # L-01  the first Date is the hub's clock
        ("Facts/ClockEvidence.swift", "return (min(heard, prior ?? host), rival == nil && isBacked(heard, host: host))", "return (heard, true)"),
        ("Facts/ClockEvidence.swift", "if !isFar(offset, host: host) {", "if !isFar(offset, host: host) || samples.count >= 0 {"),
        # L-02  the wait that a pool asks for has no bound
        ("RateLimit/Rule/PoolHeaders.swift", "(100...1_000_000).contains(refillMilli), (0...size + max(10, size / 10)).contains(used)", "(1...1_000_000_000).contains(refillMilli), used >= 0"),
        ("RateLimit/Rule/TokenBucket.swift", "static let longestMs: Int64 = 60_000", "static let longestMs: Int64 = 600_000_000"),
        # L-03  Retry-After has no bound
        ("RateLimit/AskedWait.swift", "static let throttledMs: Int64 = 3_600_000", "static let throttledMs: Int64 = 7 * 86_400_000"),
        # P-21  a feed whose bound the hub overlooks is done before it begins
        ("Channel/Feeds/Cursor/CursorPull.swift", "while inHand != nil || !isOver {", "while inHand != nil || !isOver && !(feed == .orders && machine.note.ignoredAt != nil) {"),
        # V-01, V-02  next_in_ms and paused do not know of the limiter's holds
        ("Channel/Outbox/Flush/FlushWait.swift", "case .held(let hold): hold.ms <= FlushWait.soonMs ? FLX_AGAIN : FLX_OK", "case .held: FLX_AGAIN"),
        ("Channel/Outbox/Flush/FlushWait.swift", "        case .held(let hold): hold.ms\n        case .elsewhere", "        case .held: 0\n        case .elsewhere"),
        ("RateLimit/Rule/RateLimit+Relearn.swift", "case .breaker(let ms): return RateLimitPause(reason: .breaker, ms: max(1, ms))", "case .breaker: return nil"),
        # V-03  an order's own time counts also when the clock was set back since
        ("State/Outbox/OutboxTable.swift", "WHERE state < 3 AND (next_at <= ?1 OR next_at > ?2) ORDER BY id LIMIT ?3", "WHERE state < 3 AND (next_at <= ?1 OR next_at > ?2 * 1000) ORDER BY id LIMIT ?3"),
        # V-04  a pull under an open breaker says AGAIN for ever
        ("Channel/Client/Client+Requests.swift", "if patience.ranOut() { throw held(exchange) }", "_ = patience.ranOut()"),
    ],
    # Stands on any ground.
    "careless-ground": [
        # D-19  what others can use stays so
        ("Files/Privacy.swift", "if status.st_mode & Privacy.others != 0 { wide.append((path, status)) }", "if status.st_mode & Privacy.others != 0, isDirectory { wide.append((path, status)) }"),
        # D-25  whoever else uses the directory
        ("Files/Privacy.swift", 'guard let other = mode & Privacy.sticky != 0 ? "files of several users" : Neighbours.first(in: path) else { return }',
         'guard let other = mode & Privacy.sticky == 1 << 20 ? Neighbours.first(in: path) : nil else { return }'),
        # D-20  what something else serves is refused untried
        ("State/Files/StateDirectory.swift", "guard let fault = try FileSystemProof.fault(in: path) else { return .served(name) }",
         "guard let fault = path.isEmpty ? nil : String?.some(\"untried\") else { return .served(name) }"),
        # D-21  locks are believed
        ("State/SQLite/LocalHome.swift", "if let fault = try LockProof.fault(of: lockPath) {", "if let fault = try LockProof.fault(of: lockPath), channel.isEmpty {"),
        ("RateLimit/File/RateLimitFile.swift", "        try proveLock()\n", ""),
        # D-22  whoever can write the parent
        ("State/Files/StateDirectory.swift", "guard !isParent else {", "guard !isParent || !path.isEmpty else {"),
        # D-23  a large file is not looked at beyond its facts
        ("State/SQLite/Recovery.swift", "let isComparable = !overflow && size <= largestCompared",
         "if size > 64 << 20 { return }\n        let isComparable = !overflow && size <= largestCompared"),
        # D-24  a number may be any
        ("State/Database/Statement.swift", "static let farthest: Int64 = 1 << 53", "static let farthest: Int64 = Int64.max"),
        # K-14  a descriptor is what the system gives
        ("Support/System/Descriptor.swift", "private static let least: Int32 = 3", "private static let least: Int32 = 0"),
        # K-15  a boot without a name is another one
        ("Support/System/Boot.swift", "if other != 0, ours != 0 { return other == ours }", "if other != 0 || ours != 0 { return other == ours }"),
        # K-16  without random bytes the key is what it is
        ("State/Identity.swift", "guard let key = Random.bytes(keyBytes) else { throw .random }", "let key = Random.bytes(keyBytes) ?? [UInt8](repeating: 0, count: keyBytes)"),
        # K-17  SQLite is closed outside of the gate that keeps a fork out
        ("State/SQLite/SQLiteDatabase.swift", """        try? use { () throws(StateError) in
            for statement in statements.values""", """        do {
            for statement in statements.values"""),
        # K-17  a fork waits for nobody who is at work
        ("Support/Fork/ForkGate.swift", "{ flxc_load($0) }) > own {", "{ flxc_load($0) }) > own + 1000 {"),
    ],
    # Rounds that say, settle and forget what the host did not.
    "careless-rounds": [
        # Y-01  a page is committed whatever became of its events
        ("Channel/Sync/SyncBatch.swift", "guard case .records(let page) = content, isOver, !isHeld else { return nil }",
         "guard case .records(let page) = content else { return nil }"),
        # Y-01  a result is settled when it is told
        ("Channel/Sync/Sync.swift", "                batch = SyncBatch(.results,", """                for order in orders { try client.outboxSettle(order.number, told: order.json) }
                batch = SyncBatch(.results,"""),
        # Y-01  who stored the content did the change as well
        ("Channel/Sync/ListingTask.swift", 'if members.contains(where: { $0.key == "status" }) { open = [] }',
         "if case .change(nil, let to)? = open.first { (confirmed, open) = (to, []) }"),
        # Y-01  a listing that is gone is forgotten when it is told
        ("Channel/Sync/Sync.swift", "case .gone(let rows): batch =", """case .gone(let rows):
                    for row in rows { try client.write { store throws(StateError) in try store.listings.noteGone(row.id, at: 0) } }
                    batch ="""),
        # Y-02  a reply is not looked at
        ("Channel/Sync/SyncBatch.swift", "if let answer = task.draft { try check(answer, receipt) }",
         "if let answer = task.draft, answer.isEmpty { try check(answer, receipt) }"),
        # Y-03  a feed that somebody else is at has failed
        ("Channel/Sync/Sync.swift", "tally[part].end = error.code == FLX_E_CLIENT_BUSY ? .busy(error.message) : .failed(error)", "tally[part].end = .failed(error)"),
        # Y-04  what a read lacked is gone, whether the hub has it or not
        ("Channel/Sync/Gone/Census.swift", "let gone = asked.filter { !found.contains(ByteText($0.id)) }", "let gone = asked"),
        # Y-05  one failure ends the round
        ("Channel/Sync/Sync.swift", "        default: false", "        default: true"),
        # Y-05  a round that is closed leaves its replies behind
        ("Channel/Sync/Sync.swift", "if let batch { try? settle(batch) }", "if let batch, batch.isOver { try? settle(batch) }"),
    ],
    # Spends what the hub asks for, and repeats what it says.
    "lavish": [
        # J-20  every name has one hash, and nobody counts
        ("Support/Text/HashKey.swift", "self.init(first: words[0], second: words[1] | 1)", "self.init(first: 1, second: 0 &* words[1])"),
        ("JSON/Scanner/JSONScanner+Names.swift", "if collisions > JSONNameSieve.mostCollisions {", "if collisions > JSONNameSieve.mostCollisions &<< 40 {"),
        # J-21  views have no bound
        ("Channel/Client/Settings/Settings.swift", "4 * httpBodyBytes", "4096 * httpBodyBytes"),
        # J-22  all that is allowed is reserved at once, whether it is there or not
        ("Transport/Wire/WireAttempt.swift", "min(limit, max(2 * body.capacity, WireAttempt.firstStep))", "limit"),
        ("Support/Memory/Memory.swift", "bytes < 0 ? false : bytes <= small || flxc_has_memory(bytes) != 0", "bytes >= 0 || flxc_has_memory(small) != 0"),
        # J-23  each reading of a value is kept
        ("ABI/Objects/PageObject.swift", "values[key] = made", "values[UInt64(values.count) | 1 << 63] = made"),
        # J-24  a page is read to its end, whatever the deadline
        ("Channel/Feeds/Pages/PageWalk.swift", "!deadline.isOver && !client.cancel.isFired }", "deadline.isOver || !client.cancel.isFired }"),
        # S-20  cut first, hidden later
        ("Hub/Calls/ReplyClass.swift", "return body.withUnsafeBufferPointer { Redaction.clean($0, hiding: secret, longest: mostBytes) }",
         "return clean(String(decoding: body.prefix(1000), as: UTF8.self), secret)"),
        ("Support/Text/Redaction.swift", "shared >= min(leastShown, needle.count)", "shared >= max(leastShown, needle.count)"),
        # S-21  the environment is obeyed
        ("Transport/Wire/Curl/CurlHandle.swift", "KeyLog.silence(easy)", "KeyLog.isAsked"),
        # S-22  the hub's words stand in the message
        ("Channel/Client/Client+Requests.swift", '"; its words are the error\'s hub_said"', '": \\(said)"'),
    ],
    # As it was before hosts of every language used it.
    "of-before": [
        # K-11  what SQLite left in errno stays there
        ("ABI/Boundary.swift", "    defer { flxc_set_errno(ofHost) }\n", "    _ = ofHost\n"),
        # G-07  a flush is at work in its calls alone
        ("Channel/Client/Reports/Client+Holders.swift", "holder.isInCall() || holder.idleMs() < Client.betweenSlicesMs",
         "holder.isInCall() || holder.idleMs() < 0 &* Client.betweenSlicesMs"),
        # H-30  without a body libcurl says which it would have been
        ("Transport/Wire/Curl/HeaderList.swift", "hasBody ? nodes + 1 : nodes }", "hasBody ? nodes + 1 : nodes + 2 }"),
        # Y-06  what is left out is counted with the pages that are given
        ("Channel/Sync/Sync.swift", "tally[part].leftOut += pull.leftOut", "tally[part].leftOut += 0 &* pull.leftOut"),
        ("Channel/Sync/Sync.swift", "        tally[part].quarantined += Int64(page.quarantined.count)\n",
         "        tally[part].quarantined += Int64(page.quarantined.count)\n        tally[part].leftOut += Int64(page.leftOut)\n"),
        # R-13  an order waits no longer than a poll
        ("RateLimit/Rule/PriorityShares.swift", "static let orderWaitingMs: Int64 = 700", "static let orderWaitingMs: Int64 = 350"),
        # R-13  a slot that it was told of is not kept for it
        ("RateLimit/Rule/RateLimit.swift", "shares.asks(priority, now: now + slotMs)", "shares.asks(priority, now: now &+ 0 &* slotMs)"),
        # R-13  what is due to polls is due to any question
        ("RateLimit/Rule/PriorityShares.swift", "priority == .poll || priority == .probe ? 0", "priority == .poll ? 0"),
        # D-26  a file that was for this build stays so
        ("State/SQLite/LocalHome.swift", "guard version == nil || version != checkedVersion else { return }", "guard checkedVersion == nil else { return }"),
        # P-22  each pull begins the list anew
        ("Channel/Feeds/Cursor/CursorStart.swift", "$0.bound == bound?.ms ? $0 : nil", "$0.bound == bound?.ms && $0.page < 0 ? $0 : nil"),
        # G-08  names are compared as letters
        ("State/Leases/FeedHolder.swift", "Text.isSame(self.name, name)", "self.name.elementsEqual(name)"),
        # M-08  two openings are two of one file
        ("State/Files/LockProof.swift", "if first.isSameFile(as: second) { return (first, second) }", "if attempt >= 0 { return (first, second) }"),
    ],
}


# The same of flx, below Sources/flx.
COMMANDS: "dict[str, list[tuple[str, str, str]]]" = {
    "gullible": [
        # L-04  what was seen once is settled
        ("Learn/Confirmation.swift", "guard let needed = needed[fact.name] else { return fact }",
         "guard let needed = needed[fact.name], needed.isEmpty else { return fact }"),
        # L-05  what was learnt is for any channel and hub
        ("Settings/LearntFile.swift", "guard !isOfChannel || !isOfHub else { return nil }", "guard !isOfChannel, !isOfHub, path.isEmpty else { return nil }"),
        # D-27  any file is one to replace
        ("System/Replacement.swift", "guard isOne(try beginning(of: path)) else {", "guard isOne(try beginning(of: path)) || !kind.isEmpty else {"),
    ],
}


def library(name: str) -> Path:
    """The broken library of this name, built if need be; safe to call from several processes."""
    return _made(name, "FlxChannel", EDITS[name], _library, "libflxchannel.so.1")


def command(name: str) -> Path:
    """The broken flx of this name, in the same way."""
    return _made(name, "flx", COMMANDS[name], _command, "flx")


def _made(name: str, room: str, edits: "list[tuple[str, str, str]]", build: "Callable[[Path, Path], Path]", artefact: str) -> Path:
    assert edits, "its edits are not written yet"
    folder = ROOT / ".build-lib/broken" / name
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made, seen = folder / artefact, folder / "seen"
        digest = _digest(room, edits)
        if made.exists() and seen.exists() and seen.read_text() == digest:
            return made
        with tempfile.TemporaryDirectory() as copy:
            for part in ("Sources", "include", "packaging"):
                shutil.copytree(ROOT / part, Path(copy) / part)
            for part in ("Makefile", "Package.swift", "Package.resolved"):
                shutil.copy(ROOT / part, copy)
            for file, text, instead in edits:
                path = Path(copy) / "Sources" / room / file
                source = path.read_text()
                assert source.count(text) == 1, f"broken build {name}: {file} has {source.count(text)} times: {text}"
                path.write_text(source.replace(text, instead))
            shutil.copy(build(Path(copy), folder), made)
        seen.write_text(digest)
        return made


def _digest(room: str, edits: "list[tuple[str, str, str]]") -> str:
    digest = hashlib.sha256(repr(edits).encode())
    # Of the Makefile the flags alone: an edit of another rule builds nothing anew.
    flags = ROOT / ".build-lib/flags.slim"
    subprocess.run(["make", "-s", str(flags.relative_to(ROOT))], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    rooms = sorted(one for one in (ROOT / "Sources").iterdir() if one.name == room or one.name.startswith("C"))
    for source in [*(one for place in rooms for one in sorted(place.rglob("*"))), ROOT / "include/flxchannel.h", flags]:
        if source.is_file():
            digest.update(source.read_bytes())
    return digest.hexdigest()


def _library(copy: Path, _: Path) -> Path:
    subprocess.run(["make", "-s", "slim"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    return copy / ".build-lib/slim/libflxchannel.so.1"


def _command(copy: Path, folder: Path) -> Path:
    """What it needs of others is built once, and kept; the library that it is linked with is the shipped one."""
    for part in ("Tests", ".build-lib"):
        (copy / part).symlink_to(ROOT / part)
    scratch = folder / "scratch"
    swift = ["swift", "build", "-q", "-c", "release", "--static-swift-stdlib", "--disable-local-rpath", "--scratch-path", str(scratch), "--product", "flx"]
    subprocess.run(swift, cwd=copy, check=True, stdout=subprocess.DEVNULL)
    return scratch / "release/flx"
