// A request to Proxmox as a tool declares it.
// SPDX-License-Identifier: MIT

/// A verb and a path template, such as `.get("/nodes/{node}/status")`.
///
/// Names in braces are filled from the parameters of that name; the host encodes them.
public struct Endpoint: Sendable {
    /// The verbs of the API.
    public enum Method: UInt8, Sendable {
        case get = 1
        case post = 2
        case put = 3
        case delete = 4
    }

    let method: Method
    let path: StaticString

    public static func get(_ path: StaticString) -> Endpoint { Endpoint(method: .get, path: path) }
    public static func post(_ path: StaticString) -> Endpoint { Endpoint(method: .post, path: path) }
    public static func put(_ path: StaticString) -> Endpoint { Endpoint(method: .put, path: path) }
    public static func delete(_ path: StaticString) -> Endpoint { Endpoint(method: .delete, path: path) }
}
