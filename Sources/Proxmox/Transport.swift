// Sends requests through libcurl: the only place where it is spoken to.
// SPDX-License-Identifier: MIT

import CCurl
import EventLoop
import Glibc

/// HTTP exchanges with one server, on the thread of an event loop.
///
/// libcurl is opened by the first exchange. Reads share a few kept connections, each write opens its own: libcurl repeats
/// a request by itself when a kept connection turns out to be dead, and nobody could tell whether the first was carried out.
final class Transport {
    /// What is sent.
    struct Message {
        let method: Method
        let url: String
        let body: [UInt8]?
        let headers: HeaderLines
        /// A reading request that must not use a kept connection.
        var isFresh = false

        var isWrite: Bool { method != .get }
    }

    /// What came of it.
    struct Outcome {
        let end: TransferEnd
        /// 0 when no status line came.
        let status: Int
        let reason: String
        let body: ResponseBody
        /// Some of the request may have reached the server.
        let wasSent: Bool
        /// It went over a connection that an earlier exchange had opened.
        let wasReused: Bool
        /// libcurl's words for what went wrong.
        let detail: String
        let presented: Fingerprint?
    }

    private struct Waiting {
        let id: UInt64
        let message: Message
        let since: UInt64
        let completion: (Outcome) -> Void
    }

    private struct Running {
        let id: UInt64
        let transfer: UnsafeMutablePointer<ccurl_transfer>
        // Keeps the header lines alive while libcurl reads them.
        let message: Message
        let completion: (Outcome) -> Void
    }

    private let settings: ConnectionSettings
    private let loop: EventLoop
    private let sockets: CurlSockets
    private var client: OpaquePointer?
    private var running: [UInt64: Running] = [:]
    private var waitingReads: [Waiting] = []
    private var waitingWrites: [Waiting] = []
    private var runningReads = 0
    private var runningWrites = 0
    private var isDraining = false
    /// Exchanges that have ended and are reported in the next turn.
    private var unreported: Set<UInt64> = []

    init(settings: ConnectionSettings, loop: EventLoop) {
        self.settings = settings
        self.loop = loop
        sockets = CurlSockets(loop: loop)
    }

    deinit {
        sockets.detach()
        if let client {
            ccurl_close(client)
            // Balances the pointer that libcurl's callbacks had.
            Unmanaged.passUnretained(sockets).release()
        }
    }

    var isOpen: Bool { client != nil }

