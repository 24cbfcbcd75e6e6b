// A folder in which tests compile plugins, and a host to hand to them.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
import Testing

/// The repository.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// A plugin directory of a test. Its files stay mapped, so its name is never used twice.
final class Workshop {
    /// Free of symbolic links.
    let path: String
    let outside: String

    init() throws {
        var template = Array("/tmp/pve-loader-XXXXXX".utf8CString)
        let base = try #require(mkdtemp(&template).map { String(cString: $0) })
        path = base + "/plugins"
        outside = base + "/elsewhere"
        for directory in [path, outside] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }

    /// Compiles `source`, a file of Tests/Fixtures/plugins unless it has a slash, to `libpve-<category>.so`.
    @discardableResult
    func compile(
        _ source: String, as category: String = "fixture", in directory: String? = nil,
        _ defines: [String: String] = [:],
        flags: [String] = []
    ) throws -> String {
        let file = "\(directory ?? path)/libpve-\(category).so"
        let input = source.contains("/") ? "\(root)/\(source)" : "\(root)/Tests/Fixtures/plugins/\(source)"
        try run(
            ["cc", "-std=gnu11", "-fPIC", "-shared", "-w", "-I\(root)/Sources/PluginABI/include"]
                + defines.sorted { $0.key < $1.key }.map { "-D\($0.key)=\($0.value)" } + flags + ["-o", file, input])
        return file
    }

    /// Compiles the fixture, or another source that is made of it, with an entry and names of its category.
    @discardableResult
    func fixture(
        _ category: String, in directory: String? = nil, _ defines: [String: String] = [:], source: String = "fixture.c"
    ) throws -> String {
        let entry = "pve_plugin_" + category.replacingOccurrences(of: "-", with: "_")
        let tool = category.replacingOccurrences(of: "-", with: "_") + "_get"
        let own = ["CATEGORY": "\"\(category)\"", "ENTRY": entry, "TOOL_NAME": "\"\(tool)\""]
        return try compile(source, as: category, in: directory, own.merging(defines) { $1 })
    }

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func load(_ selection: String? = "all", features: UInt64 = 3, probe: PluginLoader.Probe? = nil) throws
        -> PluginInventory
    {
        try PluginLoader(
            directories: [PluginDirectory(path: path, isFirstParty: true)], selection: CategorySelection(selection),
            hostTable: Host.table(features), probe: probe
        ).load()
    }
}

/// Runs a program and requires that it succeeds.
func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command.joined(separator: " ")): \(text)")
}

/// A host table as plugins see it; lives as long as the process, as theirs must.
enum Host {
    static func table(_ features: UInt64) -> UnsafePointer<pve_host> {
        let table = UnsafeMutablePointer<pve_host>.allocate(capacity: 1)
        table.initialize(to: pve_host())
        table.pointee.head = pve_head(
            magic: PVE_MAGIC_HOST, struct_size: UInt32(MemoryLayout<pve_host>.size), abi_major: UInt16(PVE_ABI_MAJOR),
            abi_minor: UInt16(PVE_ABI_MINOR), reserved: 0)
        table.pointee.features = features
        table.pointee.extension = { _, id in
            guard let id else { return nil }
            if strcmp(id, PVE_JSON_EXTENSION) == 0 { return UnsafeRawPointer(Host.json) }
            return strcmp(id, PVE_REQUEST_EXTENSION) == 0 ? UnsafeRawPointer(Host.requests) : nil
        }
        return UnsafePointer(table)
    }

    nonisolated(unsafe) static let json: UnsafePointer<pve_json> = {
        let table = UnsafeMutablePointer<pve_json>.allocate(capacity: 1)
        table.initialize(to: pve_json())
        table.pointee.struct_size = UInt32(MemoryLayout<pve_json>.size)
        return UnsafePointer(table)
    }()

    nonisolated(unsafe) static let requests: UnsafePointer<pve_request_api> = {
        let table = UnsafeMutablePointer<pve_request_api>.allocate(capacity: 1)
        table.initialize(to: pve_request_api())
        table.pointee.struct_size = UInt32(MemoryLayout<pve_request_api>.size)
        return UnsafePointer(table)
    }()
}
