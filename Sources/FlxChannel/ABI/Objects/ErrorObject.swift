/// An error as the host holds it, its texts laid out once.
final class ErrorObject: @unchecked Sendable {
    let error: ChannelError
    private let parts: [Bytes]

    init(_ error: ChannelError) {
        self.error = error
        let texts = [error.message, error.path, error.operation, error.requestId, StatusName.of(error.code)]
        parts = texts.map { Bytes(Array($0.utf8)) } + [Bytes(error.json()), Bytes(Array(error.hubSaid.utf8))]
    }

    func part(_ part: Int32) -> Bytes? {
        let index = Int(part) - 1
        return parts.indices.contains(index) ? parts[index] : nil
    }
}
