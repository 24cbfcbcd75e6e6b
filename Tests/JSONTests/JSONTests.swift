// Reading and writing JSON.
// SPDX-License-Identifier: MIT

import Testing

@testable import JSON

@Suite("JSON")
struct JSONTests {
    @Test func readsAValueAndKeepsItsBytes() throws {
        let document = try JSONDocument(#"{ "a" : [1, -2.5e3, "x\"y\\"], "b\u0041": {"c": null}, "d": true }"#)
        let root = document.root
        #expect(root.count == 3)
        #expect(root["a"]?.rawText == #"[1, -2.5e3, "x\"y\\"]"#)
        #expect(Array(root["a"]!.elements).map(\.rawText) == ["1", "-2.5e3", #""x\"y\\""#])
        #expect(Array(root["a"]!.elements)[2].string == #"x"y\"#)
        #expect(root["bA"]?["c"]?.isNull == true)
        #expect(root["d"]?.bool == true)
        #expect(root["e"] == nil)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"\u{1}", "[\"abc]", "01", "1\u{0}", "{}\u{0}x",
    ])
    func refusesWhatIsNotJSON(_ text: String) {
        #expect(throws: JSONError.self) { try JSONDocument(text) }
    }

    @Test func tellsBadEncodingFromBadSyntax() {
        #expect { try JSONDocument([0x22, 0xC3, 0x28, 0x22]) } throws: { ($0 as? JSONError)?.isEncoding == true }
        #expect { try JSONDocument([0x5B]) } throws: { ($0 as? JSONError)?.isEncoding == false }
    }

    @Test func refusesDeepNesting() {
        #expect(throws: JSONError.self) { try JSONDocument(String(repeating: "[", count: 100_000)) }
    }

    @Test func readsNumbers() throws {
        let root = try JSONDocument("[0, -9223372036854775808, 9223372036854775808, 3.0, 1e3, 2.5]").root
        let numbers = Array(root.elements)
        #expect(numbers.map(\.int) == [0, .min, nil, 3, 1000, nil])
        #expect(numbers[5].double == 2.5)
    }

    @Test func readsNumbersWithoutASign() throws {
        let texts = ["0", "18446744073709551615", "18446744073709551616", "-1", "1e3", "3.0", "2.5", "1e30"]
        let root = try JSONDocument("[\(texts.joined(separator: ","))]").root
        #expect(Array(root.elements).map(\.uint) == [0, .max, nil, nil, 1000, 3, nil, nil])
    }

    @Test func roundsNoInteger() throws {
        let root = try JSONDocument("[-9223372036854775809, 9223372036854775808]").root
        #expect(Array(root.elements).map(\.int) == [nil, nil])
    }

    @Test func decodesEscapes() throws {
        let root = try JSONDocument(#"["\u00e9\ud83d\ude00\n\/\b", "a\\\"", "\\"]"#).root
        #expect(Array(root.elements).map(\.string) == ["é😀\n/\u{8}", "a\\\"", "\\"])
    }

    @Test func readsHalfOfASurrogatePairAsAReplacement() throws {
        let root = try JSONDocument(#"["\ud83d", "\ude00x", "\ud83d\ude00", "\\ud83d", "\ud83d\n"]"#).root
        #expect(Array(root.elements).map(\.string) == ["\u{FFFD}", "\u{FFFD}x", "😀", #"\ud83d"#, "\u{FFFD}\n"])
        #expect(Array(root.elements)[0].rawText == #""\ufffd""#)
    }

    @Test func writesOneLineThatReadsBackTheSame() throws {
        var writer = JSONWriter()
        writer.object {
            $0.member("text", "a\"b\\c\n\u{1}é")
            $0.member("list") {
                $0.array {
                    $0.int(1); $0.double(0.5); $0.bool(false); $0.null()
                }
            }
            $0.member("empty") { $0.object { _ in } }
        }
        #expect(!writer.bytes.contains(0x0A))
        let root = try JSONDocument(writer.bytes).root
        #expect(root["text"]?.string == "a\"b\\c\n\u{1}é")
        #expect(root["list"]?.rawText == "[1,0.5,false,null]")
        #expect(root["empty"]?.rawText == "{}")
    }
}
