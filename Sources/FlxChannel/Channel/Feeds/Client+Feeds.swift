import CFlxChannel

/// What pulls of both kinds need of their client.
extension Client {
    /// Waits with no work of its own; what is on its way goes on. Only under `driverLock`.
    func idle(until deadline: Deadline) throws(ChannelError) {
        while !deadline.isOver {
            if cancel.isFired { throw ChannelError(FLX_E_CANCELED, "the client's cancel was fired") }
            if transport.pending > 0 {
                do { try transport.drive(until: deadline) } catch { throw ChannelError(error) }
            } else {
                cancel.wait(until: deadline)
            }
        }
    }

    /// The records that the scanner could not read.
    func setAside(_ body: JSONPage) -> [Page.Quarantined] {
        body.bad.map { bad in
            Page.Quarantined(
                index: bad.index, id: bad.id, fault: Fault(path: "", message: bad.fault.reason),
                content: body.document.bytes[bad.range])
        }
    }

    /// Counts records in quarantine, so that the same one is seen once however often it comes (J-15).
    func note(_ bad: [Page.Quarantined], feed: Feed) throws(ChannelError) {
        guard !bad.isEmpty else { return }
        let now = store.clock.wallMs()
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                for record in bad {
                    let reason = record.fault.path.isEmpty ? record.fault.message : "\(record.fault.path) \(record.fault.message)"
                    try store.quarantine.note(feed: feed.rawValue, key: record.key, reason: reason, at: now)
                }
            }
        }
        log.write(.warn, "pull.quarantine", [("feed", .text(feed.name)), ("records", .number(Int64(bad.count)))])
    }

    /// Takes answers of `feed` back that a flush of this client left on their way, so that a pull may have the feed. They
    /// are sent again by the next flush, with the same instant: that does no harm (contract 1.8).
    func abandonAnswers(of feed: Feed) {
        drivingAlone { flushing.abandonAnswers(of: feed) }
    }

    /// Runs `body` when no other thread drives this client; for ending things.
    func drivingAlone(_ body: () -> Void) {
        guard (try? checkUsable()) != nil else { return }
        _ = try? drive(by: Deadline(atMs: Int64.max / 2), ignoringCancel: true) { () throws(ChannelError) in body() }
    }
}
