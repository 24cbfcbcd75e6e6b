// Cutting input into lines.
// SPDX-License-Identifier: MIT

import Testing

@testable import Host

@Suite("Lines of input")
struct LineBufferTests {
    private func lines(_ chunks: [String], limit: Int = 64, end: Bool = true) -> [String] {
        var buffer = LineBuffer(limit: limit)
        var seen: [String] = []
        let note: (LineBuffer.Line) -> Void = {
            switch $0 {
            case .whole(let bytes): seen.append(String(decoding: bytes, as: UTF8.self))
            case .overlong: seen.append("<overlong>")
            }
        }
        for chunk in chunks { Array(chunk.utf8).withUnsafeBytes { buffer.append($0, note) } }
        if end { buffer.end(note) }
        return seen
    }

    @Test func joinsWhatArrivesInPieces() {
        #expect(lines(["{\"a\"", ":1}\n{}", "\n"]) == ["{\"a\":1}", "{}"])
    }

    @Test func takesALastLineWithoutANewline() {
        #expect(lines(["{}"]) == ["{}"])
        #expect(lines(["{}"], end: false) == [])
    }

    @Test func dropsAnOverlongLineAndGoesOn() {
        let long = String(repeating: "x", count: 65)
        #expect(lines([long, long, "\n{}\n"]) == ["<overlong>", "{}"])
        #expect(lines([String(repeating: "x", count: 64) + "\n"]) == [String(repeating: "x", count: 64)])
        #expect(lines([long]) == ["<overlong>"])
    }
}
