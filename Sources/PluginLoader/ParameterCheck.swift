// Whether a tool's parameters are sound, by themselves and together.
// SPDX-License-Identifier: MIT

import PluginABI

/// Checks the parameters of one tool. Lists are short, so names are compared in place, without sets or strings.
struct ParameterCheck {
    private typealias Pointer = UnsafePointer<pve_parameter>

    private let tool: UnsafePointer<pve_tool>
    /// The endpoint that the parameters are for; nil when the body is code.
    private let endpoint: UnsafePointer<pve_endpoint>?

    init(_ tool: UnsafePointer<pve_tool>, endpoint: UnsafePointer<pve_endpoint>?) {
        self.tool = tool
        self.endpoint = endpoint
    }

    func check() throws(ToolFault) {
        let pointers = Array(try ToolCheck.list("parameters", tool.pointee.parameters, tool.pointee.parameter_count))
        try each(pointers) { (pointer, index) throws(ParameterFault) in
            try check(pointer)
            try check(pointer, after: pointers[..<index])
        }
        // Looks at those after it too, so all must have been found sound.
        try each(pointers) { (pointer, _) throws(ParameterFault) in
            if pointer.flag(PVE_PARAMETER_GUEST_NODE) { try checkFoundNode(pointer, by: "vmid", pointers) }
            if pointer.flag(PVE_PARAMETER_TASK_NODE) { try checkFoundNode(pointer, by: "upid", pointers) }
        }
        if let endpoint { try checkPath(PathTemplate(endpoint.pointee.path), pointers) }
    }

    private func each(
        _ pointers: [Pointer], _ check: (Pointer, Int) throws(ParameterFault) -> Void
    ) throws(ToolFault) {
        for (index, pointer) in pointers.enumerated() {
            do throws(ParameterFault) { try check(pointer, index) } catch {
                throw .badParameter(label(pointer, index), error)
            }
        }
    }

    private func label(_ pointer: Pointer, _ index: Int) -> String {
        guard pointer.pointee.struct_size >= StructSize.parameter, let name = pointer.pointee.name, name.pointee != 0
        else { return "#\(index + 1)" }
        return CText(name, upTo: 64).string
    }

    /// One parameter by itself.
    private func check(_ pointer: Pointer) throws(ParameterFault) {
        let size = Int(pointer.pointee.struct_size)
        guard size >= StructSize.parameter else { throw .shortStruct(size: size, wanted: StructSize.parameter) }
        try text("name", CText.nameFault(pointer.pointee.name, upTo: 64, "letters, digits, _, . and -", \.isNameByte))
        try text("description", CText.fault(pointer.pointee.description, upTo: 1024))
        if let name = pointer.pointee.api_name { try text("api_name", CText.fault(name, upTo: 64)) }
        guard let type = ParameterType(rawValue: pointer.pointee.type) else { throw .badType(pointer.pointee.type) }
        guard let role = ParameterRole(rawValue: pointer.pointee.role) else { throw .badRole(pointer.pointee.role) }
        guard role.takes(type) else { throw .roleNeeds(role: "\(role)", type: role.wantedType) }
        if role == .local && endpoint != nil { throw .unread }
        try checkPattern(pointer)
        try checkBounds(pointer)
        try checkChoices(pointer, type)
        try checkDefault(pointer, type)
    }

    private func text(_ field: String, _ fault: TextFault?) throws(ParameterFault) {
        if let fault { throw .badText(field: field, fault) }
    }

    private func checkPattern(_ pointer: Pointer) throws(ParameterFault) {
        guard let pattern = pointer.pointee.pattern else { return }
        try text("pattern", CText.optionalFault(pattern, upTo: 1024))
        let string = CText(pattern, upTo: 1024).string
        if let fault = PatternSyntax.fault(in: string) { throw .badPattern(string, fault) }
    }

    private func checkBounds(_ pointer: Pointer) throws(ParameterFault) {
        let low = pointer.flag(PVE_PARAMETER_MINIMUM) ? pointer.pointee.minimum : nil
        let high = pointer.flag(PVE_PARAMETER_MAXIMUM) ? pointer.pointee.maximum : nil
        guard low?.isFinite ?? true, high?.isFinite ?? true else { throw .badBounds }
        if let low, let high, low > high { throw .badBounds }
    }

