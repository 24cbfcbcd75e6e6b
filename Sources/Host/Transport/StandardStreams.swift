// Moves the protocol's streams out of reach of plugins: what they print goes to stderr, what they read is empty.
// SPDX-License-Identifier: MIT

import CSystem
import EventLoop
import Glibc

/// The real standard input and output under other numbers, and the pipe that took the output's place.
struct StandardStreams {
    /// Where requests come from.
    let input: Int32
    /// Where frames go.
    let output: Int32
    private let stray: Int32

    /// Opens what the parent closed, so that no later descriptor is taken for a standard one.
    static func ensureOpen() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is the one just found.
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Takes fds 0 and 1 away. Call it before anything is loaded. Nil when it cannot be done, with errno saying why.
    static func takeOver() -> StandardStreams? {
        let input = fcntl(0, F_DUPFD_CLOEXEC, 10)
        let output = fcntl(1, F_DUPFD_CLOEXEC, 10)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0, output >= 0, nothing >= 0 else { return nil }
        var ends: [Int32] = [0, 0]
        guard csystem_pipe(&ends) == 0 else { return nil }
        // Whoever floods the pipe before the loop runs loses text instead of stopping the server.
        for end in ends {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        dup2(nothing, 0)
        close(nothing)
        dup2(ends[1], 1)
        close(ends[1])
        csystem_line_buffer_stdout()
        return StandardStreams(input: input, output: output, stray: ends[0])
    }

    /// Reports what plugins print while the loop runs.
    func watch(on loop: EventLoop) {
        let streams = self
        loop.watch(stray, for: .read) { _ in
            // Nobody can print any more: a plugin has closed fd 1.
            if !streams.reportStrays() { loop.unwatch(streams.stray) }
        }
    }

    /// Copies what was printed to stderr, line by line. Also called at the end, for what the loop did not see.
    /// False when nothing more can come.
    @discardableResult
    func reportStrays() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(stray, &chunk, chunk.count)
            guard count > 0 else { return count < 0 }
            for line in chunk[..<count].split(separator: 0x0A) {
                Log.warning(
                    "a plugin printed to standard output, which is the protocol's; the text: "
                        + String(decoding: line, as: UTF8.self))
            }
        }
    }
}
