// A call of a plugin's code without a host: arguments and answers are JSON texts, and what the code did is kept.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

/// A request that a plugin's code sent.
public struct SentRequest: Equatable {
    public var method: UInt8
    public var path: String
    public var parameters: [String: String] = [:]
    public var withArguments = false

    public init(method: UInt8, path: String, parameters: [String: String] = [:], withArguments: Bool = false) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.withArguments = withArguments
    }
}

/// How Proxmox, or the policy, answers.
public enum FakeAnswer: Sendable {
    case json(String)
    /// A status of the contract and the text that goes with it.
    case status(Int32, String)
}

/// The state behind a `pve_call *`; lives until the test releases it.
public final class FakeCall {
    let arguments: JSONValue
    let answer: (SentRequest) -> FakeAnswer
    public private(set) var requests: [SentRequest] = []
    /// The JSON of the reply.
    public internal(set) var reply: String?
    /// The text of the error.
    public internal(set) var failure: String?
    public internal(set) var replies = 0
    /// Whether a value is of the shape that the tool answers. Others are refused, and the call goes on.
    public var admits: (JSONValue) -> Bool = { _ in true }
    /// The last reply that was refused.
    public private(set) var rejected: String?
    public internal(set) var progress: [String] = []
    public var isCancelled = false
    var values: [JSONValue] = []
    var texts: [UnsafeMutableBufferPointer<CChar>] = []
    var writer = JSONWriter()

    public convenience init(
        arguments: String, answer: @escaping (SentRequest) -> FakeAnswer = { _ in .json("null") }
    ) throws(JSONError) {
        self.init(try JSONDocument(arguments).root, answer: answer)
    }

    init(_ arguments: JSONValue, answer: @escaping (SentRequest) -> FakeAnswer) {
        self.arguments = arguments
        self.answer = answer
    }

    /// What the plugin is handed. The fake must be held for as long as it is used.
    var handle: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

    deinit {
        for text in texts { text.deallocate() }
    }

    /// Runs the body on `host` as a worker of a host would.
    public func run(_ body: pve_call_body, on host: UnsafePointer<pve_host> = FakeHost.table) {
        body.run(host, handle, body.context)
    }

    func handle(_ value: JSONValue?) -> pve_value {
        guard let value else { return 0 }
        values.append(value)
        return pve_value(values.count)
    }

    func value(_ handle: pve_value) -> JSONValue? {
        handle == 0 || handle > values.count ? nil : values[Int(handle) - 1]
    }

    func keep(_ text: String) -> UnsafeMutableBufferPointer<CChar> {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
        for (index, byte) in text.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
        copy[text.utf8.count] = 0
        texts.append(copy)
        return copy
    }

    func end(reply: String) -> Int32 {
        guard replies == 0 else { return Int32(PVE_TWICE.rawValue) }
        guard let value = try? JSONDocument(reply).root, admits(value) else {
            rejected = reply
            return Int32(PVE_INVALID.rawValue)
        }
        replies += 1
        self.reply = reply
        return 0
    }

    func end(failure: String) -> Int32 {
        guard replies == 0 else { return Int32(PVE_TWICE.rawValue) }
        replies += 1
        self.failure = failure
        return 0
    }

    func send(_ request: SentRequest, _ out: UnsafeMutablePointer<pve_value>) -> Int32 {
        requests.append(request)
        switch answer(request) {
        case .json(let text):
            out.pointee = handle((try? JSONDocument(text))?.root)
            return 0
        case .status(let status, let text):
            var quoted = JSONWriter()
            quoted.string(text)
            out.pointee = handle((try? JSONDocument(quoted.bytes))?.root)
            return status
        }
    }
}
