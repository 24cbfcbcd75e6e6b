// A small HTTP server on this machine that misbehaves as told.
// SPDX-License-Identifier: MIT

import Foundation
import Glibc
import Synchronization

/// Answers each request by a closure. Threads of its own; ends with the object.
public final class LoopbackServer: Sendable {
    /// A request as it arrived.
    public struct Received: Sendable {
        /// Counts connections from 1.
        public let connection: Int
        /// Counts requests over all connections from 1.
        public let number: Int
        public let head: String
        public let body: String

        /// Verb and target.
        public var line: String {
            String(head.prefix { $0 != "\r\n" }.split(separator: " ").prefix(2).joined(separator: " "))
        }

        public func header(_ name: String) -> String? {
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    /// What happens to a request.
    public enum Reply: Sendable {
        /// Status 200 with `{"data":…}`.
        case data(String)
        case answer(Int, String, String)
        /// These bytes, then the connection ends.
        case rawThenClose(String)
        case close
        /// Nothing, until the client ends the connection.
        case silence
    }

    public let port: Int
    private let listener: Int32
    private let received = Mutex<[Received]>([])
    private let connections = Mutex(0)

    public var requests: [Received] { received.withLock { $0 } }
    public var lines: [String] { requests.map(\.line) }
    public var connectionCount: Int { connections.withLock { $0 } }

    public init(_ reply: @escaping @Sendable (Received) -> Reply) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = getsockname(listener, $0, &length)
            }
        }
        listen(listener, 16)
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            // Closed here and not in `deinit`: between two calls of accept the number could become another server's.
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self else { return }
                let number = self.connections.withLock { count in
                    count += 1
                    return count
                }
                Thread.detachNewThread { self.serve(connection, number, reply) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ connection: Int32, _ number: Int, _ reply: (Received) -> Reply) {
        defer { close(connection) }
        var buffer: [UInt8] = []
        while let (head, body) = readRequest(connection, &buffer) {
            let request = received.withLock { list in
                list.append(Received(connection: number, number: list.count + 1, head: head, body: body))
                return list[list.count - 1]
            }
            switch reply(request) {
            case .data(let json): send(connection, LoopbackServer.text(200, "OK", "{\"data\":\(json)}"))
            case .answer(let status, let reason, let body): send(connection, LoopbackServer.text(status, reason, body))
            case .rawThenClose(let text):
                send(connection, text)
                return
            case .close: return
            case .silence:
                var byte: UInt8 = 0
                while read(connection, &byte, 1) > 0 {}
                return
            }
        }
    }

    private static func text(_ status: Int, _ reason: String, _ body: String) -> String {
        "HTTP/1.1 \(status) \(reason)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func send(_ connection: Int32, _ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func readRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> (String, String)? {
        while true {
            let text = String(decoding: buffer, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                let length = head.lowercased().components(separatedBy: "content-length: ").dropFirst().first
                    .flatMap { Int($0.prefix { $0.isNumber }) }
                let rest = Array(text[end.upperBound...].utf8)
                if rest.count >= length ?? 0 {
                    buffer = Array(rest.dropFirst(length ?? 0))
                    return (head, String(decoding: rest.prefix(length ?? 0), as: UTF8.self))
                }
            }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let count = read(connection, &chunk, chunk.count)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }
}
