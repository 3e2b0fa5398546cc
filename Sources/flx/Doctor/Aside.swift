/// A client beside the channel's own, for one question or two when that one may not or cannot tell what is wrong.
///
/// Its state and its budget of requests are its own and are thrown away, so that what holds the channel's requests back does not
/// hold these, and what they meet counts for nobody: a refusal is not one more, and nothing is learnt from it.
final class Aside {
    private let client: Client
    private let folder: ScratchFolder

    init(_ settings: Settings) throws {
        folder = try ScratchFolder()
        client = try Client(
            try settings.config([
                (.stateDirectory, folder.path), (.rateLimitDirectory, folder.path), (.httpConnectMs, "2000"), (.logLevel, "error"),
            ]))
    }

    /// Asks once; gives why not, or nil where the hub answers well.
    func failure(of operation: String, _ arguments: String = "{}", waitMs: Int32 = 2500) -> Failure? {
        do {
            _ = try client.call(operation, Array(arguments.utf8), waitMs: waitMs)
            return nil
        } catch {
            return error as? Failure ?? Failure(.fault, "\(error)")
        }
    }
}
