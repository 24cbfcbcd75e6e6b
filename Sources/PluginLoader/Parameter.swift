// A parameter of a tool as its plugin describes it.
// SPDX-License-Identifier: MIT

import PluginABI

/// Types of parameters and fields, as `pve_type`.
public enum ParameterType: UInt8, Sendable, CaseIterable {
    case bool = 1
    case i32 = 2
    case u32 = 3
    case i64 = 4
    case u64 = 5
    case f64 = 6
    case utf8 = 7
    /// Base64 in JSON.
    case bytes = 8
    case utf8List = 16
    case i64List = 17
    /// An object with any members.
    case object = 18
    /// Any JSON value.
    case json = 19

    /// Whether values are whole numbers.
    public var isInteger: Bool { (ParameterType.i32.rawValue...ParameterType.u64.rawValue).contains(rawValue) }
}

/// What a parameter is for, as `pve_role`.
public enum ParameterRole: UInt8, Sendable, CaseIterable {
    /// Sent to Proxmox: in the path if the template names it, else as a parameter.
    case argument = 0
    /// Read by the body only.
    case local = 1
    /// An object whose members are sent as further API parameters.
    case options = 2
    /// Seconds to wait for the task that the request starts.
    case wait = 3
    /// Names of the result's fields to return.
    case fields = 4
    /// How many entries of a list to return.
    case limit = 5
    /// Where the last answer's list stopped.
    case cursor = 6
}

/// A view of a `pve_parameter` that passed the loader's checks.
// Sendable: the descriptor is constant and mapped for the life of the process.
public struct Parameter: @unchecked Sendable {
    let pointer: UnsafePointer<pve_parameter>

    /// As callers write it: `[A-Za-z0-9_.-]`, at most 64 bytes.
    public var name: String { String(cString: pointer.pointee.name) }
    public var description: String { String(cString: pointer.pointee.description) }
    /// As Proxmox knows it.
    public var apiName: String { String(cString: pointer.pointee.api_name ?? pointer.pointee.name) }
    /// Checked to be known when the tool was admitted, as `role`.
    public var type: ParameterType { ParameterType(rawValue: pointer.pointee.type) ?? .json }
    public var role: ParameterRole { ParameterRole(rawValue: pointer.pointee.role) ?? .local }

    public var isRequired: Bool { has(PVE_PARAMETER_REQUIRED) }
    /// A node; when absent, the host finds the one that holds `vmid`.
    public var isGuestNode: Bool { has(PVE_PARAMETER_GUEST_NODE) }
    /// A node; when absent, the host takes the one that the UPID names.
    public var isTaskNode: Bool { has(PVE_PARAMETER_TASK_NODE) }
    /// Never logged.
    public var isSecret: Bool { has(PVE_PARAMETER_SECRET) }
    public var minimum: Double? { has(PVE_PARAMETER_MINIMUM) ? pointer.pointee.minimum : nil }
    public var maximum: Double? { has(PVE_PARAMETER_MAXIMUM) ? pointer.pointee.maximum : nil }

    /// JSON of the parameter's type, shown in the schema and not sent.
    public var defaultJSON: String? { pointer.pointee.default_json.map { String(cString: $0) } }
    /// The only values it takes; empty when there is no such list.
    public var choices: [String] {
        (0..<Int(pointer.pointee.choice_count)).compactMap { index in
            pointer.pointee.choices[index].map { String(cString: $0) }
        }
    }
    /// Of a string, in characters.
    public var maximumLength: Int? { pointer.pointee.maximum_length == 0 ? nil : Int(pointer.pointee.maximum_length) }
    /// ECMA 262, anchored.
    public var pattern: String? { pointer.pointee.pattern.map { String(cString: $0) } }

    private func has(_ flag: pve_parameter_flag) -> Bool { UInt32(pointer.pointee.flags) & flag.rawValue != 0 }
}

/// The parameters of a tool, in the plugin's order. Copying and indexing allocate nothing.
public struct ParameterList: RandomAccessCollection, @unchecked Sendable {
    let base: UnsafePointer<UnsafePointer<pve_parameter>?>?
    public let count: Int

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(position: Int) -> Parameter {
        precondition(position >= 0 && position < count, "parameter \(position) of \(count)")
        // The loader admits no list that is NULL or has NULL in it while its count says otherwise.
        return Parameter(pointer: base![position]!)
    }
}
