// Plugins that end the process that opens them, looked at in a child process.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

@Suite("Looking at strangers' plugins")
struct ProbeTests {
    private let workshop: Workshop
    private let probe: PluginProbe

    init() throws {
        workshop = try Workshop()
        let executable = workshop.outside + "/probe"
        try run(["cc", "-o", executable, "\(root)/Tests/Fixtures/plugins/probe.c"])
        probe = PluginProbe(executable: executable, arguments: [], milliseconds: 10_000)
    }

    private func load(_ probe: PluginProbe) throws -> PluginInventory {
        try PluginLoader(
            directories: [PluginDirectory(path: workshop.path, isFirstParty: false)],
            selection: CategorySelection("all"),
            hostTable: Host.table(3)
        ) { probe.probe(file: $0, category: $1) }.load()
    }

    /// What the stand-in for the host's child says of a plugin it can open.
    private let passed = ProbeResult.passed(ProbeReport(description: Array("{}".utf8), refusals: []))

    private func constructor(_ code: String) throws -> String {
        try workshop.compile(
            "constructor.c", as: "bad", ["CATEGORY": "\"bad\"", "ENTRY": "pve_plugin_bad", "CONSTRUCTOR": code])
    }

    @Test(arguments: [
        ("abort()", "was ended by signal 6 (Aborted): it crashes when it is opened; ask its author"),
        ("raise(SIGSEGV)", "was ended by signal 11 (Segmentation fault): it crashes when it is opened; ask its author"),
        (
            "_exit(0)",
            "ended with status 0 and without a verdict: it ends the process when it is opened; ask its author"
        ),
        ("exit(7)", "ended with status 7 and without a verdict: it ends the process when it is opened; ask its author"),
        (
            "puts(\"pve-probe:\"), fflush(stdout), close(1), _exit(4)",
            "ended with status 4 and without a verdict: it ends the process when it is opened; ask its author"
        ),
    ])
    func aConstructorThatEndsTheProcessIsFound(_ code: String, _ expected: String) throws {
        let file = try constructor(code)
        try workshop.fixture("good")
        let inventory = try load(probe)
        #expect(
            inventory.refusals.map(\.message)
                == ["\(file): plugin refused: the child process that looked at it " + expected])
        #expect(inventory.plugins.map(\.category) == ["good"])
        #expect(inventory.plugins.map(\.isFirstParty) == [false])
    }

    @Test func aConstructorThatHangsIsFound() throws {
        let file = try constructor("for (;;) pause()")
        var impatient = probe
        impatient.milliseconds = 150
        #expect(
            try load(impatient).refusals.map(\.message) == [
                """
                \(file): plugin refused: the child process that looked at it had no verdict after 150 ms: it hangs when it \
                is opened; ask its author
                """
            ])
    }

    /// What it leaves behind holds the pipe open; the child's end counts.
    @Test func aConstructorThatForksIsNotWaitedFor() throws {
        let file = try constructor("if (!fork()) for (;;) pause()")
        #expect(probe.probe(file: file, category: "bad") == passed)
        let silent = try constructor("if (!fork()) for (;;) pause(); _exit(5)")
        #expect(probe.probe(file: silent, category: "bad") == .failed(.exited(status: 5)))
    }

    @Test func aPluginThatPrintsDoesNotHideTheVerdict() throws {
        _ = try constructor("puts(\"hello\"); fflush(stdout)")
        #expect(try load(probe).plugins.map(\.category) == ["bad"])
    }

    @Test func theChildsRefusalIsPassedOn() throws {
        let file = try workshop.fixture("bad", source: "undefined.c")
        #expect(try load(probe).refusals.map(\.message) == ["\(file): cannot be opened"])
    }

    @Test func aChildThatCannotBeStartedIsSaid() throws {
        let file = try workshop.fixture("bad")
        let nobody = PluginProbe(executable: "/nonexistent/pve-mcp")
        #expect(
            try load(nobody).refusals.map(\.message) == [
                """
                \(file): plugin refused: the child process that looks at strangers' plugins cannot be started: No such file \
                or directory; start pve-mcp by its full path
                """
            ])
    }

    @Test func theChildDoesNotSeeTheHostsSettings() throws {
        let file = try workshop.fixture("bad")
        setenv("PVE_TOKEN_SECRET", "secret", 1)
        defer { unsetenv("PVE_TOKEN_SECRET") }
        #expect(probe.probe(file: file, category: "bad") == passed)
        let printer = try constructor(
            "extern char **environ; if (*environ) fprintf(stderr, \"it has %s\\n\", *environ), fflush(stderr)")
        #expect(probe.look(at: printer, category: "bad").lastWords == "")
    }

    @Test func lastWordsAreShownWithoutWhatTerminalsObey() throws {
        let file = try constructor(
            #"fputs("\033]0;title\007 it said\nno\u202e \xff\n", stderr), fflush(stderr), abort()"#)
        #expect(
            probe.probe(file: file, category: "bad")
                == .failed(.crashed(signal: SIGABRT), lastWords: "]0;title it said no \u{FFFD}"))
        #expect(
            try load(probe).refusals[0].message.hasSuffix(
                "ask its author; its last words: ]0;title it said no \u{FFFD}"))
    }

    @Test func ofMuchThatIsWrittenTheEndIsKept() throws {
        let file = try constructor(
            "for (int i = 0; i < 100000; i++) fputs(\"again and \", stderr); fputs(\"end\", stderr); abort()")
        let words = probe.look(at: file, category: "bad").lastWords
        #expect(words.hasPrefix("…") && words.hasSuffix("again and end"))
        #expect(words.unicodeScalars.count == LastWords.limit + 1)
    }

    @Test func theVerdictIsOneLine() throws {
        let good = try workshop.fixture("good")
        let verdict = PluginProbe.verdict(file: good, category: "good", hostTable: Host.table(3))
        #expect(verdict.hasPrefix(#"pve-probe: {"description":{"category":"good","#))
        #expect(!verdict.contains { $0.isNewline })
        let bad = try workshop.fixture("bad", ["CATEGORY": "\"a\\nb\""])
        #expect(
            PluginProbe.verdict(file: bad, category: "bad", hostTable: Host.table(3)) == #"""
                pve-probe: {"refused":"\#(bad): plugin refused: it says its category is \"a\nb\", its file name says \"bad\"; \#
                rename the file to libpve-a\nb.so or change the descriptor"}
                """#)
    }

    @Test func aReportMakesThePluginThatWasOpened() throws {
        let good = try workshop.fixture("good")
        let verdict = PluginProbe.verdict(file: good, category: "good", hostTable: Host.table(3))
        guard
            case .passed(let report)? = ProbeReport.result(
                json: Array(verdict.utf8.dropFirst("pve-probe: ".utf8.count)))
        else { throw Unexpected() }
        let (plugin, refusals) = try report.plugin(file: good, category: "good", features: 3)
        #expect(plugin.tools.map(\.name) == ["good_get", "sound_pve_plugin_good"])
        #expect(refusals == [])
        #expect(throws: RefusalReason.wrongCategory("good")) {
            try report.plugin(file: good, category: "other", features: 3)
        }
    }

    private struct Unexpected: Error {}
}
