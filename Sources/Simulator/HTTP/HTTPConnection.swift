// One accepted connection: reads requests, hands them on, writes the answers. Blocking; one thread each.
// SPDX-License-Identifier: MIT

import CSimulatorTLS
import Glibc

/// The server's side of a connection. Made and used on one thread.
struct HTTPConnection: ~Copyable {
    private let socket: Int32
    private var tls: OpaquePointer?
    private let server: HTTPServer
    private var received: [UInt8] = []
    private var isPolite = true

    init(socket: Int32, server: HTTPServer) {
        self.socket = socket
        self.server = server
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setIdleTime(server.limits.idleSeconds)
    }

    /// 0 waits for ever.
    private func setIdleTime(_ seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        if let tls { sim_tls_close(tls, isPolite ? 1 : 0) }
        close(socket)
    }

    /// Serves requests until the connection ends.
    mutating func serve() {
        if let context = server.tls {
            var first: UInt8 = 0
            guard recv(socket, &first, 1, Int32(MSG_PEEK)) == 1 else { return }
            // 0x16 starts a TLS handshake; a letter is plain HTTP on the wrong port.
            if first != 0x16 { return redirect() }
            tls = sim_tls_accept(context, socket)
            if tls == nil { return }
        }
        var answered = 0
        while let exchange = readRequest() {
            answered += 1
            let request: HTTPRequest
            let reply: HTTPReply
            var isRefused = false
            switch exchange {
            case .request(let whole):
                request = whole
                reply = server.handler(whole)
            case .refused(let head, let answer):
                request = head
                reply = HTTPReply(answer)
                isRefused = true
            }
            guard deliver(reply, to: request, answered: answered) else {
                if isRefused { discardRest() }
                return
            }
        }
    }

    private enum Exchange {
        case request(HTTPRequest)
        /// The HTTP layer answers by itself: the request breaks one of its rules.
        case refused(HTTPRequest, HTTPAnswer)
    }

    private mutating func readRequest() -> Exchange? {
        while true {
            switch HTTPHead.read(received) {
            case .incomplete:
                guard fill() else { return nil }
            case .malformed:
                return .refused(HTTPRequest(method: "", target: ""), .plain(400, "Bad Request"))
            case .tooLarge:
                // The real server keeps silent until its idle time ends the connection.
                received = []
                while fill() { received.removeAll(keepingCapacity: true) }
                return nil
            case .complete(var request, let length):
                received.removeFirst(length)
                if let refusal = HTTPRules.refusal(of: request) { return .refused(request, refusal) }
                let count = Int(request.header("Content-Length") ?? "0") ?? 0
                received.reserveCapacity(count)
                while received.count < count { guard fill() else { return nil } }
                request.body = Array(received.prefix(count))
                received.removeFirst(count)
                return .request(request)
            }
        }
    }

    /// Reads more bytes; false at the end of the connection and when the client was idle for too long.
    private mutating func fill() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            var count: Int
            if let tls {
                count = sim_tls_read(tls, buffer.baseAddress, buffer.count)
            } else {
                repeat { count = recv(socket, buffer.baseAddress, buffer.count, 0) } while count < 0 && errno == EINTR
            }
            guard count > 0 else { return false }
            received.append(contentsOf: buffer[..<count])
            return true
        }
    }

    /// Whether the connection goes on.
    private mutating func deliver(_ reply: HTTPReply, to request: HTTPRequest, answered: Int) -> Bool {
        let answer = reply.answer
        let closing = answer.status >= 400 || !request.wantsKeepAlive || answered >= server.limits.answersPerConnection
        let bytes = answer.bytes(version: request.version, closing: closing, date: server.date())
        switch reply.delivery {
        case .whole:
            return write(bytes) && !closing && !reply.endsSilently
        case .half:
            isPolite = false
            _ = write(Array(bytes.dropLast((answer.body.count + 1) / 2)))
            return false
        case .dropped:
            isPolite = false
            return false
        case .silence:
            isPolite = false
            awaitEnd()
            return false
        }
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { raw in
            if let tls { return sim_tls_write(tls, raw.baseAddress, raw.count) == 0 }
            var sent = 0
            while sent < raw.count {
                let count = send(socket, raw.baseAddress! + sent, raw.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Reads what a refused client still sends: closing with bytes unread would reset the connection, and the client
    /// would lose the answer.
    private mutating func discardRest() {
        setIdleTime(1)
        var left = 4 << 20
        received = []
        while left > 0, fill() {
            left -= received.count
            received.removeAll(keepingCapacity: true)
        }
    }

    /// Blocks until the client closes its side.
    private mutating func awaitEnd() {
        setIdleTime(0)
        while fill() { received.removeAll(keepingCapacity: true) }
    }

    /// Sends a client that speaks plain HTTP on the TLS port to https.
    private mutating func redirect() {
        guard case .complete(let request, _) = readHead() else { return }
        let host = request.header("Host") ?? "127.0.0.1"
        let status = request.method == "GET" || request.method == "HEAD" ? 301 : 308
        var answer = HTTPAnswer.plain(status, HTTPAnswer.phrase(for: status))
        answer.headers = [("Location", "https://\(host)\(request.target)")]
        _ = write(answer.bytes(version: request.version, closing: true, date: server.date()))
    }

    private mutating func readHead() -> HTTPHead {
        while true {
            let head = HTTPHead.read(received)
            guard case .incomplete = head else { return head }
            guard fill() else { return .incomplete }
        }
    }
}

extension HTTPAnswer {
    /// An answer of the HTTP layer itself: no JSON, often no body.
    static func plain(_ status: Int, _ reason: String, body: String = "") -> HTTPAnswer {
        HTTPAnswer(status: status, reason: reason, contentType: "text/plain", body: Array(body.utf8))
    }
}
