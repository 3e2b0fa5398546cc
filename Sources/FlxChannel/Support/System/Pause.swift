import CLibc

/// A short sleep, cut short by nothing but a signal.
enum Pause {
    static func micro(_ us: Int64) {
        var time = timespec()
        time.tv_nsec = Int(min(max(us, 0), 999_999) * 1000)
        nanosleep(&time, nil)
    }
}
