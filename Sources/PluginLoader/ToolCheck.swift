// Whether a tool's descriptor is sound.
// SPDX-License-Identifier: MIT

import NativeCall
import PluginABI

/// Checks one tool, its body and its result. Reads each text once.
struct ToolCheck {
    static let nameLimit = 40
    static let listLimit = 256

    private let tool: UnsafePointer<pve_tool>
    private let features: UInt64

    init(_ tool: UnsafePointer<pve_tool>, features: UInt64) {
        self.tool = tool
        self.features = features
    }

    /// The name of a tool for messages, as far as it has one; else its place.
    static func label(_ tool: UnsafePointer<pve_tool>, _ index: Int) -> String {
        guard tool.pointee.struct_size >= StructSize.tool, let name = tool.pointee.name, name.pointee != 0 else {
            return "#\(index + 1)"
        }
        return CText(name, upTo: nameLimit).string
    }

    /// The types of the function, when the body is one.
    func check() throws(ToolFault) -> NativeSignature? {
        try ToolCheck.size("pve_tool", tool.pointee.struct_size, StructSize.tool)
        try text(
            "name",
            CText.nameFault(tool.pointee.name, upTo: ToolCheck.nameLimit, "a-z, 0-9 and _", ToolCheck.isNameByte))
        try text("title", CText.fault(tool.pointee.title, upTo: 128))
        try text("description", CText.fault(tool.pointee.description, upTo: 1024))
        guard (1...3).contains(tool.pointee.tier) else { throw .badTier(tool.pointee.tier) }
        try checkBody()
        try checkResult()
        guard let native = tool.pointee.native else { return nil }
        return try NativeCheck(tool, native).signature()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool { byte.isLowerOrDigit || byte == UInt8(ascii: "_") }

    private func text(_ field: String, _ fault: TextFault?) throws(ToolFault) {
        if let fault { throw .badText(field: field, fault) }
    }

    static func size(_ name: String, _ found: UInt32, _ wanted: Int) throws(ToolFault) {
        guard found >= wanted else { throw .shortStruct(name: name, size: Int(found), wanted: wanted) }
    }

    private func checkBody() throws(ToolFault) {
        let endpoint = tool.pointee.endpoint
        let call = tool.pointee.call
        let native = tool.pointee.native
        let bodies = [endpoint.map { _ in "endpoint" }, call.map { _ in "call" }, native.map { _ in "native" }]
            .compactMap { $0 }
        guard bodies.count <= 1 else { throw .manyBodies(bodies) }
        if let endpoint {
            try check(endpoint)
            try ParameterCheck(tool, endpoint: endpoint).check()
        } else if let call {
            try check(call)
            try ParameterCheck(tool, endpoint: nil).check()
        } else if let native {
            guard features & UInt64(PVE_FEATURE_NATIVE.rawValue) != 0 else { throw .nativeUnserved }
            try ToolCheck.size("pve_native", native.pointee.struct_size, StructSize.native)
            guard native.pointee.function != nil else { throw .noFunction(field: "pve_native.function") }
            try ParameterCheck(tool, endpoint: nil).check()
        } else {
            throw .noBody
        }
    }

    private func check(_ endpoint: UnsafePointer<pve_endpoint>) throws(ToolFault) {
        try ToolCheck.size("pve_endpoint", endpoint.pointee.struct_size, StructSize.endpoint)
        guard (1...4).contains(endpoint.pointee.method) else { throw .badMethod(endpoint.pointee.method) }
        try text("path", CText.fault(endpoint.pointee.path, upTo: PathTemplate.limit))
        let template = PathTemplate(endpoint.pointee.path)
        if let fault = template.fault { throw .badPath(template.string, fault) }
    }

    private func check(_ call: UnsafePointer<pve_call_body>) throws(ToolFault) {
        try ToolCheck.size("pve_call_body", call.pointee.struct_size, StructSize.callBody)
        // Imported as never NULL, but it comes from a plugin: compare the bits.
        let run = unsafeBitCast(call.pointee.run as CallBody.Run?, to: UnsafeRawPointer?.self)
        guard run != nil else { throw .noFunction(field: "pve_call_body.run") }
        for endpoint in try ToolCheck.list("call.endpoints", call.pointee.endpoints, call.pointee.endpoint_count) {
            try check(endpoint)
        }
    }

    private func checkResult() throws(ToolFault) {
        guard let result = tool.pointee.result else { return }
        try ToolCheck.size("pve_result", result.pointee.struct_size, StructSize.result)
        guard Shape(rawValue: result.pointee.shape) != nil else { throw .badShape(result.pointee.shape) }
        if let name = result.pointee.name {
            try text("result's name", CText.nameFault(name, upTo: 64, "letters, digits, _, . and -", \.isNameByte))
        }
        if let note = result.note { try text("result's note", CText.fault(note, upTo: 1024)) }
        for field in try ToolCheck.list("result.fields", result.pointee.fields, result.pointee.field_count) {
            try check(field)
        }
    }

    private func check(_ field: UnsafePointer<pve_field>) throws(ToolFault) {
        try ToolCheck.size("pve_field", field.pointee.struct_size, StructSize.field)
        // The host writes it into answers as it stands.
        let admits = { (byte: UInt8) in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        }
        try text(
            "result's field", CText.nameFault(field.pointee.name, upTo: 64, "printable ASCII without \" and \\", admits)
        )
        let name = field.pointee.name.map { String(cString: $0) } ?? ""
        guard let type = ParameterType(rawValue: field.pointee.type), type != .bytes else {
            throw .badField(name, type: field.pointee.type)
        }
    }

    /// The entries of a list of pointers. Throws when it is NULL though its count is not 0, has NULL in it, or is
    /// longer than anything real.
    static func list<Entry>(
        _ field: String, _ base: UnsafePointer<UnsafePointer<Entry>?>?, _ count: UInt32
    ) throws(ToolFault) -> LazyPointers<Entry> {
        let pointers = UnsafeBufferPointer(start: base, count: base == nil ? 0 : Int(min(count, UInt32(listLimit))))
        guard pointers.count == Int(count), pointers.allSatisfy({ $0 != nil }) else {
            throw .badList(field: field, count: Int(count), limit: listLimit)
        }
        return LazyPointers(pointers: pointers)
    }
}

/// Entries of a list that has been found to have no NULL in it.
struct LazyPointers<Entry>: Sequence, IteratorProtocol {
    let pointers: UnsafeBufferPointer<UnsafePointer<Entry>?>
    private var index = 0

    init(pointers: UnsafeBufferPointer<UnsafePointer<Entry>?>) { self.pointers = pointers }

    mutating func next() -> UnsafePointer<Entry>? {
        guard index < pointers.count else { return nil }
        defer { index += 1 }
        return pointers[index]
    }
}
