// How frames are written, byte by byte.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Frames")
struct FrameTests {
    /// Characters that are written in ways of their own, and some that are not.
    static let alphabet: [Character] = Array("\"\\\u{0}\u{1}\u{8}\t\n\u{b}\u{1f} !#[]az\u{7f}\u{80}é€😀/") + ["\r"]

    @Test func quoteTextAsTheJSONWriterDoes() {
        var dice = FuzzTests.Dice(state: 3)
        for length in 0..<400 {
            let text = String((0..<length).map { _ in Self.alphabet.randomElement(using: &dice)! })
            var frame = Frame(reserving: length % 7)
            frame.string(text)
            var writer = JSONWriter()
            writer.string(text)
            #expect(frame.bytes == writer.bytes)
        }
    }

    @Test func quoteEveryByteWhereverItStands() {
        for byte in UInt8(0)...0x7F {
            for before in 0..<10 {
                let text = String(repeating: "a", count: before) + String(UnicodeScalar(byte)) + "é34567890"
                var frame = Frame(reserving: 0)
                frame.string(text)
                var writer = JSONWriter()
                writer.string(text)
                #expect(frame.bytes == writer.bytes)
            }
        }
    }

    @Test func keepJSONOnOneLine() throws {
        var bytes = Array("[".utf8)
        bytes.appendOneLine(Array("{\r\n\t\"a\\n\":\n1}".utf8))
        #expect(bytes == Array("[{  \t\"a\\n\": 1}".utf8))
    }

    @Test func carryDataOfErrorsOnOneLine() throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: .modern))
        let error = ProtocolError(code: -32000 - 20_000, message: "a\nb", data: Array("{\n\"c\": 1}".utf8))
        let answer = try read(wire.fail(call.key, error))
        #expect(answer["error"]?["message"]?.string == "a\nb")
        #expect(answer["error"]?["data"]?["c"]?.int == 1)
        #expect(answer.errorCode == -52000)
    }
}