    private func checkChoices(_ pointer: Pointer, _ type: ParameterType) throws(ParameterFault) {
        let count = Int(pointer.pointee.choice_count)
        guard count > 0 else { return }
        guard let choices = pointer.pointee.choices, count <= ToolCheck.listLimit else {
            throw .badChoices(count: count)
        }
        for choice in UnsafeBufferPointer(start: choices, count: count) {
            guard let choice, CText.optionalFault(choice, upTo: 256) == nil else { throw .badChoices(count: count) }
            // Those of numbers stand in the schema as they are.
            guard type.isInteger || type == .i64List else { continue }
            let text = CText(choice, upTo: 256)
            guard DefaultValue.isJSON(text.bytes, of: .i64) else { throw .badChoice(text.string, type: "i64") }
        }
    }

    private func checkDefault(_ pointer: Pointer, _ type: ParameterType) throws(ParameterFault) {
        guard let json = pointer.pointee.default_json else { return }
        try text("default", CText.fault(json, upTo: 1024))
        let text = CText(json, upTo: 1024)
        guard DefaultValue.isJSON(text.bytes, of: type) else { throw .badDefault(text.string, type: "\(type)") }
    }

    /// One parameter against those before it.
    private func check(_ pointer: Pointer, after others: ArraySlice<Pointer>) throws(ParameterFault) {
        let name = CText(pointer.pointee.name, upTo: 64)
        for other in others {
            if CText(other.pointee.name, upTo: 64).bytes.elementsEqual(name.bytes) { throw .duplicate }
            guard other.pointee.role == pointer.pointee.role, let role = ParameterRole(rawValue: other.pointee.role)
            else { continue }
            switch role {
            case .argument:
                if endpoint != nil, other.apiName.elementsEqual(pointer.apiName) {
                    throw .apiNameTwice(String(decoding: pointer.apiName, as: UTF8.self))
                }
            case .local: break
            default: throw .roleTwice("\(role)")
            }
        }
    }

    /// The host finds a guest's node by the `vmid` beside it, and a task's in its `upid`.
    private func checkFoundNode(_ pointer: Pointer, by key: String, _ all: [Pointer]) throws(ParameterFault) {
        guard pointer.pointee.type == ParameterType.utf8.rawValue else {
            throw .roleNeeds(role: key == "vmid" ? "guest node" : "task node", type: "utf8")
        }
        let hasKey = all.contains { $0.apiName.elementsEqual(key.utf8) && $0.flag(PVE_PARAMETER_REQUIRED) }
        guard hasKey else { throw key == "vmid" ? .guestNodeAlone : .taskNodeAlone }
    }

    /// Every name in the path is filled by an argument that is one value and always there.
    private func checkPath(_ template: PathTemplate, _ all: [Pointer]) throws(ToolFault) {
        for name in template.names {
            let filling = all.enumerated().first {
                $0.element.pointee.role == ParameterRole.argument.rawValue && $0.element.apiName.elementsEqual(name)
            }
            guard let (index, pointer) = filling else {
                throw .unfilledPath(template.string, name: String(decoding: name, as: UTF8.self))
            }
            let isFound = pointer.flag(PVE_PARAMETER_GUEST_NODE) || pointer.flag(PVE_PARAMETER_TASK_NODE)
            guard pointer.flag(PVE_PARAMETER_REQUIRED) || isFound else {
                throw .badParameter(label(pointer, index), .optionalInPath)
            }
            guard pointer.pointee.type <= ParameterType.utf8.rawValue else {
                throw .badParameter(label(pointer, index), .listInPath)
            }
        }
    }
}

extension UnsafePointer<pve_parameter> {
    fileprivate func flag(_ flag: pve_parameter_flag) -> Bool { UInt32(pointee.flags) & flag.rawValue != 0 }

    /// The bytes of the name it is sent under. Only asked when `name` is known to be there.
    fileprivate var apiName: UnsafeBufferPointer<UInt8> {
        CText(pointee.api_name ?? pointee.name, upTo: 64).bytes
    }
}

extension ParameterRole {
    /// Whether values of `type` can play this role.
    fileprivate func takes(_ type: ParameterType) -> Bool {
        switch self {
        case .argument, .local: true
        case .options: type == .object
        case .wait, .limit: type.isInteger
        case .fields: type == .utf8List
        case .cursor: type == .utf8
        }
    }

    fileprivate var wantedType: String {
        switch self {
        case .argument, .local: "any"
        case .options: "object"
        case .wait, .limit: "i32, u32, i64 or u64"
        case .fields: "utf8List"
        case .cursor: "utf8"
        }
    }
}
