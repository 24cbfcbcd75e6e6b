// The extension pve.request/1: a plugin's code asks, the host talks to Proxmox.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI
import PluginLoader
import Proxmox

enum RequestTable {
    /// The one table of this process; constant after it was made.
    nonisolated(unsafe) static let shared: UnsafePointer<pve_request_api> = {
        let table = UnsafeMutablePointer<pve_request_api>.allocate(capacity: 1)
        table.initialize(
            to: pve_request_api(
                struct_size: UInt32(MemoryLayout<pve_request_api>.size), reserved: 0,
                send: { call, request, answer in
                    guard let context = context(call), let request, let answer else { return PVE_INVALID.code }
                    return send(context, request, answer)
                }))
        return UnsafePointer(table)
    }()
}

private func send(
    _ context: CallContext, _ wanted: UnsafePointer<pve_request>, _ answer: UnsafeMutablePointer<pve_value>
) -> Int32 {
    answer.pointee = 0
    if context.isCancelled.load(ordering: .acquiring) { return PVE_CANCELLED.code }
    guard wanted.pointee.struct_size >= MemoryLayout<pve_request>.size,
        let path = wanted.pointee.path.map({ String(cString: $0) }), let given = parameters(wanted.pointee)
    else { return PVE_INVALID.code }
    let endpoint = context.tool.endpoints.first {
        $0.path == path && $0.method.code == wanted.pointee.method
    }
    guard let endpoint else {
        answer.pointee = string(
            "The plugin's code asked for \(path), a request that the tool does not declare.", context)
        return PVE_REFUSED.code
    }
    let prepared: Request
    do throws(ArgumentError) {
        prepared = try request(given, withArguments: wanted.pointee.sendsArguments, endpoint, context)
    } catch {
        answer.pointee = string(error.message, context)
        return PVE_FAILED.code
    }
    switch context.request(prepared) {
    case .success(let received):
        answer.pointee = received.data.map(context.handle) ?? 0
        return PVE_OK.code
    case .failure(.cancelled):
        return PVE_CANCELLED.code
    case .failure(let failure):
        answer.pointee = string(failure.message, context)
        if case .refused = failure { return PVE_REFUSED.code }
        return PVE_FAILED.code
    }
}

extension pve_request {
    fileprivate var sendsArguments: Bool { UInt32(flags) & UInt32(PVE_REQUEST_WITH_ARGUMENTS.rawValue) != 0 }
}

/// The parameters that a plugin gives; nil when the list is not what its count says, or one has no name or type.
private func parameters(_ wanted: pve_request) -> [pve_request_parameter]? {
    let list = UnsafeBufferPointer(
        start: wanted.parameters, count: wanted.parameters == nil ? 0 : Int(wanted.parameter_count))
    guard list.count == Int(wanted.parameter_count) else { return nil }
    var parameters: [pve_request_parameter] = []
    for pointer in list {
        guard let parameter = pointer?.pointee, parameter.name != nil, parameter.hasKnownType else { return nil }
        parameters.append(parameter)
    }
    return parameters
}

private func request(
    _ raw: [pve_request_parameter], withArguments: Bool, _ endpoint: Endpoint, _ context: CallContext
) throws(ArgumentError) -> Request {
    var given: [Request.Parameter] = []
    for raw in raw {
        let name = String(cString: raw.name)
        guard let value = value(raw, context) else {
            throw ArgumentError(faults: [
                "the plugin's code gives \(quoted(name)) of \(endpoint.path) a value that cannot be sent"
            ])
        }
        given.append(Request.Parameter(name, value))
    }
    if withArguments {
        return try RequestBuilder.request(endpoint, context.tool, context.arguments, overrides: given)
    }
    let names = Set(PathTemplate.names(in: endpoint.path))
    var request = Request(endpoint.method.verb, endpoint.path)
    for parameter in given {
        if names.contains(parameter.name) {
            request.path[parameter.name] = parameter.value.text
        } else {
            request.parameters.append(parameter)
        }
    }
    return request
}

private func value(_ raw: pve_request_parameter, _ context: CallContext) -> ParameterValue? {
    switch UInt32(raw.type) {
    case PVE_TYPE_BOOL.rawValue: .bool(raw.boolean)
    case PVE_TYPE_I64.rawValue: .int(raw.i64)
    case PVE_TYPE_F64.rawValue: raw.f64.isFinite ? .double(raw.f64) : nil
    case PVE_TYPE_UTF8.rawValue: .string(text(raw.utf8, raw.length))
    default: context.value(raw.value).flatMap(RequestBuilder.parameterValue)
    }
}

extension pve_request_parameter {
    fileprivate var hasKnownType: Bool {
        let known = [PVE_TYPE_BOOL, PVE_TYPE_I64, PVE_TYPE_F64, PVE_TYPE_UTF8, PVE_TYPE_JSON]
        return known.contains { $0.rawValue == UInt32(type) }
    }
}

/// A string as a value of the call; 0 if even that cannot be made.
private func string(_ message: String, _ context: CallContext) -> pve_value {
    var writer = JSONWriter()
    writer.string(message)
    guard let document = try? JSONDocument(writer.bytes) else { return 0 }
    return context.handle(document.root)
}

extension EndpointMethod {
    /// The verb as the contract writes it.
    fileprivate var code: UInt8 {
        switch self {
        case .get: UInt8(PVE_METHOD_GET.rawValue)
        case .post: UInt8(PVE_METHOD_POST.rawValue)
        case .put: UInt8(PVE_METHOD_PUT.rawValue)
        case .delete: UInt8(PVE_METHOD_DELETE.rawValue)
        }
    }
}
