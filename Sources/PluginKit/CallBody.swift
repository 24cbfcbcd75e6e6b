// Runs a tool's code when the host calls.
// SPDX-License-Identifier: MIT

import PluginABI

/// Keeps the code of a tool for `pve_call_body.context`.
final class CodeBox {
    let code: Tool.Code

    init(_ code: @escaping Tool.Code) { self.code = code }
}

/// `pve_call_body.run` of every tool with code.
func runCode(host: UnsafePointer<pve_host>?, call: OpaquePointer?, context: UnsafeMutableRawPointer?) {
    guard let host, let call, let context else { return }
    guard let json = host.pointee.extension(host, PVE_JSON_EXTENSION),
        let requests = host.pointee.extension(host, PVE_REQUEST_EXTENSION)
    else {
        return fail(host, call, ("This host lacks pve.json/1 or pve.request/1; use a newer one." as StaticString).bytes)
    }
    // The box was retained when the descriptor was made and is never released.
    let box = Unmanaged<CodeBox>.fromOpaque(context).takeUnretainedValue()
    let running = Call(
        host: host, handle: call, json: json.assumingMemoryBound(to: pve_json.self),
        requests: requests.assumingMemoryBound(to: pve_request_api.self))
    do throws(CallFailure) {
        try box.code(running)
    } catch {
        switch error {
        case .request(let value):
            if value.withText({ fail(host, call, $0) }) == nil {
                fail(host, call, ("The request failed." as StaticString).bytes)
            }
        case .cancelled: fail(host, call, ("The call was cancelled." as StaticString).bytes)
        case .text(let text): fail(host, call, text.bytes)
        case .message(var message): message.withUTF8 { fail(host, call, $0) }
        }
    }
}

private func fail(_ host: UnsafePointer<pve_host>, _ call: OpaquePointer, _ text: UnsafeBufferPointer<UInt8>) {
    let start = text.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
    // PVE_TWICE after a reply: the first one stands.
    _ = host.pointee.fail(call, start, text.count)
}
