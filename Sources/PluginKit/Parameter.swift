// A parameter of a tool.
// SPDX-License-Identifier: MIT

/// A parameter: its name, type, one line of description, and what it takes.
///
/// ```swift
/// .integer("timeout", "Seconds until the task gives up.", in: 0...)
/// .string("target", "Node to move the VM to.").required
/// ```
/// The host makes the input schema from it, checks arguments against it and sends it to Proxmox: in the path if the
/// template names it, else as a parameter of the request.
public struct Parameter: Sendable {
    /// Types, with the numbers of `pve_type`.
    enum Kind: UInt8, Sendable {
        case bool = 1
        case integer = 4
        case number = 6
        case string = 7
        case strings = 16
        case integers = 17
        case object = 18
        case any = 19
    }

    /// What a parameter is for, with the numbers of `pve_role`.
    enum Role: UInt8, Sendable {
        case argument, local, options, wait, fields, limit, cursor
    }

    /// Flags, with the bits of `pve_parameter_flag`.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt16
        static let required = Flags(rawValue: 1)
        static let guestNode = Flags(rawValue: 2)
        static let secret = Flags(rawValue: 4)
        static let minimum = Flags(rawValue: 8)
        static let maximum = Flags(rawValue: 16)
        static let taskNode = Flags(rawValue: 32)
    }

    let name: StaticString
    let kind: Kind
    let text: StaticString
    var role = Role.argument
    var flags: Flags = []
    var apiName: StaticString?
    var preset: Preset?
    var choices: [StaticString] = []
    var maximumLength: UInt32 = 0
    var pattern: StaticString?
    var minimum = 0.0
    var maximum = 0.0

    init(_ name: StaticString, _ kind: Kind, _ text: StaticString) {
        self.name = name
        self.kind = kind
        self.text = text
    }

    private func with(_ change: (inout Parameter) -> Void) -> Parameter {
        var copy = self
        change(&copy)
        return copy
    }

    /// The same, but callers must give it.
    public var required: Parameter { with { $0.flags.insert(.required) } }
    /// The same, but never logged.
    public var secret: Parameter { with { $0.flags.insert(.secret) } }
    /// The same, but absent means unchanged: for tools that alter what is there.
    public var withoutDefault: Parameter { with { $0.preset = nil } }
    /// The same, but for the tool's code alone: requests do not send it by themselves.
    public var local: Parameter { with { $0.role = .local } }
    /// The same, but Proxmox knows it by another name.
    public func sent(as apiName: StaticString) -> Parameter { with { $0.apiName = apiName } }
    /// The same, but a node that the host finds by the argument `vmid` when it is absent.
    var found: Parameter { with { $0.flags.insert(.guestNode) } }
    /// The same, but a node that the host takes from the argument `upid` when it is absent.
    var named: Parameter { with { $0.flags.insert(.taskNode) } }

    func playing(_ role: Role) -> Parameter { with { $0.role = role } }
}

/// A default as the schema shows it. It is not sent: it says what Proxmox or the host assumes.
public enum Preset: Sendable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case bool(Bool)
    case integer(Int)
    /// Text without quotes or backslashes.
    case text(StaticString)

    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(stringLiteral value: StaticString) { self = .text(value) }
}
