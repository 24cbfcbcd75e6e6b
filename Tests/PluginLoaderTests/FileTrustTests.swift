// What is refused before anything of it is mapped: whose file it is, who could change it, and what its bytes are.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

@Suite("Plugin files")
struct FileTrustTests {
    private let workshop: Workshop
    private let file: String

    init() throws {
        workshop = try Workshop()
        file = try workshop.fixture("bad")
        try workshop.fixture("good")
    }

    /// Loads, requires that only `good` is served, and returns the one refusal.
    private func refusal(_ probe: PluginLoader.Probe? = nil) throws -> Refusal {
        let inventory = try workshop.load(probe: probe)
        #expect(inventory.plugins.map(\.category) == ["good"])
        #expect(inventory.refusals.count == 1)
        return try #require(inventory.refusals.first)
    }

    private func message() throws -> String { try refusal().message }

    @Test(arguments: [0o775, 0o757, 0o666]) func refusesAFileOthersMayWrite(_ mode: Int) throws {
        #expect(chmod(file, mode_t(mode)) == 0)
        let digits = String(mode, radix: 8)
        #expect(
            try message() == """
                \(file): plugin refused: \(file) can be written by others (mode 0\(digits)), so anybody could replace the \
                plugin; run: chmod go-w \(file)
                """)
    }

    @Test(.enabled(if: geteuid() == 0)) func refusesAFileOfAnotherUser() throws {
        #expect(chown(file, 4711, 4711) == 0)
        #expect(
            try message() == """
                \(file): plugin refused: \(file) belongs to user 4711, it must belong to root or to the user 0 that runs \
                pve-mcp; run: chown 0 \(file)
                """)
    }

    @Test(arguments: [0o777, 0o1777, 0o775]) func refusesAllOfADirectoryOthersMayWrite(_ mode: Int) throws {
        #expect(chmod(workshop.path, mode_t(mode)) == 0)
        let inventory = try workshop.load()
        #expect(inventory.plugins.isEmpty)
        let octal = String(mode, radix: 8)
        #expect(
            inventory.refusals.first?.message == """
                \(file): plugin refused: \(workshop.path) can be written by others (mode \(mode > 0o777 ? "" : "0")\(octal)\
                ), so anybody could replace the plugin; run: chmod go-w \(workshop.path)
                """)
        #expect(inventory.refusals.map(\.category) == ["bad", "good"])
    }

    @Test func refusesAllBelowADirectoryOthersMayWrite() throws {
        let parent = (workshop.path as NSString).deletingLastPathComponent
        #expect(chmod(parent, 0o777) == 0)
        let inventory = try workshop.load()
        #expect(inventory.plugins.isEmpty)
        #expect(
            inventory.refusals.map(\.reason) == [
                .writableByOthers(path: parent, mode: 0o777), .writableByOthers(path: parent, mode: 0o777),
            ])
    }

    /// Nobody but the owner can rename or remove what lies in such a directory; /tmp above is one as well.
    @Test(.enabled(if: geteuid() == 0)) func admitsARootOwnedStickyDirectoryFurtherUp() throws {
        let parent = (workshop.path as NSString).deletingLastPathComponent
        #expect(chmod(parent, 0o1777) == 0)
        #expect(try workshop.load().plugins.map(\.category) == ["bad", "good"])
    }

    @Test(.enabled(if: geteuid() == 0)) func refusesAStickyDirectoryOfAnotherUser() throws {
        let parent = (workshop.path as NSString).deletingLastPathComponent
        #expect(chmod(parent, 0o1777) == 0)
        #expect(chown(parent, 4711, 4711) == 0)
        let inventory = try workshop.load()
        #expect(inventory.plugins.isEmpty)
        #expect(inventory.refusals.first?.reason == .foreignOwner(path: parent, uid: 4711))
    }

    @Test func refusesALinkOutOfTheDirectory() throws {
        let target = try workshop.fixture("bad", in: workshop.outside)
        #expect(unlink(file) == 0)
        #expect(symlink(target, file) == 0)
        #expect(
            try message() == """
                \(file): plugin refused: it is a symbolic link to \(target), outside its directory; copy the file there \
                instead
                """)
    }

    @Test func followsALinkWithinTheDirectory() throws {
        #expect(rename(file, workshop.path + "/libpve-bad.so.1") == 0)
        #expect(symlink("libpve-bad.so.1", file) == 0)
        let inventory = try workshop.load()
        #expect(inventory.refusals.isEmpty)
        #expect(inventory.plugins.map(\.file) == [file + ".1", workshop.path + "/libpve-good.so"])
    }

    @Test func refusesWhereALinkLeadsToAFileOthersMayWrite() throws {
        #expect(rename(file, workshop.path + "/libpve-bad.so.1") == 0)
        #expect(symlink("libpve-bad.so.1", file) == 0)
        #expect(chmod(file, 0o777) == 0)
        #expect(try refusal().reason == .writableByOthers(path: file + ".1", mode: 0o777))
    }

    @Test func refusesALinkToNothing() throws {
        #expect(unlink(file) == 0)
        #expect(symlink("nothing", file) == 0)
        #expect(
            try message() == """
                \(file): plugin refused: \(file) cannot be read: No such file or directory; make it readable for this user
                """)
    }

    @Test func refusesWhatIsNotARegularFile() throws {
        #expect(unlink(file) == 0)
        #expect(mkfifo(file, 0o644) == 0)
        #expect(
            try message() == "\(file): plugin refused: it is not a regular file; put the shared library itself there")
        #expect(unlink(file) == 0)
        #expect(mkdir(file, 0o755) == 0)
        #expect(try refusal().reason == .notRegularFile)
    }

    @Test(arguments: ["", "#!/bin/sh\necho pve_plugin_bad\n", String(repeating: "ELF", count: 100), "\u{7F}ELF"])
    func refusesWhatIsNotELF(_ text: String) throws {
        _ = try workshop.write(Array(text.utf8), as: "libpve-bad.so")
        #expect(
            try message()
                == "\(file): plugin refused: it is not an ELF file; a plugin is a shared library (cc -shared -fPIC)")
    }

    @Test(arguments: [
        (4, 1, "it is made for 32-bit programs, this host is 64-bit; build it for "),
        (4, 9, "it is made for an unknown word size, this host is 64-bit; build it for "),
        (5, 2, "it is big-endian, this host is little-endian; build it for "),
        (18, 243, "it is made for RISC-V, this host is "),
        (18, 99, "it is made for machine 99, this host is "),
        (16, 1, "it is an ELF file of type 1 (an object file), wanted 3, a shared library; link it with -shared"),
        (16, 2, "it is an ELF file of type 2 (a program), wanted 3, a shared library; link it with -shared"),
    ])
    func refusesWhatIsMadeForAnotherMachine(_ offset: Int, _ value: UInt8, _ found: String) throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        bytes[offset] = value
        _ = try workshop.write(bytes, as: "libpve-bad.so")
        #expect(try message().hasPrefix("\(file): plugin refused: " + found))
    }

    @Test func namesTheMachineItIsFor() throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        bytes[18] = SharedObject.machine == 62 ? 183 : 62
        _ = try workshop.write(bytes, as: "libpve-bad.so")
        let (found, own) = SharedObject.machine == 62 ? ("aarch64", "x86-64") : ("x86-64", "aarch64")
        #expect(
            try message()
                == "\(file): plugin refused: it is made for \(found), this host is \(own); build or install it for that"
        )
    }

    @Test func refusesACutFile() throws {
        #expect(truncate(file, 200) == 0)
        let message = try message()
        #expect(message.hasPrefix("\(file): plugin refused: the dynamic linker cannot open it: "))
        #expect(message.hasSuffix("; install or link what it needs (ldd -r shows it)"))
        #expect(message.components(separatedBy: file).count == 2)
    }

    @Test func refusesANameThatIsNoCategory() throws {
        #expect(rename(file, workshop.path + "/libpve-Bad_1.so") == 0)
        let refusal = try refusal()
        #expect(refusal.category == nil)
        #expect(
            refusal.message == """
                \(workshop.path)/libpve-Bad_1.so: plugin refused: "libpve-Bad_1.so" does not name a category; rename it \
                to libpve-<category>.so, where the category is 1 to 40 of a-z, 0-9 and -
                """)
    }

    @Test(arguments: ["libpve-.so", "libpve-bad.so.1", "libpve-bad.so~", "pve-bad.so", "libpve_bad.so"])
    func passesOverOtherNames(_ name: String) throws {
        #expect(rename(file, "\(workshop.path)/\(name)") == 0)
        let inventory = try workshop.load()
        #expect(inventory.plugins.map(\.category) == ["good"])
        #expect(inventory.refusals.isEmpty)
    }

    /// The probe is for strangers: files of a directory that is not first-party, or of another owner than it.
    @Test func probesStrangersOnly() throws {
        var asked: [String] = []
        _ = try workshop.load { file, _ in
            asked.append(file)
            return .failed(.exited(status: 0))
        }
        #expect(asked.isEmpty)
        let loader = PluginLoader(
            directories: [PluginDirectory(path: workshop.path, isFirstParty: false)],
            selection: CategorySelection("all"),
            hostTable: Host.table(3)
        ) { file, category in
            asked.append(category)
            return category == "bad"
                ? .failed(.crashed(signal: SIGSEGV)) : .passed(ProbeReport(description: [], refusals: []))
        }
        let inventory = try loader.load()
        #expect(asked == ["bad", "good"])
        #expect(inventory.plugins.map(\.category) == ["good"])
        #expect(inventory.plugins.map(\.isFirstParty) == [false])
        #expect(inventory.refusals.map(\.reason) == [.probe(.crashed(signal: SIGSEGV))])
    }
}
