// The descriptors of the built plugins.
// SPDX-License-Identifier: MIT

import PluginTesting
import Glibc
import PluginABI
import Testing

@Suite("Descriptors of built plugins")
struct BuiltDescriptorTests {
    @Test(arguments: Categories.built)
    func namesItsCategory(category: String) throws {
        let plugin = try PluginFile(category).plugin()
        #expect(plugin.head.magic == UInt32(PVE_MAGIC_PLUGIN))
        #expect(String(cString: plugin.category) == category)
        #expect(String(cString: plugin.version) == "1.0.0")
        #expect(!String(cString: plugin.summary).isEmpty)
    }

    @Test(arguments: Categories.built)
    func isNotForHostsOfAnotherMajor(category: String) throws {
        let file = try PluginFile(category)
        var host = FakeHost.host(major: 3, least: 2)
        #expect(file.entry(&host) == nil)
        #expect(file.entry(nil) == nil)
    }

    @Test(arguments: Categories.built)
    func everythingIsDescribed(category: String) throws {
        for tool in try PluginFile(category).tools() {
            #expect(tool.name.utf8.count <= 40, "\(tool)")
            #expect((10...1024).contains(tool.text.utf8.count), "\(tool)")
            #expect(Set(tool.parameters.map(\.name)).count == tool.parameters.count, "\(tool) has a parameter twice")
            for parameter in tool.parameters { #expect(parameter.text.utf8.count >= 4, "\(tool): \(parameter.name)") }
        }
    }

    @Test(arguments: Categories.built)
    func toolsThatStayWithinReadingSaySo(category: String) throws {
        for tool in try PluginFile(category).tools() {
            let reads = tool.requests.allSatisfy { $0.method == "GET" }
            #expect(
                (tool.annotations == UInt8((PVE_ANNOTATION_READ_ONLY.rawValue | PVE_ANNOTATION_IDEMPOTENT.rawValue)))
                    == reads, "\(tool)")
            #expect((tool.tier == 1) == reads, "\(tool)")
        }
    }

    @Test(arguments: Categories.built)
    func whatLosesDataIsDestructive(category: String) throws {
        let destructive = try PluginFile(category).tools().filter {
            UInt32($0.annotations) & PVE_ANNOTATION_DESTRUCTIVE.rawValue != 0
        }
        #expect(Set(destructive.map(\.name)) == Categories.destructive[category] ?? [])
    }

    @Test(arguments: Categories.built)
    func guestsNeedNoNode(category: String) throws {
        for tool in try PluginFile(category).tools()
        where tool.requests.contains(where: { $0.path.contains("{vmid}") })
            && tool.parameters.contains(where: { $0.name == "vmid" && $0.isRequired })
        {
            #expect(tool.parameters.first { $0.name == "node" }?.isGuestNode == true, "\(tool)")
        }
    }

    @Test(arguments: Categories.built)
    func passwordsAreSecret(category: String) throws {
        for tool in try PluginFile(category).tools() {
            for parameter in tool.parameters where parameter.apiName.hasSuffix("password") {
                #expect(parameter.isSecret, "\(tool)")
            }
        }
    }

    @Test func theListStaysSmall() throws {
        let tools = try Categories.built.flatMap { try PluginFile($0).tools() }
        let bytes = tools.map(\.listEntry.count).reduce(0, +)
        #expect(bytes / tools.count <= 900, "\(bytes) bytes for \(tools.count) tools")
    }

    @Test(arguments: Categories.built)
    func theSameStatementIsTheSameDescriptor(category: String) throws {
        let file = try PluginFile(category)
        #expect(try file.tools().map(\.listEntry) == file.tools().map(\.listEntry))
    }

    /// Twelve categories must open in less than a millisecond; the largest one alone stays far below.
    @Test(arguments: Categories.built)
    func describingIsCheap(category: String) throws {
        let file = try PluginFile(category)
        var best = Int.max
        for _ in 0..<20 {
            var start = timespec()
            var end = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            _ = file.entry(FakeHost.table)
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            best = min(best, (end.tv_sec - start.tv_sec) * 1_000_000_000 + end.tv_nsec - start.tv_nsec)
        }
        #if DEBUG
            let bound = 3_000_000
        #else
            let bound = 80_000
        #endif
        #expect(best < bound, "\(best) ns")
    }
}
