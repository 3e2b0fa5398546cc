import CLibc

/// Gives a call of the library plain floating point: rounding to nearest, no traps; the host's own comes back at its end.
///
/// A host may have traps on or another rounding, and the runtime, SQLite and jansson compute with doubles (K-11).
enum FloatGuard {
    static func run<Result>(_ body: () -> Result) -> Result {
        if flxc_has_plain_float() != 0 { return body() }  // nearly always, and to set it anew costs as much as a small call
        var ofHost = fenv_t()
        feholdexcept(&ofHost)
        fesetround(FE_TONEAREST)
        defer { fesetenv(&ofHost) }
        return body()
    }
}
