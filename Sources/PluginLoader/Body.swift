// What a call of a tool does: one request, a function of the plugin, or a C function with a typed signature.
// SPDX-License-Identifier: MIT

import NativeCall
import PluginABI

/// The body of a tool.
public enum Body: Sendable {
    case endpoint(Endpoint)
    case call(CallBody)
    case native(Native)
}

/// The verb of an endpoint, as `pve_method`.
public enum EndpointMethod: UInt8, Sendable, CaseIterable {
    case get = 1
    case post = 2
    case put = 3
    case delete = 4
}

/// A request to Proxmox: verb and path template.
// Sendable: the descriptor is constant and mapped for the life of the process; so with the other bodies.
public struct Endpoint: @unchecked Sendable {
    let pointer: UnsafePointer<pve_endpoint>

    /// Checked to be one of the four when the tool was admitted.
    public var method: EndpointMethod { EndpointMethod(rawValue: pointer.pointee.method) ?? .get }
    /// Such as `/nodes/{node}/qemu/{vmid}/config`. Each segment is literal or one name in braces.
    public var path: String { String(cString: pointer.pointee.path) }
}

/// A function of the plugin, and the requests it may send.
public struct CallBody: @unchecked Sendable {
    /// Host table, call, context. Run on a worker thread; may block; must reply once before it returns.
    public typealias Run = @convention(c) (UnsafePointer<pve_host>?, OpaquePointer?, UnsafeMutableRawPointer?) -> Void

    let pointer: UnsafePointer<pve_call_body>

    public var run: Run { pointer.pointee.run }
    /// Handed to `run` as it is.
    public var context: UnsafeMutableRawPointer? { pointer.pointee.context }
    /// Every request `run` may send.
    public var endpoints: [Endpoint] {
        (0..<Int(pointer.pointee.endpoint_count)).compactMap { index in
            pointer.pointee.endpoints[index].map(Endpoint.init)
        }
    }
}

/// A C function called through its typed signature: the tool's parameters in order.
public struct Native: @unchecked Sendable {
    let pointer: UnsafePointer<pve_native>

    /// Prepared to be called; nil when the tool is known by its description alone, and its code is in another process.
    public let function: NativeFunction?

    /// Checked to be known when the tool was admitted.
    public var result: NativeResultType { NativeResultType(code: pointer.pointee.result) ?? .none }
    /// Whether the first argument is the call.
    public var takesCall: Bool { pointer.pointee.takes_call != 0 }
}
