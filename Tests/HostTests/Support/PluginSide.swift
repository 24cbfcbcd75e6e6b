// The contract from the plugin's side: what code of a test may do during a call.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// Code that stands for a plugin's function.
final class PluginCode: Sendable {
    let run: @Sendable (PluginSide) -> Void
    init(_ run: @escaping @Sendable (PluginSide) -> Void) { self.run = run }
}

/// The host and a call, with the tables a plugin fetches by their ids.
struct PluginSide: @unchecked Sendable {
    // Sendable: tests hand it to other threads to see that the host minds.
    let host: UnsafePointer<pve_host>
    let call: OpaquePointer

    var json: pve_json {
        host.pointee.extension(host, PVE_JSON_EXTENSION)!.assumingMemoryBound(to: pve_json.self).pointee
    }

    var request: pve_request_api {
        host.pointee.extension(host, PVE_REQUEST_EXTENSION)!.assumingMemoryBound(to: pve_request_api.self).pointee
    }

    var arguments: pve_value { json.arguments(call) }

    @discardableResult
    func reply(_ text: String) -> Int32 { host.pointee.reply(call, text, text.utf8.count) }

    @discardableResult
    func fail(_ text: String) -> Int32 { host.pointee.fail(call, text, text.utf8.count) }

    func member(_ value: pve_value, _ name: String) -> pve_value { json.member(call, value, name, name.utf8.count) }

    func text(_ value: pve_value) -> String? {
        var start: UnsafePointer<CChar>?
        var length = 0
        guard json.text(call, value, &start, &length) == PVE_OK.rawValue else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sends a request; its status, and the answer's text.
    func send(
        _ method: pve_method, _ path: String, _ values: [(String, String)] = [], withArguments: Bool = false
    ) -> (status: Int32, answer: String?) {
        var parameters: [UnsafePointer<pve_request_parameter>?] = []
        for (name, text) in values {
            var parameter = pve_request_parameter()
            parameter.type = UInt8(PVE_TYPE_UTF8.rawValue)
            parameter.name = UnsafePointer(strdup(name))
            parameter.utf8 = UnsafePointer(strdup(text))
            parameter.length = text.utf8.count
            let pointer = UnsafeMutablePointer<pve_request_parameter>.allocate(capacity: 1)
            pointer.initialize(to: parameter)
            parameters.append(UnsafePointer(pointer))
        }
        return path.withCString { path in
            parameters.withUnsafeBufferPointer { list in
                var wanted = pve_request()
                wanted.struct_size = UInt32(MemoryLayout<pve_request>.size)
                wanted.method = UInt8(method.rawValue)
                wanted.flags = withArguments ? UInt16(PVE_REQUEST_WITH_ARGUMENTS.rawValue) : 0
                wanted.path = path
                wanted.parameters = list.baseAddress
                wanted.parameter_count = UInt32(list.count)
                return send(wanted)
            }
        }
    }

    func send(_ wanted: pve_request) -> (status: Int32, answer: String?) {
        var wanted = wanted
        var answer: pve_value = 0
        let status = request.send(call, &wanted, &answer)
        return (status, answer == 0 ? nil : text(answer))
    }
}

extension pve_status {
    /// As the functions of the contract return it.
    var code: Int32 { Int32(rawValue) }
}
