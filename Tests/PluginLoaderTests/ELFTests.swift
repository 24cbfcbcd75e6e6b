// What a shared library's file says, read from real ones and from spoiled copies of them.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

@Suite("ELF facts")
struct ELFTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let source = """
        #include <dlfcn.h>
        #include <stdlib.h>
        int shown = 1;
        __attribute__((weak)) int weak(void) { return system("true"); }
        __attribute__((visibility("hidden"))) int hidden(void) { return 2; }
        __attribute__((visibility("protected"))) int shielded(void) { return 3; }
        static int inner(void) { return 4; }
        int given(void) { return hidden() + inner() + (dlopen("x", RTLD_NOW) != NULL); }
        __attribute__((constructor)) static void first(void) { shown = 2; }
        __attribute__((constructor)) static void second(void) { shown = 3; }
        """

    private func build(_ flags: [String] = [], _ source: String = source) throws -> [UInt8] {
        let input = workshop.outside + "/source.c"
        try source.write(toFile: input, atomically: true, encoding: .utf8)
        let output = workshop.outside + "/library.so"
        try run(["cc", "-shared", "-fPIC", "-w", "-O1"] + flags + ["-o", output, input])
        return try Array(Data(contentsOf: URL(fileURLWithPath: output)))
    }

    @Test func whatItGivesAndWantsIsRead() throws {
        let facts = try ELFFacts(build(["-Wl,-soname,libgiven.so.1"]))
        #expect(facts.soname == "libgiven.so.1")
        #expect(facts.needed == ["libc.so.6"])
        let exports = Dictionary(uniqueKeysWithValues: facts.exports.map { ($0.name, $0) })
        #expect(exports.keys.sorted() == ["given", "shielded", "shown", "weak"])
        #expect(exports["given"]?.kind == .function)
        #expect(exports["shown"]?.kind == .data)
        #expect(exports["weak"]?.isWeak == true && exports["given"]?.isWeak == false)
        #expect(facts.exportCount == 4)
        #expect(Set(facts.imports).isSuperset(of: ["dlopen", "system"]))
        #expect(TellingImport.programs.found(in: facts) == ["system"])
        #expect(TellingImport.libraries.found(in: facts) == ["dlopen"])
        #expect(TellingImport.network.found(in: facts) == [])
        #expect(facts.constructors >= 2)
    }

    @Test func aLibraryWithoutSectionHeadersSaysTheSame() throws {
        let bytes = try build()
        var stripped = bytes
        for offset in [40..<48, 58..<64] { for place in offset { stripped[place] = 0 } }
        #expect(try ELFFacts(stripped) == ELFFacts(bytes))
    }

    @Test(arguments: ["sysv", "gnu", "both"])
    func eitherHashTableTellsHowManySymbolsThereAre(_ style: String) throws {
        let facts = try ELFFacts(build(["-Wl,--hash-style=\(style)"]))
        #expect(facts.exportCount == 4)
        #expect(facts.imports.contains("system"))
    }

    @Test func aLibraryThatExportsNothingStillTellsWhatItWants() throws {
        let hiding = "-fvisibility=hidden"
        let facts = try ELFFacts(
            build(
                [hiding, "-Wl,--hash-style=gnu"],
                "int fork(void); __attribute__((constructor)) void f(void) { fork(); }"))
        #expect(facts.exports == [])
        #expect(TellingImport.programs.found(in: facts) == ["fork"])
    }

    @Test func hardeningIsRead() throws {
        let full = try ELFFacts(build(["-Wl,-z,relro,-z,now,-z,noexecstack"]))
        #expect(full.relro == .full && full.bindsNow && !full.hasExecutableStack && !full.hasTextRelocations)
        let partial = try ELFFacts(build(["-Wl,-z,relro,-z,lazy"]))
        #expect(partial.relro == .partial && !partial.bindsNow)
        let none = try ELFFacts(build(["-Wl,-z,norelro,-z,lazy,-z,execstack"]))
        #expect(none.relro == .none && none.hasExecutableStack)
    }

    @Test func searchPathsAreRead() throws {
        #expect(try ELFFacts(build(["-Wl,--enable-new-dtags,-rpath,/opt/a:$ORIGIN"])).runpath == "/opt/a:$ORIGIN")
        #expect(try ELFFacts(build(["-Wl,--disable-new-dtags,-rpath,/opt/b"])).rpath == "/opt/b")
    }

    @Test func textRelocationsAreFound() throws {
        let input = workshop.outside + "/text.s"
        try ".text\n.globl f\nf: .quad elsewhere\n.section .note.GNU-stack,\"\"\n"
            .write(toFile: input, atomically: true, encoding: .utf8)
        let output = workshop.outside + "/text.so"
        try run(["cc", "-shared", "-nostdlib", "-Wl,-z,notext", "-o", output, input])
        #expect(try ELFFacts(FileBytes(output).bytes).hasTextRelocations)
    }

    @Test func whatIsNoLibraryIsRefusedByItsKind() throws {
        #expect(throws: RefusalReason.notELF) { try ELFFacts([]) }
        #expect(throws: RefusalReason.notELF) { try ELFFacts(Array("#!/bin/sh\n".utf8)) }
        var bytes = try build()
        bytes[16] = 2
        #expect(throws: RefusalReason.notSharedObject(type: 2)) { try ELFFacts(bytes) }
        let header = Array(try build()[..<64])
        #expect(throws: RefusalReason.notDynamic) { try ELFFacts(header) }
    }

    /// Reading ends, whatever the bytes are; a trap would end the tests.
    @Test func noPrefixOfALibraryStopsTheReader() throws {
        let bytes = try build(
            ["-nostdlib", "-Wl,-z,max-page-size=4096"], "int fork(void); int f(void) { return fork(); }")
        for length in 0..<bytes.count {
            let facts = try? ELFFacts(Array(bytes[..<length]))
            if let facts { #expect(facts.exportCount <= 1) }
        }
    }

    @Test func noChangedByteStopsTheReader() throws {
        let bytes = try build(["-nostdlib"], "int fork(void); int f(void) { return fork(); }")
        let places = ELFTests.interesting(bytes)
        var random = SeededGenerator(state: 0x5eed)
        var read = 0
        for _ in 0..<6_000 {
            var copy = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = places[Int.random(in: 0..<places.count, using: &random)]
                copy[place] =
                    [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
                    .randomElement(using: &random) ?? 0
            }
            if (try? ELFFacts(copy)) != nil { read += 1 }
        }
        #expect(read > 1_500, "most copies are still libraries")
    }

    /// The header, the program headers and whatever the dynamic segment leads to: all bytes that are not 0, and those
    /// beside them.
    private static func interesting(_ bytes: [UInt8]) -> [Int] {
        bytes.indices.filter { place in
            place >= 20 && (max(0, place - 3)...min(bytes.count - 1, place + 3)).contains { bytes[$0] != 0 }
        }
    }

    @Test func countsThatPromiseTooMuchAreBounded() throws {
        var bytes = try build()
        // As many program headers as there can be, all at the same place.
        bytes[56] = 0xFF
        bytes[57] = 0xFF
        #expect(try ELFFacts(bytes).soname == nil)
        // Program headers at the end of the address space.
        for place in 32..<40 { bytes[place] = 0xFF }
        #expect(throws: RefusalReason.notDynamic) { try ELFFacts(bytes) }
    }
}

/// SplitMix64: the same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
