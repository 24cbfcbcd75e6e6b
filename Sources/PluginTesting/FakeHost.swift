// The tables of a host, for running a plugin's code in a test.
// SPDX-License-Identifier: MIT

import Glibc
import JSON
import PluginABI

/// A `pve_host` whose calls are ``FakeCall``s.
public enum FakeHost {
    nonisolated(unsafe) public static let table = make(extensions: true)
    /// A host without any extension.
    nonisolated(unsafe) public static let bare = make(extensions: false)

    /// A host that speaks other versions of the contract.
    public static func host(major: UInt16, least: UInt16, magic: UInt32 = UInt32(PVE_MAGIC_HOST)) -> pve_host {
        var host = table.pointee
        host.head.magic = magic
        host.head.abi_major = major
        host.abi_major_min = least
        return host
    }

    private static func make(extensions: Bool) -> UnsafePointer<pve_host> {
        let host = UnsafeMutablePointer<pve_host>.allocate(capacity: 1)
        host.initialize(to: pve_host())
        host.pointee.head = pve_head(
            magic: UInt32(PVE_MAGIC_HOST), struct_size: UInt32(MemoryLayout<pve_host>.size),
            abi_major: UInt16(PVE_ABI_MAJOR), abi_minor: UInt16(PVE_ABI_MINOR), reserved: 0)
        host.pointee.abi_major_min = UInt16(PVE_ABI_MAJOR)
        host.pointee.features = 7
        host.pointee.version = UnsafePointer(strdup("0.0.0"))
        host.pointee.extension = { _, _ in nil }
        if extensions { host.pointee.extension = { _, id in FakeHost.find(id) } }
        host.pointee.reply = { call, json, length in fake(call).end(reply: text(json, length)) }
        host.pointee.fail = { call, message, length in fake(call).end(failure: text(message, length)) }
        host.pointee.progress = { call, _, _, message, length in
            fake(call).progress.append(text(message, length))
            return fake(call).isCancelled ? Int32(PVE_CANCELLED.rawValue) : 0
        }
        host.pointee.log = { _, _, _, _ in }
        host.pointee.cancelled = { fake($0).isCancelled ? 1 : 0 }
        return UnsafePointer(host)
    }

    private static func find(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id else { return nil }
        if strcmp(id, PVE_JSON_EXTENSION) == 0 { return UnsafeRawPointer(json) }
        if strcmp(id, PVE_REQUEST_EXTENSION) == 0 { return UnsafeRawPointer(requests) }
        return nil
    }

    nonisolated(unsafe) private static let requests: UnsafePointer<pve_request_api> = {
        let table = UnsafeMutablePointer<pve_request_api>.allocate(capacity: 1)
        table.initialize(to: pve_request_api())
        table.pointee.struct_size = UInt32(MemoryLayout<pve_request_api>.size)
        table.pointee.send = { call, request, answer in
            guard let request = request?.pointee, let answer else { return Int32(PVE_INVALID.rawValue) }
            var sent = SentRequest(method: request.method, path: String(cString: request.path))
            sent.withArguments = UInt32(request.flags) & PVE_REQUEST_WITH_ARGUMENTS.rawValue != 0
            for index in 0..<Int(request.parameter_count) {
                guard let parameter = request.parameters[index]?.pointee else { return Int32(PVE_INVALID.rawValue) }
                sent.parameters[String(cString: parameter.name)] = written(parameter, fake(call))
            }
            return fake(call).send(sent, answer)
        }
        return UnsafePointer(table)
    }()

    /// The value of a parameter as text: strings as they are, values as JSON.
    private static func written(_ parameter: pve_request_parameter, _ call: FakeCall) -> String {
        switch UInt32(parameter.type) {
        case PVE_TYPE_BOOL.rawValue: parameter.boolean ? "true" : "false"
        case PVE_TYPE_I64.rawValue: String(parameter.i64)
        case PVE_TYPE_F64.rawValue: String(parameter.f64)
        case PVE_TYPE_UTF8.rawValue: text(parameter.utf8, parameter.length)
        case PVE_TYPE_JSON.rawValue: call.value(parameter.value)?.rawText ?? "?"
        default: "?"
        }
    }
}

/// The fake behind a handle. Tests run the body while they hold the fake.
func fake(_ call: OpaquePointer?) -> FakeCall {
    Unmanaged<FakeCall>.fromOpaque(UnsafeRawPointer(call!)).takeUnretainedValue()
}

func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : length), as: UTF8.self)
}
