/// A parameter of a statement, in the binary form of its type.
enum ServerValue {
    case null
    case number(Int64)
    case bytes([UInt8])

    init(_ value: StoredValue) {
        switch value {
        case .null: self = .null
        case .number(let number): self = .number(number)
        case .text(let text): self = .bytes(Array(text.utf8))
        case .bytes(let bytes): self = .bytes(bytes)
        }
    }

    // The numbers of the types, as every server's catalogue has them.
    static let (typeBool, typeBytes, typeBig, typeSmall, typeInt): (UInt32, UInt32, UInt32, UInt32, UInt32) = (16, 17, 20, 21, 23)

    private var type: UInt32 {
        switch self {
        case .null: 0  // whatever its place asks for
        case .number: ServerValue.typeBig
        case .bytes: ServerValue.typeBytes
        }
    }

    typealias Pointers = (
        UnsafePointer<UInt32>?, UnsafePointer<LibPQ.Text?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Int32

    /// Lays them out as libpq wants them, while `body` runs.
    static func withPointers(_ values: [ServerValue], _ body: Pointers) -> Int32 {
        var room: [UInt8] = []
        var places: [Int?] = []
        var lengths: [Int32] = []
        for value in values {
            switch value {
            case .null:
                places.append(nil)
                lengths.append(0)
            case .number(let number):
                places.append(room.count)
                lengths.append(8)
                for shift in stride(from: 56, through: 0, by: -8) { room.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
            case .bytes(let bytes):
                places.append(room.count)
                lengths.append(Int32(clamping: bytes.count))
                room += bytes
            }
        }
        room.append(0)  // so that an empty one has a place
        let types = values.map { $0.type }
        let formats = [Int32](repeating: 1, count: values.count)
        return room.withUnsafeBytes { room in
            let start = room.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers: [LibPQ.Text?] = places.map { place in place.flatMap { start?.advanced(by: $0) } }  // Safe: within `room`.
            return body(types, pointers, lengths, formats)
        }
    }

    /// A number in binary form; nil if it is none.
    static func number(_ bytes: [UInt8], type: UInt32) -> Int64? {
        switch (type, bytes.count) {
        case (typeBool, 1): return bytes.first.map { Int64($0) }
        case (typeBig, 8): return bytes.reduce(0) { $0 << 8 | Int64($1) }
        case (typeInt, 4): return Int64(Int32(truncatingIfNeeded: bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }))
        case (typeSmall, 2): return Int64(Int16(truncatingIfNeeded: bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }))
        default: return nil
        }
    }
}
