// The fuzzers by their names, and the way into libFuzzer.
// SPDX-License-Identifier: MIT

import CFuzzer
import Glibc

/// What libFuzzer calls with each input.
typealias Fuzzer = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

enum FuzzMain {
    static let fuzzers: [(name: String, run: Fuzzer)] = [
        ("json", { data, size in run(JSONFuzzer.self, data, size) }),
        ("framing", { data, size in run(FramingFuzzer.self, data, size) }),
        ("descriptors", { data, size in run(DescriptorFuzzer.self, data, size) }),
    ]

    static func run(_ arguments: [String]) -> Int32 {
        // libFuzzer passes over options with two dashes, and hands them on to the processes it starts.
        guard let word = arguments.first(where: { $0.hasPrefix("--fuzzer=") }),
            let fuzzer = fuzzers.first(where: { "--fuzzer=" + $0.name == word })
        else {
            print(fuzzers.map(\.name).joined(separator: "\n"))
            return arguments.count > 1 ? 2 : 0
        }
        // libFuzzer keeps the arguments for as long as it runs, which is as long as the process does.
        var argv =
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1) as Optional
        for (index, word) in arguments.enumerated() { argv?[index] = strdup(word) }
        argv?[arguments.count] = nil
        var argc = Int32(arguments.count)
        return LLVMFuzzerRunDriver(&argc, &argv, fuzzer.run)
    }

    private static func run(_ target: any FuzzTarget.Type, _ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
        target.take(UnsafeRawBufferPointer(start: data, count: size))
        return 0
    }
}

/// Something that takes any bytes, and traps where it finds a fault.
protocol FuzzTarget {
    static func take(_ bytes: UnsafeRawBufferPointer)
}

/// Ends the process, which is how a fuzzer tells that something does not hold.
func require(_ holds: Bool, _ what: @autoclosure () -> String, line: UInt = #line) {
    if holds { return }
    // A trap of an optimized build says nothing.
    let text = "fault at line \(line): \(what())\n"
    _ = text.withCString { write(2, $0, strlen($0)) }
    abort()
}
