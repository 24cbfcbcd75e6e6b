// Lines on standard error.
// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// Writes whole lines to stderr. Nothing secret is ever given to it.
enum Log {
    enum Level: Int, Comparable {
        case debug, info, warning, error
        static func < (lhs: Level, rhs: Level) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// Whether lines of the level debug are written.
    static let showsDebug = Atomic<Bool>(false)

    static func write(_ level: Level, _ message: String) {
        if level == .debug, !showsDebug.load(ordering: .relaxed) { return }
        let name =
            switch level {
            case .debug: "debug: "
            case .info: ""
            case .warning: "warning: "
            case .error: "error: "
            }
        line("pve-mcp: \(name)\(message)\n")
    }

    static func warning(_ message: String) { write(.warning, message) }
    static func error(_ message: String) { write(.error, message) }
    static func info(_ message: String) { write(.info, message) }

    private static func line(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            // A client that does not read stderr must not stop the server: what finds no room is lost.
            var room = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
            guard poll(&room, 1, 0) > 0 else { return }
            // One write a line, so that lines of several threads do not mix; nobody can be told if it fails.
            _ = Glibc.write(2, bytes.baseAddress, bytes.count)
        }
    }
}
