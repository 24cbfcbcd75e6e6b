// Which categories a selection names, and what is said of those that are not there.
// SPDX-License-Identifier: MIT

import Testing

@testable import PluginLoader

@Suite("Selecting categories")
struct SelectionTests {
    private let found = ["nodes", "qemu", "lxc", "hello", "storage-extra"]

    private func admitted(_ text: String?) -> [String] {
        let selection = CategorySelection(text)
        return found.filter(selection.admits)
    }

    @Test func nothingAndDefaultNameTheStandardOnes() {
        for text in [nil, "", "  ", "default", " default ,", ","] {
            #expect(admitted(text) == ["nodes", "qemu", "lxc"], "\(text ?? "nil")")
        }
        #expect(CategorySelection(nil) == .standard)
    }

    @Test func allNamesEverything() {
        #expect(admitted("all") == found)
        #expect(admitted("all,nodes") == found)
    }

    @Test func aListNamesItsMembers() {
        #expect(admitted("qemu") == ["qemu"])
        #expect(admitted(" hello ,\tqemu,, ") == ["qemu", "hello"])
        #expect(admitted("default,hello") == ["nodes", "qemu", "lxc", "hello"])
    }

    @Test(arguments: [
        ("qmeu", "there is no category \"qmeu\" in /a, /b; did you mean \"qemu\"? "),
        ("QEMU", "there is no category \"QEMU\" in /a, /b; did you mean \"qemu\"? "),
        ("hello,nope", "there is no category \"nope\" in /a, /b; "),
        ("ha", "there is no category \"ha\" in /a, /b; "),
        ("default,node", "there is no category \"node\" in /a, /b; did you mean \"nodes\"? "),
    ])
    func anUnknownNameListsWhatIsThere(_ text: String, _ expected: String) {
        #expect {
            try CategorySelection(text).check(found: found, in: ["/a", "/b"])
        } throws: { error in
            (error as? SelectionError)?.message
                == "PVE_CATEGORIES: " + expected + "there are: nodes, qemu, lxc, hello, storage-extra"
        }
    }

    @Test func theLoaderSaysWhatItFound() throws {
        let workshop = try Workshop()
        try workshop.fixture("qemu")
        try workshop.fixture("hello")
        #expect {
            try workshop.load("lxc")
        } throws: { error in
            (error as? SelectionError)?.message
                == "PVE_CATEGORIES: there is no category \"lxc\" in \(workshop.path); there are: qemu, hello"
        }
        #expect(throws: Never.self) { try workshop.load("default") }
    }

    @Test func aMissingDirectoryIsNoMatterUnlessAllAre() throws {
        let workshop = try Workshop()
        try workshop.fixture("qemu")
        func load(_ paths: [String]) throws -> PluginInventory {
            try PluginLoader(
                directories: paths.map { PluginDirectory(path: $0, isFirstParty: false) }, selection: .standard,
                hostTable: Host.table(3)
            ).load()
        }
        #expect(try load(["/nonexistent/a", workshop.path]).plugins.count == 1)
        #expect {
            _ = try load(["/nonexistent/a", "/nonexistent/b"])
        } throws: { error in
            (error as? SelectionError)?.message == """
                there is no plugin directory; looked for /nonexistent/a, /nonexistent/b. Install the plugins, or name their \
                directory with PVE_PLUGIN_PATH or --plugin-dir
                """
        }
    }

    @Test func distanceCountsEdits() {
        func distance(_ a: String, _ b: String) -> Int { EditDistance.between(Array(a.utf8), Array(b.utf8)) }
        #expect(distance("qemu", "qemu") == 0)
        #expect(distance("qmeu", "qemu") == 1)
        #expect(distance("", "abc") == 3)
        #expect(distance("node", "nodes") == 1)
        #expect(distance("kitten", "sitting") == 3)
    }
}
