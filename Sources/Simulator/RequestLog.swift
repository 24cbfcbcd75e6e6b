// What was asked and how it was answered, as JSON lines. Secrets never get in.
// SPDX-License-Identifier: MIT

import Glibc
import JSON
import Synchronization

/// One line of the log.
struct LogEntry: Sendable {
    var method: String
    /// The path as it was sent, without the query: what that says is in `parameters`.
    var path: String
    var template: String?
    var parameters: [String: ParameterValue] = [:]
    var caller: String?
    var status: Int
    var faults: [String] = []

    /// Parameters whose values are kept out.
    private static func isSecret(_ name: String) -> Bool {
        ["key", "otp", "keyring", "token", "tfa-challenge", "vncticket", "target-endpoint", "value"].contains(name)
            || name.contains("password") || name.contains("secret") || name.contains("encryption")
    }

    func line(time: Double) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("time", time)
            writer.member("method", method)
            writer.member("path", path)
            if let template { writer.member("template", template) }
            writer.member("parameters") { writer in
                writer.object { writer in
                    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
                        writer.name(name)
                        Self.isSecret(name) ? writer.string("***") : Self.write(value, to: &writer)
                    }
                }
            }
            if let caller { writer.member("caller", caller) }
            writer.member("status", status)
            if !faults.isEmpty {
                writer.member("faults") { writer in writer.array { writer in faults.forEach { writer.string($0) } } }
            }
        }
        return writer.bytes
    }

    private static func write(_ value: ParameterValue, to writer: inout JSONWriter) {
        switch value {
        case .text(let text): writer.string(text)
        case .truth(let truth): writer.bool(truth)
        case .object: writer.string("{}")
        case .list(let elements): writer.array { writer in for element in elements { write(element, to: &writer) } }
        }
    }
}

/// Keeps the last requests and writes all of them to a file. Any thread may use it.
final class RequestLog: Sendable {
    private let file: Int32?
    private let keeps: Bool
    private let lines = Mutex([[UInt8]]())

    /// How many requests are kept for `GET /sim/log`.
    static let kept = 10_000

    /// `file` is a descriptor to write to; `keeps` says whether lines are kept to be asked for.
    init(file: Int32?, keeps: Bool) {
        self.file = file
        self.keeps = keeps
    }

    /// Writes one line, before the answer to the request leaves.
    func add(_ entry: LogEntry) {
        guard file != nil || keeps else { return }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
        var line = entry.line(time: Double(milliseconds) / 1000)
        lines.withLock { lines in
            if keeps {
                if lines.count >= Self.kept { lines.removeFirst(Self.kept / 2) }
                lines.append(line)
            }
            line.append(0x0A)
            if let file { line.withUnsafeBytes { _ = Glibc.write(file, $0.baseAddress, $0.count) } }
        }
    }

    /// The kept requests as a JSON array, oldest first.
    var json: [UInt8] {
        lines.withLock { lines in
            var writer = JSONWriter()
            writer.array { writer in lines.forEach { writer.raw($0) } }
            return writer.bytes
        }
    }

    func removeAll() { lines.withLock { $0 = [] } }
}
