// A request to the Proxmox VE API before it is sent.
// SPDX-License-Identifier: MIT

/// The verbs of the API.
public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
}

/// The value of a request parameter, before it is written as Proxmox wants it.
public enum ParameterValue: Equatable, Sendable {
    /// Sent as `1` or `0`.
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    /// Sent as one pair per element.
    case list([String])
}

/// A request: a verb, a path template and values. The path is put together, encoded and checked when it is sent.
public struct Request: Equatable, Sendable {
    /// A name and its value; order is kept.
    public struct Parameter: Equatable, Sendable {
        public var name: String
        public var value: ParameterValue

        public init(_ name: String, _ value: ParameterValue) {
            self.name = name
            self.value = value
        }
    }

    public var method: Method
    /// Such as `/nodes/{node}/qemu/{vmid}/config`.
    public var template: String
    /// The values of the template's names, not encoded.
    public var path: [String: String]
    /// Everything else: the query of a GET or DELETE, the body of a POST or PUT.
    public var parameters: [Parameter]

    public init(_ method: Method, _ template: String, path: [String: String] = [:], _ parameters: [Parameter] = []) {
        self.method = method
        self.template = template
        self.path = path
        self.parameters = parameters
    }
}
