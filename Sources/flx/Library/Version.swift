import CFlxChannel

/// The version of the library that was loaded, which is flx's own: they come together.
enum Version {
    static var text: String { String(cString: flx_version_string()) }

    /// Says so if the library that the loader found is not one for this program.
    static func check() throws {
        guard flx_require(UInt32(FLX_VERSION)) == FLX_OK else {
            throw Failure(
                .fault, "libflxchannel.so.1 is version \(text), which does not fit this flx; install both from one release")
        }
    }
}
