// A plugin without code: a JSON file that binds functions of a shared library as native tools.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc
import JSON
import PluginABI

/// A manifest, read and checked as far as that goes without the library.
///
/// Nobody but its author can tell whether its types are those of the functions. So its tools run in a process of their
/// own, and are taken for destructive ones of the highest tier until the administrator says otherwise by name.
struct Manifest {
    /// The version of the format.
    static let format = 1
    static let sizeLimit = 1 << 20

    let category: String
    /// A name that the dynamic linker finds, or an absolute path.
    let library: String
    private let root: ObjectReader
    private let tools: [ObjectReader]

    init(json: [UInt8]) throws(DescriptionFault) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(json)
        } catch {
            throw DescriptionFault(message: "it is not JSON: \(error)")
        }
        var reader = try ObjectReader(document.root, at: "")
        guard let format = try reader.integer("manifest", Int64.self) else {
            throw reader.fault("manifest", "is missing; it is the version of the format, \(Manifest.format)")
        }
        guard format == Manifest.format else {
            throw reader.fault(
                "manifest", "is \(format), this host reads \(Manifest.format); install a newer pve-mcp")
        }
        category = try reader.text("category")
        library = try reader.text("library")
        guard !library.isEmpty, library.first == "/" || !library.contains("/") else {
            throw reader.fault(
                "library",
                "is \"\(library)\"; it takes a name that the dynamic linker finds, such as libz.so.1, or an "
                    + "absolute path")
        }
        tools = try reader.objects("tools", limit: DescriptorCheck.toolLimit)
        root = reader
    }

    /// Where a symbol is; nil when the library does not have it as a function.
    typealias Resolve = (_ symbol: String) -> UnsafeMutableRawPointer?

    /// The descriptor, which lasts as long as the process.
    func descriptor(
        tiers: [String: UInt8] = [:], resolving resolve: Resolve
    ) throws(DescriptionFault) -> UnsafePointer<pve_plugin> {
        var reader = root
        var plugin = pve_plugin()
        plugin.head = pve_head(
            magic: UInt32(PVE_MAGIC_PLUGIN), struct_size: DescriptorArena.size(of: pve_plugin.self),
            abi_major: UInt16(PVE_ABI_MAJOR), abi_minor: UInt16(PVE_ABI_MINOR), reserved: 0)
        plugin.category = DescriptorArena.text(category)
        plugin.version = DescriptorArena.text(try reader.text("version"))
        plugin.title = DescriptorArena.text(try reader.text("title"))
        plugin.summary = DescriptorArena.text(try reader.text("summary"))
        try reader.end()
        var pointers: [UnsafePointer<pve_tool>] = []
        for tool in tools { pointers.append(try self.tool(tool, tiers, resolve)) }
        plugin.tools = DescriptorArena.list(pointers)
        plugin.tool_count = UInt32(pointers.count)
        plugin.required_features = UInt64(PVE_FEATURE_NATIVE.rawValue)
        return DescriptorArena.value(plugin)
    }

    /// The same without the library: for the process that only describes the tools.
    /// `tiers` are what the administrator says of tools by name; what is said of a tool is not destructive.
    func descriptor(tiers: [String: UInt8]) throws(DescriptionFault) -> UnsafePointer<pve_plugin> {
        let nothing: @convention(c) () -> Void = {}
        return try descriptor(tiers: tiers) { _ in unsafeBitCast(nothing, to: UnsafeMutableRawPointer.self) }
    }

    private func tool(
        _ reader: ObjectReader, _ tiers: [String: UInt8], _ resolve: Resolve
    ) throws(DescriptionFault) -> UnsafePointer<pve_tool> {
        var reader = reader
        var tool = pve_tool()
        tool.struct_size = DescriptorArena.size(of: pve_tool.self)
        let name = try reader.text("name")
        tool.name = DescriptorArena.text(name)
        tool.tier = tiers[name] ?? UInt8(PVE_TIER_FULL.rawValue)
        if tiers[name] == nil {
            tool.annotations = UInt8(PVE_ANNOTATION_DESTRUCTIVE.rawValue)
        } else if UInt32(tool.tier) == PVE_TIER_READ_ONLY.rawValue {
            tool.annotations = UInt8(PVE_ANNOTATION_READ_ONLY.rawValue)
        }
        tool.title = DescriptorArena.text(try reader.text("title"))
        tool.description = DescriptorArena.text(try reader.text("description"))
        var parameters: [UnsafePointer<pve_parameter>] = []
        for parameter in try reader.objects("parameters", limit: ToolCheck.listLimit) {
            parameters.append(try ParameterImage.nativeParameter(parameter))
        }
        tool.parameters = DescriptorArena.list(parameters)
        tool.parameter_count = UInt32(parameters.count)
        if let name = try reader.optionalText("result_name") {
            var result = pve_result()
            result.struct_size = DescriptorArena.size(of: pve_result.self)
            result.shape = UInt8(PVE_SHAPE_OBJECT.rawValue)
            result.name = DescriptorArena.text(name)
            tool.result = DescriptorArena.value(result)
        }
        tool.native = try native(&reader, resolve)
        try reader.end()
        return DescriptorArena.value(tool)
    }

    private func native(
        _ reader: inout ObjectReader, _ resolve: Resolve
    ) throws(DescriptionFault) -> UnsafePointer<pve_native> {
        var native = pve_native()
        native.struct_size = DescriptorArena.size(of: pve_native.self)
        guard let result = try reader.code("result", .nativeResults) else {
            let words = DescriptionWords.nativeResults.all.joined(separator: ", ")
            throw reader.fault("result", "is missing; use one of \(words)")
        }
        native.result = result
        let symbol = try reader.text("symbol")
        guard let function = resolve(symbol) else { throw missing("symbol", symbol, reader) }
        // The type of the function is what the manifest says; the call is made through that.
        native.function = unsafeBitCast(function, to: (@convention(c) () -> Void).self)
        if let release = try reader.optionalText("release") {
            guard let address = resolve(release) else { throw missing("release", release, reader) }
            native.release = unsafeBitCast(
                address, to: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
        }
        return DescriptorArena.value(native)
    }

    private func missing(_ member: String, _ symbol: String, _ reader: ObjectReader) -> DescriptionFault {
        reader.fault(
            member, "names \(symbol), which \(library) does not export as a function; nm -D lists what it exports")
    }
}

extension Manifest {
    /// Reads the file of a manifest.
    init(file: String) throws(RefusalReason) {
        guard let bytes = Manifest.bytes(of: file) else { throw .unreadable(path: file, errno: errno) }
        guard bytes.count <= Manifest.sizeLimit else {
            throw .badManifest("it has more than \(Manifest.sizeLimit >> 20) MiB")
        }
        do throws(DescriptionFault) {
            self = try Manifest(json: bytes)
        } catch {
            throw .badManifest(error.message)
        }
    }

    private static func bytes(of file: String) -> [UInt8]? {
        let descriptor = Glibc.open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= sizeLimit {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// The descriptor with the functions of the library, which is opened here. Only in a process of its own.
    func open() throws(RefusalReason) -> UnsafePointer<pve_plugin> {
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw .missingLibrary(library, PluginLibrary.linkerError(library))
        }
        do throws(DescriptionFault) {
            return try descriptor { symbol in
                guard let address = dlsym(handle, symbol), csystem_is_data(address) == 0 else { return nil }
                return address
            }
        } catch {
            throw .badManifest(error.message)
        }
    }
}
