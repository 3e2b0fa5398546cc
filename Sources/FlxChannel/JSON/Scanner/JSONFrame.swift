/// An array or object that is not closed yet.
struct JSONFrame {
    var node = -1
    var isObject = false
    /// Of an object: its names so far are those of its twin, in the same order.
    var isLikeTwin = false
    var count: UInt32 = 0
    /// Of an object: the name that its twin has next, below `twinEnd`. Of an array: the next element's twin, or 0.
    var twin = 0
    var twinEnd = 0
}

/// The frames around the innermost one, by level.
///
/// Invariant: there is room for `levels`; a level is set before it is read.
final class JSONFrames {
    private let frames: UnsafeMutablePointer<JSONFrame>
    private let levels: Int

    init(levels: Int) {
        self.levels = levels
        frames = .allocate(capacity: levels)
    }

    deinit {
        frames.deallocate()
    }

    @inline(__always)
    subscript(level: Int) -> JSONFrame {
        get {
            assert(level >= 0 && level < levels)
            return frames[level]  // Safe: the scanner's level is below `levels`.
        }
        set {
            assert(level >= 0 && level < levels)
            (frames + level).initialize(to: newValue)  // Safe: as above.
        }
    }
}
