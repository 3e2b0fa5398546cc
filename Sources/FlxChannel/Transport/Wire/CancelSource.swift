/// Where a cancel comes from: a descriptor that becomes readable when it is fired, and a question. Both are asked anew
/// each time, because the host may give a client another cancel.
struct CancelSource {
    private let descriptor: () -> Int32
    let isFired: () -> Bool
    /// The descriptor was readable though nothing is fired: makes it quiet, or a wait on it would spin.
    let calm: () -> Void

    init(fd: @escaping () -> Int32, isFired: @escaping () -> Bool, calm: @escaping () -> Void = {}) {
        descriptor = fd
        self.isFired = isFired
        self.calm = calm
    }

    /// -1 for none.
    var fd: Int32 { descriptor() }

    static var none: CancelSource { CancelSource(fd: { -1 }, isFired: { false }) }
}
