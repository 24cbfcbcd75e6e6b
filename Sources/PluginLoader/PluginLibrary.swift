// A plugin's descriptor in memory, wherever it came from, and what it says.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc
import PluginABI

/// An open plugin, or the image of one. Never closed or freed: tools point into it.
struct PluginLibrary {
    let file: String
    let category: String
    /// The head of it has been checked: magic, major, size.
    let descriptor: UnsafePointer<pve_plugin>
    /// Whether its code is in another process: what stands for functions here is never called.
    private let isImage: Bool

    /// Opens `file`, an absolute path, and calls the entry.
    init(_ file: String, _ category: String, _ host: UnsafePointer<pve_host>) throws(RefusalReason) {
        self.file = file
        self.category = category
        isImage = false
        guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw .cannotOpen(PluginLibrary.linkerError(file))
        }
        let symbol = PluginFileName.entrySymbol(category)
        guard let address = dlsym(handle, symbol) else { throw .noEntry(symbol: symbol) }
        // Calling data ends the process, and it is an easy mistake to make.
        if csystem_is_data(address) != 0 { throw .entryIsData(symbol: symbol) }
        // The symbol is the entry by its name; the header gives its type.
        let entry = unsafeBitCast(address, to: PluginEntry.self)
        guard let descriptor = entry(host) else { throw .entryReturnedNull(symbol: symbol) }
        self.descriptor = descriptor
        try DescriptorCheck.head(descriptor)
    }

    /// A manifest with the functions of its library, which is opened here.
    init(manifest file: String, _ category: String) throws(RefusalReason) {
        self.file = file
        self.category = category
        isImage = false
        descriptor = try Manifest(file: file).open()
    }

    /// What a plugin that runs elsewhere says of itself.
    init(image descriptor: UnsafePointer<pve_plugin>, _ file: String, _ category: String) throws(RefusalReason) {
        self.file = file
        self.category = category
        self.descriptor = descriptor
        isImage = true
        try DescriptorCheck.head(descriptor)
    }

    private typealias PluginEntry = @convention(c) (UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>?

    /// The linker's words without the file's name, which the message has already.
    static func linkerError(_ file: String) -> String {
        guard let pointer = dlerror() else { return "no reason given" }
        let text = String(cString: pointer)
        return text.hasPrefix(file + ": ") ? String(text.dropFirst(file.count + 2)) : text
    }

    /// The plugin without tools, when its descriptor is sound.
    func plugin(isFirstParty: Bool) throws(RefusalReason) -> Plugin {
        try DescriptorCheck.texts(descriptor, category)
        let head = descriptor.pointee.head
        return Plugin(
            category: category, version: String(cString: descriptor.pointee.version),
            title: String(cString: descriptor.pointee.title), summary: String(cString: descriptor.pointee.summary),
            file: file, abiMajor: head.abi_major, abiMinor: head.abi_minor, isFirstParty: isFirstParty, tools: [])
    }

    /// Puts the sound tools into `plugin` and returns why the others are not there.
    func checkTools(
        _ plugin: inout Plugin, features: UInt64, owners: inout [String: String]
    ) throws(RefusalReason) -> [RefusalReason] {
        let tools = try DescriptorCheck.tools(descriptor, features: features)
        var refused: [RefusalReason] = []
        plugin.tools.reserveCapacity(tools.count)
        for (index, pointer) in tools.enumerated() {
            guard let pointer else {
                refused.append(.tool("#\(index + 1)", .absent))
                continue
            }
            do throws(ToolFault) {
                let signature = try ToolCheck(pointer, features: features).check()
                let tool = isImage ? Tool(pointer: pointer) : try NativeCheck.tool(pointer, signature)
                let name = tool.name
                if let owner = owners[name] {
                    throw owner == file ? .duplicate : .taken(by: owner)
                }
                owners[name] = file
                plugin.tools.append(tool)
            } catch {
                refused.append(.tool(ToolCheck.label(pointer, index), error))
            }
        }
        return refused
    }
}
