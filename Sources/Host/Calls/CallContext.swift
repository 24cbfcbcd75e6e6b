// One call of a plugin's code: what its `pve_call *` stands for.
// SPDX-License-Identifier: MIT

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
    let code: CallCode
    let arguments: JSONValue
    let isCancelled = Atomic<Bool>(false)

    /// Every JSON text of this call; a `pve_value` is an index into one of them.
    private var documents: [JSONDocument] = []
    /// Decoded strings that were handed out; they live until the call ends.
    private var texts: [UnsafeMutableBufferPointer<CChar>] = []
    var writer = ResultWriter()
    private(set) var reply: Reply?
    /// What the plugin holds in place of this, from the moment its function runs; given by ``LiveCalls``.
    var handle: UInt = 0

    enum Reply {
        case value(JSONValue)
        /// A list of values that stand in answers.
        case entries([JSONValue])
        case failure(String)
    }

    typealias Completion = @Sendable (Result<Answer, Failure>) -> Void

    /// Sends a request on the loop; the answer comes back there. Set by who runs the call.
    private let send: @Sendable (Request, @escaping Completion) -> Void
    /// Takes progress, its total if known, and a message to the loop.
    let report: @Sendable (Double, Double?, String?) -> Void

    init(
        _ tool: Tool, _ code: CallCode, _ arguments: JSONValue,
        send: @escaping @Sendable (Request, @escaping Completion) -> Void,
        report: @escaping @Sendable (Double, Double?, String?) -> Void
    ) {
        self.tool = tool
        self.code = code
        self.arguments = arguments
        self.send = send
        self.report = report
    }

    deinit {
        for text in texts { text.deallocate() }
    }

    /// Runs the plugin's code on this thread, which is the call's from now on. What a native function returns becomes the
    /// reply, unless it has given one through the call.
    func run(_ host: UnsafePointer<pve_host>) {
        LiveCalls.run(self) { call in
            // A number that was never given is 0 alone, which `given` begins after.
            guard let call, let result = code.run(host, call), reply == nil else { return }
            reply = Reply(result, of: tool)
        }
    }

    // MARK: Values

    /// A handle: the document's number from 1 in the high half, the index in its tape in the low half.
    func handle(_ value: JSONValue) -> pve_value {
        let number: Int
        if let known = documents.lastIndex(where: { $0 === value.document }) {
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

    /// The text of a value, where it stays until the call ends.
    func text(of value: JSONValue) -> UnsafeBufferPointer<CChar> {
        let standing = value.withRaw { raw -> UnsafeBufferPointer<CChar>? in
            var text = raw
            if value.kind == .string {
                text = UnsafeRawBufferPointer(rebasing: raw[1..<(raw.count - 1)])
                if text.contains(UInt8(ascii: "\\")) { return nil }
            }
            // The bytes belong to the document, which `handle` keeps and which never changes.
            return text.assumingMemoryBound(to: CChar.self)
        }
        return standing ?? keep(value.string ?? "")
    }

    private func keep(_ text: String) -> UnsafeBufferPointer<CChar> {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count)
        _ = copy.initialize(from: text.utf8.lazy.map { CChar(bitPattern: $0) })
        texts.append(copy)
        return UnsafeBufferPointer(copy)
    }

    // MARK: Replies

    /// Ends the call, unless it has had its reply or the value is not of the tool's shape.
    func reply(_ reply: Reply) -> Int32 {
        guard self.reply == nil else { return PVE_TWICE.code }
        if case .value(let value) = reply, !tool.answerShape.admits(value) {
            return PVE_INVALID.code
        }
        self.reply = reply
        return PVE_OK.code
    }

    func reply(json: some Collection<UInt8>) -> Int32 {
        guard reply == nil else { return PVE_TWICE.code }
        guard let document = try? JSONDocument(json) else { return PVE_INVALID.code }
        return reply(.value(document.root))
    }

    /// Ends the call with what the plugin has written.
    func replyWithWritten() -> Int32 {
        guard reply == nil else { return PVE_TWICE.code }
        guard writer.isWhole else { return PVE_INVALID.code }
        if let entries = writer.entries, [.list, .series].contains(tool.result?.shape) {
            return reply(.entries(entries))
        }
        return reply(json: writer.text)
    }

    // MARK: Requests

    /// Sends a request from the worker's thread and sleeps until it is answered.
    func request(_ request: Request) -> Result<Answer, Failure> {
        let waiting = Waiting<Result<Answer, Failure>>()
        send(request) { waiting.fulfil($0) }
        return waiting.wait()
    }
}
