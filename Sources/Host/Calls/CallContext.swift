// One call of a plugin's function: what its `pve_call *` points to.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import JSON
import PluginABI
import PluginLoader
import Proxmox
import Synchronization

/// The state of a call that a worker thread runs.
///
/// Everything here is used by the worker alone, except `isCancelled`, which the loop sets. Requests and
/// progress go to the loop as closures; the worker sleeps until an answer is there.
final class CallContext: @unchecked Sendable {
    let tool: Tool
    let body: CallBody
    let arguments: JSONValue
    let loop: EventLoop
    let isCancelled = Atomic<Bool>(false)

    /// Every JSON text of this call; a `pve_value` is an index into one of them.
    private var documents: [JSONDocument] = []
    /// Decoded strings that were handed out; they live until the call ends.
    private var texts: [UnsafeMutableBufferPointer<CChar>] = []
    var writer = ResultWriter()
    private(set) var reply: Reply?

    enum Reply {
        case value(JSONValue)
        case failure(String)
    }

    /// Sends a request on the loop; the answer comes back there. Set by who runs the call.
    let send: @Sendable (Request, @escaping @Sendable (Result<Answer, Failure>) -> Void) -> Void
    let report: @Sendable (Double, Double?, String?) -> Void

    init(
        _ tool: Tool, _ body: CallBody, _ arguments: JSONValue, loop: EventLoop,
        send: @escaping @Sendable (Request, @escaping @Sendable (Result<Answer, Failure>) -> Void) -> Void,
        report: @escaping @Sendable (Double, Double?, String?) -> Void
    ) {
        self.tool = tool
        self.body = body
        self.arguments = arguments
        self.loop = loop
        self.send = send
        self.report = report
    }

    deinit {
        for text in texts { text.deallocate() }
    }

    // MARK: Values

    /// A handle: the document's number from 1 in the high half, the index in its tape in the low half.
    func handle(_ value: JSONValue) -> pve_value {
        let number: Int
        if let known = documents.firstIndex(where: { $0 === value.document }) {
            number = known
        } else {
            documents.append(value.document)
            number = documents.count - 1
        }
        return pve_value(number + 1) << 32 | pve_value(value.index)
    }

    /// The value of a handle; nil for 0 and for numbers that were never handed out.
    func value(_ handle: pve_value) -> JSONValue? {
        let number = Int(handle >> 32) - 1
        guard documents.indices.contains(number) else { return nil }
        let value = JSONValue(document: documents[number], index: Int(handle & 0xFFFF_FFFF))
        return value.index < documents[number].root.indexAfter ? value : nil
    }

    /// Text that stays where it is until the call ends.
    func keep(_ text: String) -> UnsafeMutableBufferPointer<CChar> {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
        for (index, byte) in text.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
        copy[text.utf8.count] = 0
        texts.append(copy)
        return copy
    }

    // MARK: Replies

    func reply(_ reply: Reply) -> Int32 {
        guard self.reply == nil else { return Int32(PVE_TWICE.rawValue) }
        self.reply = reply
        return Int32(PVE_OK.rawValue)
    }

    func reply(json: some Collection<UInt8>) -> Int32 {
        guard let document = try? JSONDocument(json) else { return Int32(PVE_INVALID.rawValue) }
        return reply(.value(document.root))
    }

    // MARK: Requests

    /// Sends a request from the worker's thread and sleeps until it is answered.
    func request(_ request: Request) -> Result<Answer, Failure> {
        let waiting = Waiting<Result<Answer, Failure>>()
        send(request) { waiting.fulfil($0) }
        return waiting.wait()
    }
}

/// A value that one thread waits for and another provides.
final class Waiting<Value>: @unchecked Sendable {
    // Sendable: `value` is written before the semaphore is posted and read after it was waited for.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var value: Value?

    init() {
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func fulfil(_ value: Value) {
        self.value = value
        sem_post(semaphore)
    }

    func wait() -> Value {
        while true {
            if sem_wait(semaphore) == 0, let value { return value }
        }
    }
}
