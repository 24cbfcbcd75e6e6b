// A built plugin, opened as a host opens it.
// SPDX-License-Identifier: MIT

import PluginTesting
import Glibc
import PluginABI
import Testing

/// A library beside the test binary, and its descriptor.
struct PluginFile {
    let path: String
    let entry: @convention(c) (UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>?

    /// The folder of the test binary, where the build puts every product.
    static let folder: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer[..<max(length, 0)].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path[..<(path.lastIndex(of: "/") ?? path.endIndex)].description
    }()

    /// Opens the built library of a category, or the one at `path`.
    init(_ category: String, at path: String? = nil) throws {
        let path = path ?? "\(PluginFile.folder)/libpve-\(category).so"
        self.path = path
        let library = try #require(dlopen(path, RTLD_NOW | RTLD_LOCAL), "\(String(cString: dlerror()))")
        let symbol = try #require(dlsym(library, "pve_plugin_\(category)"), "no entry in \(path)")
        entry = unsafeBitCast(
            symbol, to: (@convention(c) (UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>?).self)
    }

    func plugin() throws -> pve_plugin {
        try #require(entry(FakeHost.table), "the entry of \(path) returned NULL").pointee
    }

    func tools() throws -> [DescribedTool] {
        let plugin = try plugin()
        return try (0..<Int(plugin.tool_count)).map { DescribedTool(try #require(plugin.tools[$0]).pointee) }
    }

    func tool(_ name: String) throws -> DescribedTool {
        try #require(tools().first { $0.name == name }, "no tool \(name) in \(path)")
    }

    /// Runs the code of a tool, with a host that answers its requests as told.
    func run(
        _ tool: String, _ arguments: String, _ answer: @escaping (SentRequest) -> FakeAnswer
    ) throws -> FakeCall {
        let call = try FakeCall(arguments: arguments, answer: answer)
        call.run(try #require(self.tool(tool).call))
        return call
    }
}
