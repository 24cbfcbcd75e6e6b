// Whether a plugin's descriptor is one this host can read.
// SPDX-License-Identifier: MIT

import PluginABI

/// Sizes of the descriptors in ABI 1.0. A struct of a plugin must have at least that; they never change, whatever
/// later minors append.
enum StructSize {
    static let plugin = 72
    static let tool = 80
    static let parameter = 80
    static let result = 32
    static let field = 16
    static let endpoint = 16
    static let callBody = 32
    static let native = 24
}

/// Checks of the plugin itself, from the outside in: nothing is read before what tells that it can be.
enum DescriptorCheck {
    static let toolLimit = 512
    static let textLimit = 1024

    static func head(_ plugin: UnsafePointer<pve_plugin>) throws(RefusalReason) {
        let head = plugin.pointee.head
        guard head.magic == PVE_MAGIC_PLUGIN else { throw .wrongMagic(head.magic) }
        guard Int32(head.abi_major) == PVE_ABI_MAJOR else {
            throw .otherMajor(major: head.abi_major, minor: head.abi_minor)
        }
        guard head.struct_size >= StructSize.plugin else {
            throw .shortStruct(size: Int(head.struct_size), wanted: StructSize.plugin)
        }
    }

    static func texts(_ plugin: UnsafePointer<pve_plugin>, _ category: String) throws(RefusalReason) {
        let found = plugin.pointee.category
        if let fault = CText.fault(found, upTo: 40) { throw .badText(field: "category", fault) }
        let name = String(cString: found!)
        guard name == category else { throw .wrongCategory(name) }
        for (field, text) in [
            ("version", plugin.pointee.version), ("title", plugin.pointee.title), ("summary", plugin.pointee.summary),
        ] {
            if let fault = CText.fault(text, upTo: textLimit) { throw .badText(field: field, fault) }
        }
    }

    /// The plugin's list of tools; entries may still be NULL.
    static func tools(
        _ plugin: UnsafePointer<pve_plugin>, features: UInt64
    ) throws(RefusalReason) -> UnsafeBufferPointer<UnsafePointer<pve_tool>?> {
        let missing = plugin.pointee.required_features & ~features
        guard missing == 0 else { throw .unknownFeatures(missing) }
        let count = Int(plugin.pointee.tool_count)
        guard let list = plugin.pointee.tools, count > 0 else { throw .noTools }
        guard count <= toolLimit else { throw .tooManyTools(count) }
        return UnsafeBufferPointer(start: list, count: count)
    }
}
