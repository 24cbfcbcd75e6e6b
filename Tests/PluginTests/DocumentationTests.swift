// The C plugin that the documentation shows compiles without warnings and describes itself.
// SPDX-License-Identifier: MIT

import PluginTesting
import Foundation
import PluginABI
import Testing

@Suite("Plugin in C, as documented")
struct DocumentationTests {
    @Test func compilesAndDescribesItself() throws {
        let page = try String(contentsOf: projectFile("docs/writing-plugins.md"), encoding: .utf8)
        let begin = try #require(page.range(of: "```c\n"))
        let end = try #require(page.range(of: "```", range: begin.upperBound..<page.endIndex))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pve-docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("hello.c")
        try page[begin.upperBound..<end.lowerBound].write(to: source, atomically: true, encoding: .utf8)
        let library = folder.appendingPathComponent("libpve-hello.so").path

        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = [
            "cc", "-std=c11", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-shared", "-fPIC",
            "-I",
            projectFile("Sources/PluginABI/include").path, "-o", library, source.path,
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)

        let file = try PluginFile("hello", at: library)
        let tool = try file.tool("hello_version")
        #expect(tool.parameters.map(\.name) == ["node"])
        #expect(tool.requests.map(\.path) == ["/nodes/{node}/version"])
        var host = FakeHost.host(major: 2, least: 2)
        #expect(file.entry(&host) == nil)
    }
}
