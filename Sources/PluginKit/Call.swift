// One call of a tool, as its code sees it.
// SPDX-License-Identifier: MIT

import PluginABI

/// A call under way: read ``arguments``, ``send(_:_:withArguments:)`` requests, and reply once, or throw.
///
/// ```swift
/// func firstNode(_ call: Call) throws(CallFailure) {
///     let nodes = try call.send(.get("/nodes"))
///     for node in nodes.elements where node["status"].isText("online") { return try call.reply(node) }
///     throw .text("No node is online.")
/// }
/// ```
/// Everything here is for the thread that the code was called on, until it returns.
public struct Call {
    let host: UnsafePointer<pve_host>
    let handle: OpaquePointer
    let json: UnsafePointer<pve_json>
    let requests: UnsafePointer<pve_request_api>

    /// The arguments, checked against the tool's parameters: an object.
    public var arguments: Value { Value(call: self, handle: json.pointee.arguments(handle)) }

    /// Whether the client has given up. Long code asks now and then, and throws ``CallFailure/cancelled``.
    public var isCancelled: Bool { host.pointee.cancelled(handle) != 0 }

    /// Sends a request that the tool declares, waits, and returns the `data` of the answer.
    ///
    /// `withArguments` sends the call's own arguments too, those not given here, as an endpoint would. Throws
    /// ``CallFailure/failed(_:)`` when Proxmox says no and ``CallFailure/refused(_:)`` when the policy does. A write is
    /// sent at most once.
    @discardableResult
    public func send(
        _ endpoint: Endpoint, _ parameters: RequestParameters = [:], withArguments: Bool = false
    ) throws(CallFailure) -> Value {
        var answer: pve_value = 0
        let flags = withArguments ? UInt16(PVE_REQUEST_WITH_ARGUMENTS.rawValue) : 0
        let status = parameters.withRaw { list, count in
            var request = pve_request(
                struct_size: UInt32(MemoryLayout<pve_request>.size), method: endpoint.method.rawValue, reserved: 0,
                flags: flags, path: endpoint.path.c, parameters: list, parameter_count: count, reserved1: 0)
            return requests.pointee.send(handle, &request, &answer)
        }
        let value = Value(call: self, handle: answer)
        switch status {
        case PVE_OK.code: return value
        case PVE_CANCELLED.code: throw .cancelled
        case PVE_REFUSED.code where value.exists: throw .refused(value)
        default: throw value.exists ? .failed(value) : .text("The host did not take a request of this tool.")
        }
    }

    /// Ends the call with a value, such as an answer passed on.
    public func reply(_ value: Value) throws(CallFailure) {
        try check(json.pointee.reply_value(handle, value.handle))
    }

    /// Ends the call with what `write` writes: one value of the tool's shape.
    public func reply(_ write: (AnswerWriter) throws(CallFailure) -> Void) throws(CallFailure) {
        try write(AnswerWriter(call: self))
        try check(json.pointee.reply_written(handle))
    }

    /// Tells the client how far the call is; `done` must grow. A `total` of 0 is unknown.
    public func progress(_ done: Double, of total: Double = 0, _ text: StaticString) throws(CallFailure) {
        try check(host.pointee.progress(handle, done, total, text.c, text.utf8CodeUnitCount))
    }

    /// Writes a line to the host's log.
    public func log(_ level: LogLevel, _ text: StaticString) {
        host.pointee.log(host, level.rawValue, text.c, text.utf8CodeUnitCount)
    }

    /// How much a line of the log matters.
    public enum LogLevel: Int32, Sendable {
        case debug, info, warning, error
    }

    func check(_ status: Int32) throws(CallFailure) {
        switch status {
        case PVE_OK.code: return
        case PVE_CANCELLED.code: throw .cancelled
        case PVE_TWICE.code: throw .text("The tool's code replied twice.")
        default: throw .text("The tool's code wrote an answer that is not of its shape.")
        }
    }
}

extension pve_status {
    /// The value as functions of the contract return it.
    var code: Int32 { Int32(rawValue) }
}
