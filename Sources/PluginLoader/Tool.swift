// A tool as its plugin describes it.
// SPDX-License-Identifier: MIT

import NativeCall
import PluginABI

/// What a tool says it does, as `pve_annotation`.
public struct ToolAnnotationBits: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Changes nothing.
    public static let readOnly = ToolAnnotationBits(rawValue: 1 << 0)
    /// May overwrite or delete.
    public static let destructive = ToolAnnotationBits(rawValue: 1 << 1)
    /// A second call changes nothing more.
    public static let idempotent = ToolAnnotationBits(rawValue: 1 << 2)
    /// Reaches out to the internet.
    public static let openWorld = ToolAnnotationBits(rawValue: 1 << 3)
}

/// A view of a `pve_tool` that passed the loader's checks.
///
/// It is a pointer, and what was prepared for it; every property reads the descriptor when asked. The checks admit no struct shorter than ABI 1.0
/// made it, so the fields of 1.0 are read as they are; a field of a later minor is read behind a test of
/// `struct_size`.
// Sendable: the descriptor is constant, by the contract, and mapped for the life of the process.
public struct Tool: @unchecked Sendable {
    let pointer: UnsafePointer<pve_tool>
    /// The function of a native body, prepared when the plugin was loaded; nil where its code is not in this process.
    let function: NativeFunction?

    init(pointer: UnsafePointer<pve_tool>, function: NativeFunction? = nil) {
        self.pointer = pointer
        self.function = function
    }

    /// Made of `[a-z0-9_]`, at most 40 bytes; no other loaded tool has it.
    public var name: String { String(cString: pointer.pointee.name) }
    public var title: String { String(cString: pointer.pointee.title) }
    /// At most 1,024 bytes.
    public var description: String { String(cString: pointer.pointee.description) }
    /// The declared tier, as `pve_tier`: 1 read-only, 2 read-execute, 3 full.
    public var tier: UInt8 { pointer.pointee.tier }
    public var annotations: ToolAnnotationBits { ToolAnnotationBits(rawValue: pointer.pointee.annotations) }

    public var parameters: ParameterList {
        ParameterList(base: pointer.pointee.parameters, count: Int(pointer.pointee.parameter_count))
    }

    /// What the tool answers; nil when it says nothing about it.
    public var result: ResultDescription? { pointer.pointee.result.map(ResultDescription.init) }

    /// What a call of the tool does.
    public var body: Body {
        if let call = pointer.pointee.call { return .call(CallBody(pointer: call)) }
        if let native = pointer.pointee.native { return .native(Native(pointer: native, function: function)) }
        // The loader admits tools with exactly one body, so this is the third.
        return .endpoint(Endpoint(pointer: pointer.pointee.endpoint))
    }
}
