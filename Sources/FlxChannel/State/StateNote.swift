/// What the host's log is to say of where the state lies.
enum StateNote: Equatable {
    case volatile
    case served(String)
    /// A file or directory that was open to others, with the mode it had.
    case tightened(String)
    case exposed(String)

    var event: String {
        switch self {
        case .volatile: "state.volatile"
        case .served: "state.file_system"
        case .tightened: "state.tightened"
        case .exposed: "state.exposed"
        }
    }

    var message: String {
        switch self {
        case .volatile: "the state directory is on a memory file system and ends with the machine"
        case .served(let name):
            "the state directory is on a file system (\(name)) whose locks, renames and syncs were proven just now for this machine only; let no other machine use it"
        case .tightened(let file): "other users could use \(file) until now; that is taken away"
        case .exposed(let path):
            "every user can write \(path), above the state directory, and could move the state away; run chmod o-w or chmod +t on it"
        }
    }
}
