import CFlxChannel

/// Objects that hosts hold by name: a handle is slot, generation and type in the form of a pointer that nobody follows.
///
/// Invariant: a slot's generation grows when it is freed, so that a handle freed before, made up, or of another type finds
/// nothing (decision 4).
final class HandleTable<Object: AnyObject>: @unchecked Sendable {
    private struct Slot {
        var generation: UInt = 1
        var object: Object?
    }

    private let what: StaticString
    private let tag: UInt
    private let lock = Lock()
    private var slots: [Slot] = []
    private var free: [Int] = []

    private static var slotBits: UInt { 24 }
    private static var generationBits: UInt { 28 }

    /// `tag` is the type's number, 1 to 255, different for each table.
    init(_ what: StaticString, tag: UInt) {
        self.what = what
        self.tag = tag
        ForkGuard.register(lock)
    }

    func insert(_ object: Object) throws(ChannelError) -> OpaquePointer {
        let handle = lock.holding { () -> OpaquePointer? in
            let slot: Int
            if let reused = free.popLast() {
                slot = reused
            } else {
                guard slots.count < 1 << Int(HandleTable.slotBits) else { return nil }
                slot = slots.count
                slots.append(Slot())
            }
            slots[slot].object = object
            return pointer(slot, slots[slot].generation)
        }
        guard let handle else { throw ChannelError(FLX_E_MEMORY, "too many handles of type \(what) are open; free some") }
        return handle
    }

    func object(_ handle: OpaquePointer?) throws(ChannelError) -> Object {
        guard let object = find(handle) else {
            let how = handle == nil ? "NULL" : "stale, freed or of another type"
            throw ChannelError(FLX_E_HANDLE, "the handle is \(how); a \(what) is needed", path: "\(what)")
        }
        return object
    }

    func find(_ handle: OpaquePointer?) -> Object? {
        guard let (slot, generation) = parts(handle) else { return nil }
        return lock.holding {
            guard slot < slots.count, slots[slot].generation == generation else { return nil }
            return slots[slot].object
        }
    }

    /// Takes the object out; nil if the handle is stale.
    func remove(_ handle: OpaquePointer?) -> Object? {
        guard let (slot, generation) = parts(handle) else { return nil }
        return lock.holding {
            guard slot < slots.count, slots[slot].generation == generation, let object = slots[slot].object else { return nil }
            slots[slot].object = nil
            let next = generation + 1
            slots[slot].generation = next
            // A slot whose generations are used up is never used again, so that no old handle comes to life.
            if next < 1 << HandleTable.generationBits { free.append(slot) }
            return object
        }
    }

    /// tag (8 bits) | generation (28) | slot (24) | 101: odd, so that it is never the address of an object.
    private func pointer(_ slot: Int, _ generation: UInt) -> OpaquePointer? {
        OpaquePointer(bitPattern: tag << 55 | generation << 27 | UInt(bitPattern: slot) << 3 | 5)
    }

    private func parts(_ handle: OpaquePointer?) -> (slot: Int, generation: UInt)? {
        guard let handle else { return nil }
        let bits = UInt(bitPattern: handle)
        guard bits >> 55 == tag, bits & 7 == 5 else { return nil }
        let slot = bits >> 3 & (1 << HandleTable.slotBits - 1)
        let generation = bits >> 27 & (1 << HandleTable.generationBits - 1)
        return (Int(bitPattern: slot), generation)
    }
}

/// One table for each type of the header.
enum Handles {
    /// A client of this process.
    static func client(_ handle: OpaquePointer?) throws(ChannelError) -> Client {
        let client = try clients.object(handle)
        try client.checkUsable()
        return client
    }

    /// A pull whose client is of this process.
    static func pull(_ handle: OpaquePointer?) throws(ChannelError) -> Pull {
        let pull = try pulls.object(handle)
        try pull.client.checkUsable()
        return pull
    }

    /// A round whose client is of this process.
    static func sync(_ handle: OpaquePointer?) throws(ChannelError) -> Sync {
        let sync = try syncs.object(handle)
        try sync.client.checkUsable()
        return sync
    }

    static let errors = HandleTable<ErrorObject>("flx_error", tag: 0x51)
    static let blobs = HandleTable<Bytes>("flx_blob", tag: 0x52)
    static let configs = HandleTable<Config>("flx_config", tag: 0x53)
    static let clients = HandleTable<Client>("flx_client", tag: 0x54)
    static let pulls = HandleTable<Pull>("flx_pull", tag: 0x55)
    static let pages = HandleTable<PageObject>("flx_page", tag: 0x56)
    static let builders = HandleTable<OrderBuilder>("flx_order_builder", tag: 0x57)
    static let syncs = HandleTable<Sync>("flx_sync", tag: 0x58)
}
