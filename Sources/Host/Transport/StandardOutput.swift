// Moves the protocol's output out of reach of plugins: what they print goes to stderr, with a warning.
// SPDX-License-Identifier: MIT

import CSystem
import EventLoop
import Glibc

/// The real standard output under another number, and the pipe that took its place.
struct StandardOutput {
    /// Where frames go.
    let descriptor: Int32
    private let stray: Int32

    /// Takes fd 1 away. Call it before anything is loaded.
    static func takeOver() -> StandardOutput? {
        let real = fcntl(1, F_DUPFD_CLOEXEC, 10)
        guard real >= 0 else { return nil }
        var ends: [Int32] = [0, 0]
        guard csystem_pipe(&ends) == 0 else { return nil }
        // Whoever floods the pipe before the loop runs loses text instead of stopping the server.
        for end in ends {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        dup2(ends[1], 1)
        close(ends[1])
        csystem_line_buffer_stdout()
        return StandardOutput(descriptor: real, stray: ends[0])
    }

    /// Reports what plugins print while the loop runs.
    func watch(on loop: EventLoop) {
        let guardian = self
        loop.watch(stray, for: .read) { _ in guardian.reportStrays() }
    }

    /// Copies what was printed to stderr, line by line. Also called at the end, for what the loop did not see.
    func reportStrays() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(stray, &chunk, chunk.count)
        guard count > 0 else { return }
        for line in chunk[..<count].split(separator: 0x0A) {
            Log.warning(
                "a plugin printed to standard output, which is the protocol's; the text: "
                    + String(decoding: line, as: UTF8.self))
        }
    }
}
