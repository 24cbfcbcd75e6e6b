// Beginning a plugin: its name's forms, where things are, and a directory that is whole or not there.
// SPDX-License-Identifier: MIT

import Foundation
import PluginLoader
import Proxmox
import Testing

@testable import Host

@Suite("Beginning a plugin")
struct PluginNewTests {
    // Names

    @Test func aNameHasItsForms() throws {
        let name = try PluginName("disk-health")
        #expect(name.symbol == "disk_health")
        #expect(name.prefix == "disk_health")
        #expect(name.title == "Disk Health")
        #expect(PluginFileName.entrySymbol(name.category) == "pve_plugin_\(name.symbol)")
    }

    @Test func toolsOfTheLongestNameAreShortEnough() throws {
        let name = try PluginName(String(repeating: "a", count: 40))
        #expect("\(name.prefix)_version".utf8.count <= 40)
    }

    @Test(arguments: [
        ("My_Tools", "my-tools"), ("disk  health!", "disk-health"), ("-X-", "x"), ("Nodes", "my-nodes"),
        ("", "my-tools"), ("Größe", "gr-e"), ("a/b", "a-b"),
        (String(repeating: "b", count: 50), String(repeating: "b", count: 40)),
        ("ALL", "my-all"),
    ])
    func aBadNameIsToldANearOne(word: String, near: String) throws {
        let error = #expect(throws: SettingError.self) { try PluginName(word) }
        #expect(error?.message.hasSuffix("how about \"\(near)\"?") == true, "\(error?.message ?? "")")
        #expect(throws: Never.self) { try PluginName(near) }
    }

    @Test(arguments: CategorySelection.standardCategories + ["default", "all"])
    func namesThatMeanSomethingAreLeftAlone(word: String) {
        let error = #expect(throws: SettingError.self) { try PluginName(word) }
        #expect(error?.message.contains("such as \"my-\(word)\"") == true)
    }

    // Templates

    @Test(arguments: PluginLanguage.allCases)
    func nothingOfTheExamplesNameIsLeft(language: PluginLanguage) throws {
        let name = try PluginName("a-b")
        let place = PluginPlace.beside("/opt/bin") { _ in true }
        let files = PluginTemplate(language).files(for: name, at: place)
        #expect(files.map(\.path).contains("Makefile"))
        #expect(files.map(\.path).contains(language.source(name)))
        for file in files {
            // The headers come as they are; an example in one of them is nobody's.
            if file.path.hasSuffix(".h") { continue }
            #expect(!file.text.lowercased().contains("hello"), "\(file.path)")
            #expect(!file.text.contains("../.."), "\(file.path)")
        }
    }

    @Test func whatIsNotThereIsLeftToPkgConfig() throws {
        let text = "# Where.\nPVE_BIN = a\nPVE_LIB = b\nPVE_INCLUDE = c\nPVE_KIT = d\n"
        let whole = PluginPlace.beside("/o $x#/bin") { _ in true }
        #expect(
            PluginTemplate.localised(text, whole)
                == "# Where.\nPVE_BIN = /o $$x\\#/bin\nPVE_LIB = /o $$x\\#/lib\nPVE_INCLUDE = /o $$x\\#/include/pve-mcp\n"
                + "PVE_KIT = /o $$x\\#/share/pve-mcp/PluginKit\n")
        let alone = PluginPlace.beside("/opt/bin") { _ in false }
        #expect(PluginTemplate.localised(text, alone) == "# Where.\nPVE_BIN = /opt/bin\n")
    }

    @Test func aBuildTreeHasItsOwnPlaces() {
        let place = PluginPlace.beside("/src/.build/x/release") { _ in true }
        #expect(place.libraries == "/src/.build/x/release")
        #expect(place.headers == "/src/Sources/CPluginTesting/include")
        #expect(place.kit == "/src/Packaging/PluginKit")
        let copied = PluginPlace.beside("/somewhere") { _ in false }
        #expect(copied.kit == nil)
    }

    // The directory

    private func folder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("pve-new-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    @Test func aDirectoryIsWrittenWhole() throws {
        let parent = try folder()
        defer { try? FileManager.default.removeItem(atPath: parent) }
        try NewDirectory(name: "x", parent: parent).write([
            .init(path: "a", text: "1"), .init(path: "b/c/d", text: ""), .init(path: "b/e", text: "2"),
        ])
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["x"])
        #expect(try String(contentsOfFile: "\(parent)/x/b/e", encoding: .utf8) == "2")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(parent)/x")[.posixPermissions] as? Int
        #expect(mode == 0o755)
    }

    @Test func nothingIsLeftOfOneThatCannotBeWritten() throws {
        let parent = try folder()
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let tooLong = String(repeating: "n", count: 300)
        let error = #expect(throws: NewDirectory.Fault.self) {
            try NewDirectory(name: "x", parent: parent).write([
                .init(path: "a", text: "1"), .init(path: "b/c", text: "2"), .init(path: tooLong, text: ""),
            ])
        }
        #expect(error == .unwritable("File name too long"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent).isEmpty)
    }

    @Test(arguments: ["directory", "file", "dangling link"])
    func whatIsThereIsNotTouched(kind: String) throws {
        let parent = try folder()
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let place = "\(parent)/x"
        switch kind {
        case "directory": try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        case "file": #expect(FileManager.default.createFile(atPath: place, contents: Data("mine".utf8)))
        default: try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/nowhere")
        }
        let before = try FileManager.default.attributesOfItem(atPath: place)[.modificationDate] as? Date
        #expect(throws: NewDirectory.Fault.taken) {
            try NewDirectory(name: "x", parent: parent).write([.init(path: "a", text: "1")])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["x"])
        #expect(try FileManager.default.attributesOfItem(atPath: place)[.modificationDate] as? Date == before)
    }

    @Test func aParentThatIsNotThereIsNamed() throws {
        let parent = try folder()
        try FileManager.default.removeItem(atPath: parent)
        #expect(throws: NewDirectory.Fault.noParent(parent, "No such file or directory")) {
            try NewDirectory(name: "x", parent: parent).write([])
        }
    }
}