    /// Opens libcurl; nil when it is open, else why it cannot be.
    func open() -> String? {
        if client != nil { return nil }
        var options = ccurl_options()
        options.verify = settings.verifyTLS ? 1 : 0
        options.direct = settings.baseURL.isLoopback ? 1 : 0
        options.compress = settings.compresses ? 1 : 0
        options.connect_timeout = Int(settings.connectTimeoutSeconds * 1000)
        options.timeout = Int(settings.timeoutSeconds * 1000)
        // The server closes idle connections after five seconds.
        options.idle_limit = 4
        options.kept_connections = settings.concurrentReads + settings.concurrentWrites
        options.body_limit = settings.answerLimit
        options.context = Unmanaged.passUnretained(sockets).toOpaque()
        options.opened = { CurlSockets.from($0)?.opened($1) }
        options.watch = { CurlSockets.from($0)?.watch($1, $2) }
        options.closing = { CurlSockets.from($0)?.closing($1) }
        options.timer = { CurlSockets.from($0)?.setTimer($1) }
        var error = [CChar](repeating: 0, count: 512)
        let opened = withOptionalCString(settings.caFile) { caFile in
            "pve-mcp".withCString { agent in
                withOptionalBytes(settings.fingerprint?.bytes) { pin in
                    options.ca_file = caFile
                    options.user_agent = agent
                    options.pin = pin
                    return ccurl_open(&options, &error, error.count)
                }
            }
        }
        guard let opened else {
            return String(decoding: error.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        client = opened
        _ = Unmanaged.passRetained(sockets)
        sockets.attach(opened) { [unowned self] in drain() }
        return nil
    }

    /// Sends `message` as soon as there is a place. `completion` runs once, unless ``stop(_:)`` is called first.
    /// Call ``open()`` before.
    func start(_ id: UInt64, _ message: Message, completion: @escaping (Outcome) -> Void) {
        let waiting = Waiting(id: id, message: message, since: loop.now(), completion: completion)
        let isFree =
            message.isWrite ? runningWrites < settings.concurrentWrites : runningReads < settings.concurrentReads
        guard isFree else {
            if message.isWrite { waitingWrites.append(waiting) } else { waitingReads.append(waiting) }
            return
        }
        begin(waiting)
        drain(isInsideCall: true)
    }

    /// Whether the server may have received some of an exchange that is under way.
    func hasSent(_ id: UInt64) -> Bool {
        running[id].map { ccurl_was_sent($0.transfer) != 0 } ?? false
    }

    /// Ends an exchange without an outcome. Says whether the server may have received the request.
    func stop(_ id: UInt64) -> Bool {
        if let index = waitingReads.firstIndex(where: { $0.id == id }) {
            waitingReads.remove(at: index)
            return false
        }
        if let index = waitingWrites.firstIndex(where: { $0.id == id }) {
            waitingWrites.remove(at: index)
            return false
        }
        if unreported.remove(id) != nil { return true }
        guard let stopped = running.removeValue(forKey: id) else { return false }
        let wasSent = ccurl_was_sent(stopped.transfer) != 0
        ccurl_stop(stopped.transfer)
        ccurl_release(stopped.transfer)
        count(stopped.message, -1)
        beginWaiting()
        drain(isInsideCall: true)
        return wasSent
    }

    private func begin(_ waiting: Waiting) {
        let message = waiting.message
        guard let client, let transfer = ccurl_acquire(client, message.isWrite ? 1 : 0) else {
            return fail(waiting, .other, "libcurl made no transfer")
        }
        let started = message.url.withCString { url in
            message.method.withName { name in
                withOptionalBytes(message.body) { body in
                    ccurl_start(
                        transfer, url, name, body, message.body?.count ?? 0, message.headers.list,
                        message.isFresh ? 1 : 0)
                }
            }
        }
        guard started == 0 else {
            ccurl_release(transfer)
            return fail(waiting, .other, "libcurl did not take the request")
        }
        transfer.pointee.tag = waiting.id
        running[waiting.id] = Running(
            id: waiting.id, transfer: transfer, message: message, completion: waiting.completion)
        count(message, 1)
        // Sends at once over a kept connection instead of in the next turn of the loop.
        ccurl_timeout(client)
    }

    private func count(_ message: Message, _ change: Int) {
        if message.isWrite { runningWrites += change } else { runningReads += change }
    }

    /// Reports what has ended. A fast server's answer may be there before the call that sent the request returns; it is
    /// then reported in the next turn, as nobody expects to be called back while calling.
    private func drain(isInsideCall: Bool = false) {
        guard !isDraining, let client else { return }
        isDraining = true
        while let transfer = ccurl_next_done(client) {
            guard let done = running.removeValue(forKey: transfer.pointee.tag) else {
                ccurl_release(transfer)
                continue
            }
            let outcome = outcome(of: transfer, client)
            ccurl_release(transfer)
            count(done.message, -1)
            beginWaiting()
            if isInsideCall {
                let id = done.id
                unreported.insert(id)
                loop.after(milliseconds: 0) { [weak self] in
                    // Stopped meanwhile: nobody waits for it.
                    if self?.unreported.remove(id) != nil { done.completion(outcome) }
                }
            } else {
                done.completion(outcome)
            }
        }
        isDraining = false
        sockets.settle()
    }

    private func beginWaiting() {
        let oldest = loop.now() &- UInt64(settings.timeoutSeconds * 1e9)
        while runningReads < settings.concurrentReads, !waitingReads.isEmpty {
            beginOrExpire(waitingReads.removeFirst(), oldest)
        }
        while runningWrites < settings.concurrentWrites, !waitingWrites.isEmpty {
            beginOrExpire(waitingWrites.removeFirst(), oldest)
        }
    }

    private func beginOrExpire(_ waiting: Waiting, _ oldest: UInt64) {
        if waiting.since < oldest, oldest < loop.now() {
            fail(waiting, .connectTimeout, "all connections were busy with slow answers")
        } else {
            begin(waiting)
        }
    }

    /// Reports a failure to start, in a turn of its own.
    private func fail(_ waiting: Waiting, _ end: TransferEnd, _ detail: String) {
        let outcome = Outcome(
            end: end, status: 0, reason: "", body: ResponseBody(adopting: nil, count: 0), wasSent: false,
            wasReused: false,
            detail: detail, presented: nil)
        loop.after(milliseconds: 0) { waiting.completion(outcome) }
    }

    private func outcome(of transfer: UnsafeMutablePointer<ccurl_transfer>, _ client: OpaquePointer) -> Outcome {
        var length = 0
        let end = TransferEnd(rawValue: transfer.pointee.result) ?? .other
        let start = ccurl_take_body(transfer, &length)
        let presented = end == .tlsFailed ? ccurl_presented(client) : nil
        return Outcome(
            end: end, status: transfer.pointee.status, reason: String(cString: ccurl_reason(transfer)),
            body: ResponseBody(adopting: start, count: length), wasSent: transfer.pointee.sent != 0,
            wasReused: transfer.pointee.reused != 0, detail: String(cString: ccurl_error(transfer)),
            presented: presented.flatMap { Fingerprint(bytes: UnsafeBufferPointer(start: $0, count: 32)) })
    }
}

/// How a transfer ended; the numbers of the C library.
enum TransferEnd: Int32 {
    case complete, noSuchHost, noConnection, connectTimeout, tlsFailed, timeout, lost, partial, notHTTP, tooLarge, other
}

extension CurlSockets {
    /// The object behind a callback's context.
    static func from(_ context: UnsafeMutableRawPointer?) -> CurlSockets? {
        // Set in `Transport.open` and retained until the client is closed.
        context.map { Unmanaged<CurlSockets>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension Method {
    /// The verb as a C string that lives as long as the program.
    fileprivate func withName<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        let name: StaticString =
            switch self {
            case .get: "GET"
            case .post: "POST"
            case .put: "PUT"
            case .delete: "DELETE"
            }
        return name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1, body)
    }
}

private func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
    guard let text else { return body(nil) }
    return text.withCString(body)
}

/// An empty array still has an address: a POST without parameters has a body of no bytes.
private func withOptionalBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafePointer<UInt8>?) -> R) -> R {
    guard var bytes else { return body(nil) }
    if bytes.isEmpty { bytes = [0] }
    return bytes.withUnsafeBufferPointer { body($0.baseAddress) }
}
