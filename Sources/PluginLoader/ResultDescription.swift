// What a tool answers, as its plugin describes it.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// The shape of an answer, as `pve_shape`.
public enum Shape: UInt8, Sendable, CaseIterable {
    /// Nothing but success.
    case none = 0
    case object = 1
    /// An array of objects, returned inside an object under the result's name.
    case list = 2
    /// A UPID: the host waits for the task.
    case task = 3
    /// An array of `{n, t}`, returned as lines under the result's name.
    case log = 4
    /// An array of points in time.
    case series = 5
}

/// What a field counts, as `pve_unit`.
public enum FieldUnit: UInt8, Sendable, CaseIterable {
    case none = 0
    case bytes = 1
    case seconds = 2
    /// 0 to 1.
    case fraction = 3
    /// Seconds since 1970, UTC.
    case epoch = 4
    case mebibytes = 5
}

/// A view of a `pve_result` that passed the loader's checks.
// Sendable: the descriptor is constant and mapped for the life of the process; so with its fields.
public struct ResultDescription: @unchecked Sendable {
    let pointer: UnsafePointer<pve_result>

    /// Checked to be known when the tool was admitted.
    public var shape: Shape { Shape(rawValue: pointer.pointee.shape) ?? .none }
    /// The name of the list inside the answer; nil when the plugin gives none.
    public var name: String? { pointer.pointee.name.map { String(cString: $0) } }
    /// What to do next, said with every success; nil for nothing.
    public var note: String? { pointer.note.map { String(cString: $0) } }
    public var fields: FieldList {
        FieldList(base: pointer.pointee.fields, count: Int(pointer.pointee.field_count))
    }
}

extension UnsafePointer<pve_result> {
    /// Appended after the first plugins were built: nil when the plugin's struct ends before it.
    var note: UnsafePointer<CChar>? {
        Int(pointee.struct_size) >= MemoryLayout<pve_result>.size ? pointee.note : nil
    }
}

/// A view of a `pve_field` that passed the loader's checks.
public struct Field: @unchecked Sendable {
    let pointer: UnsafePointer<pve_field>

    public var name: String { String(cString: pointer.pointee.name) }
    /// The bytes of the name, where the plugin has them: valid for the life of the process.
    public var nameBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: pointer.pointee.name, count: strlen(pointer.pointee.name))
    }
    public var type: ParameterType { ParameterType(rawValue: pointer.pointee.type) ?? .json }
    /// `none` for units that a later minor of the ABI may add.
    public var unit: FieldUnit { FieldUnit(rawValue: pointer.pointee.unit) ?? .none }
    /// Returned when the caller names no fields.
    public var isChosen: Bool { UInt32(pointer.pointee.flags) & PVE_FIELD_CHOSEN.rawValue != 0 }
    /// Proxmox always sends it.
    public var isAlways: Bool { UInt32(pointer.pointee.flags) & PVE_FIELD_ALWAYS.rawValue != 0 }
}

/// The declared fields of an answer, in the plugin's order. Copying and indexing allocate nothing.
public struct FieldList: RandomAccessCollection, ExpressibleByArrayLiteral, @unchecked Sendable {
    let base: UnsafePointer<UnsafePointer<pve_field>?>?
    public let count: Int

    init(base: UnsafePointer<UnsafePointer<pve_field>?>?, count: Int) {
        self.base = base
        self.count = count
    }

    /// No fields: `[]` is the only literal there is.
    public init(arrayLiteral elements: Never...) { self.init(base: nil, count: 0) }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(position: Int) -> Field {
        precondition(position >= 0 && position < count, "field \(position) of \(count)")
        // The loader admits no list that is NULL or has NULL in it while its count says otherwise.
        return Field(pointer: base![position]!)
    }
}
