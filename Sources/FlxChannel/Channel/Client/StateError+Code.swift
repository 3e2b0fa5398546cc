import CFlxChannel

extension StateError {
    /// The code of the header for it.
    var code: Int32 {
        switch self {
        case .busy: FLX_E_STATE_BUSY
        case .newer: FLX_E_STATE_NEWER
        case .corrupt: FLX_E_STATE_CORRUPT
        case .io, .full, .replaced, .random: FLX_E_STATE
        case .identity: FLX_E_IDENTITY
        case .files(let faults): faults.contains { $0.isOwner } ? FLX_E_IDENTITY : FLX_E_PATH
        case .path: FLX_E_PATH
        case .forked, .forkedInside: FLX_E_FORKED
        case .lost: FLX_E_CLIENT_BUSY
        case .closed: FLX_E_HANDLE
        case .memory: FLX_E_MEMORY
        case .exists, .misuse: FLX_E_INTERNAL
        }
    }
}

extension Store {
    /// A keyed hash that only this state file can make: of an order number, of an order.
    func keyed(_ purpose: StaticString, _ bytes: [UInt8]) -> [UInt8] {
        Identity.keyed(key, purpose, bytes)
    }
}
