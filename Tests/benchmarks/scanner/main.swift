import Glibc

// Validates page files with the library's scanner, jansson and simdjson in turns, on one core.   scanner ROUNDS FILE...
// Prints a line for each round: file name, then MB/s of each. Every one must find the same number of records.

@_silgen_name("jansson_records") func janssonRecords(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int
@_silgen_name("simdjson_records") func simdjsonRecords(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int

func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16 << 20)
    let got = bytes.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
    return Array(bytes.prefix(got))
}

func cpuSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// MB/s of `records` over `bytes`, over 60 MB.
func speed(_ bytes: [UInt8], expecting: Int, _ records: ([UInt8]) -> Int) -> Double {
    let times = max(3, 60_000_000 / bytes.count)
    let start = cpuSeconds()
    for _ in 0..<times where records(bytes) != expecting {
        print("a parser found another number of records")
        exit(1)
    }
    return Double(bytes.count * times) / (cpuSeconds() - start) / 1e6
}

@main
struct Scanner {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        for path in arguments.dropFirst() {
            let bytes = read(path)
            let count = bytes.withUnsafeBufferPointer { $0.baseAddress.map { janssonRecords($0, bytes.count) } ?? -1 }
            for _ in 0..<(Int(arguments.first ?? "") ?? 1) {
                let ours = speed(bytes, expecting: count) { (try? JSONDocument.parsePage($0))?.records.count ?? -1 }
                let jansson = speed(bytes, expecting: count) { bytes in
                    bytes.withUnsafeBufferPointer { $0.baseAddress.map { janssonRecords($0, bytes.count) } ?? -1 }
                }
                let simdjson = speed(bytes, expecting: count) { bytes in
                    bytes.withUnsafeBufferPointer { $0.baseAddress.map { simdjsonRecords($0, bytes.count) } ?? -1 }
                }
                print(path, ours, jansson, simdjson)
            }
        }
    }
}
