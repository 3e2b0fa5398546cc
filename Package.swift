// swift-tools-version:6.1
import PackageDescription

// The shipped libraries are built by the Makefile from the same sources; this manifest serves the unit tests, flx,
// the sandbox and editors.
let package = Package(
    name: "flxchannel",
    products: [
        .executable(name: "flx", targets: ["flx"]),
        .executable(name: "flx-sandbox", targets: ["flx-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .systemLibrary(name: "CFlxChannel", path: "include"),
        .systemLibrary(name: "CLibc"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "FlxChannel", dependencies: ["CFlxChannel", "CLibc", "CCurl", "CJansson", "CSQLite"],
            exclude: ["README.md", "State/README.md"]),
        // On the C interface alone, as every host is: the built library has to be there (make lib).
        .executableTarget(
            name: "flx",
            dependencies: ["CFlxChannel", "CLibc", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            exclude: ["README.md", "install.sh", "man.py"],
            linkerSettings: [.linkedLibrary("flxchannel"), .unsafeFlags(["-L.build-lib/standard"])]),
        .executableTarget(
            name: "flx-sandbox",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["README.md", "Console/console.png", "Console/console-order.png"],
            // The console's page is inside of the program, which is one file wherever it goes.
            resources: [.embedInCode("Console/Page")]),
        .testTarget(
            name: "FlxChannelTests", dependencies: ["FlxChannel"], path: "Tests",
            exclude: [
                "abi", "benchmarks", "console", "contract", "faults", "flx", "fuzz", "lint", "loading", "packaging", "papers",
                "production",
                "readme", "rooms", "sandbox",
                "together.sh",
                "with-sandbox.sh",
            ],
            sources: ["Support", "Files", "JSON", "Facts", "RateLimit", "Hub", "State", "Transport", "Channel", "Boundary"]),
        .testTarget(name: "FlxTests", dependencies: ["flx"], path: "Tests/flx/readings"),
        .testTarget(name: "SandboxTests", dependencies: ["flx-sandbox"], path: "Tests/sandbox"),
    ]
)
