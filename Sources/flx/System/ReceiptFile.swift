import Glibc

/// Receipts of pages, a line of JSON each, with the ids of their records: {"receipt":"...","ids":["17","18"]}.
final class ReceiptFile {
    struct Entry {
        let receipt: String
        let ids: [String]
    }

    private let descriptor: Int32

    /// - Parameter path: nil is standard error
    init(_ path: String?) throws {
        guard let path else {
            descriptor = dup(2)
            return
        }
        var found = stat()
        // A device or a pipe takes them line by line; a file is emptied, so it has to be one of receipts.
        if lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFREG {
            try Replacement.check(path, kind: "receipts") { $0.starts(with: Array("{\"receipt\"".utf8)) }
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure.local("the receipts \(path) cannot be written: \(SystemError.text(errno))") }
    }

    deinit { close(descriptor) }

    func add(_ page: Page) throws {
        let ids = (0..<page.count).map { page.id(of: $0) }
        let entry = JSON.object([.init(key: "receipt", value: .text(page.receipt)), .init(key: "ids", value: .texts(ids))])
        try Output.write(Array((entry.line + "\n").utf8), to: descriptor)
    }

    static func read(_ path: String) throws -> [Entry] {
        let lines = try Input.bytes(path, what: "the receipts").split(separator: 0x0A)
        let entries = try lines.map { line in
            let read = try JSON.read(Array(line), what: "a line of the receipts \(path)")
            guard let receipt = read["receipt"]?.string, let ids = read["ids"] else {
                throw Failure.usage("a line of \(path) is no receipt as `flx pull --receipt` writes it")
            }
            return Entry(receipt: receipt, ids: ids.elements.compactMap(\.id))
        }
        guard !entries.isEmpty else { throw Failure.usage("\(path) has no receipt") }
        return entries
    }
}
