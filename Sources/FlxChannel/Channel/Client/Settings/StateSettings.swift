import CFlxChannel

/// What of a config says which state is meant, and where it lies. It takes no token to say that.
struct StateSettings: Sendable {
    let channel: String
    let origin: String
    let place: StatePlace
    let waitMs: Int64

    init(_ values: [ByteText: String]) throws(ChannelError) {
        let given = GivenSettings(values)
        var faults: [Fault] = []
        place = try Settings.place(given, &faults)
        let origin = Settings.origin(given, &faults)
        channel = given.text(ConfigKey.channel) ?? ""
        if channel.isEmpty { faults.append(Fault(path: ConfigKey.channel.key.name, message: "is missing")) }
        waitMs = given.number(ConfigKey.stateWaitMs)
        guard faults.isEmpty, let origin else { throw ChannelError(FLX_E_CONFIG, faults: faults) }
        self.origin = origin.text
    }

    /// Moves the state to another place. Its channel and its hub stay the same.
    func move(to other: StateSettings) throws(ChannelError) {
        for (key, own, others) in [
            (ConfigKey.channel.key.name, channel, other.channel), (ConfigKey.origin.key.name, origin, other.origin),
        ] where !Text.isSame(own, others) {
            throw ChannelError(
                FLX_E_CONFIG, faults: [Fault(path: key, message: "is \"\(own)\" in one config and \"\(others)\" in the other")])
        }
        do {
            try SignalGuard.run { () throws(StateError) in
                try StateMove.run(from: place, to: other.place, channel: channel, origin: origin, waitMs: max(waitMs, other.waitMs))
            }
        } catch { throw ChannelError(error) }
    }
}
