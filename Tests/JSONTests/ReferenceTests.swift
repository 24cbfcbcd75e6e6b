// The reader against RapidJSON: the same texts are JSON, and make the same tape.
// SPDX-License-Identifier: MIT

import CJSON
import Foundation
import JSONReference
import Testing

@Suite("Reading JSON as RapidJSON does")
struct ReferenceTests {
    /// Texts that hold everything JSON has, and their commonest faults.
    static let seeds = [
        #"{"a":[1,-2.5e3,"x\"y\\",true,false,null],"b\u0041":{"c":{}},"d":[[],[[]]],"":"" }"#,
        #"[0,-0,1.5,1e3,1E+3,1e-3,12345678901234567890,"\u00e9\ud83d\ude00\ud83d\ude00x\udc00"]"#,
        "\t{ \"k\" :\r\n [ 1 , 2 ] , \"long name of a member\" : \"long text without any escape in it\" } ",
        "[\"é\",\"日本語\",\"😀\",\"\u{7F}\"]", "\"\"", "0", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "nul", "1 2", "01", "1.",
        "-", "[\"\\x\"]", "[\"\u{1}\"]", "[", "]", "{]", "\"", "\"\\", "\"\\u12", "\"\\ud83d\\u12", "1\u{0}", "1e999",
    ]

    @Test(arguments: seeds)
    func agreesOn(_ text: String) { compare(Array(text.utf8)) }

    @Test func agreesOnEverySeedCutShort() {
        for seed in Self.seeds.map({ Array($0.utf8) }) {
            for length in 0..<seed.count { compare(Array(seed[..<length])) }
        }
    }

    @Test func agreesOnTextsThatWereDamaged() {
        var random = SplitMix(state: 20_261_120)
        let bytes =
            Array(#"{}[]",:\u0aeE.+-0 tfnrl/"#.utf8) + [0, 0x1F, 0x7F, 0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF]
        for _ in 0..<60_000 {
            var text = Array(Self.seeds[Int(random.next(below: UInt64(Self.seeds.count)))].utf8)
            for _ in 0...random.next(below: 3) {
                let at = Int(random.next(below: UInt64(text.count + 1)))
                let byte = bytes[Int(random.next(below: UInt64(bytes.count)))]
                switch random.next(below: 3) {
                case 0 where at < text.count: text[at] = byte
                case 1 where at < text.count: text.remove(at: at)
                default: text.insert(byte, at: at)
                }
            }
            compare(text)
        }
    }

    @Test func agreesOnRealAnswers() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Data/observed-gets.json")
        compare(Array(try Data(contentsOf: file)))
    }

    @Test func agreesOnTheDeepestText() {
        for depth in [255, 256, 257] {
            compare(Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8))
        }
    }

    private func compare(_ text: [UInt8]) {
        let ours = Tape(text, cjson_parse)
        let theirs = Tape(text, json_reference_parse)
        if theirs.error == String(cString: json_reference_number_too_big) { return }
        let shown = String(decoding: text.prefix(300), as: UTF8.self)
        #expect((ours.error == nil) == (theirs.error == nil), "\(shown): \(ours.error ?? "") / \(theirs.error ?? "")")
        guard ours.error == nil, theirs.error == nil else { return }
        #expect(ours.nodes == theirs.nodes, "\(shown)")
        // RapidJSON lets the second half of a surrogate pair stand alone.
        let isMended = ours.text != text
        #expect(isMended || theirs.text == text, "\(shown)")
    }
}

/// What a reader made of a text.
private struct Tape {
    struct Node: Equatable {
        let start, end, next, count, kind, escaped: UInt32
    }

    var text: [UInt8]
    var nodes: [Node] = []
    var error: String?

    init(_ text: [UInt8], _ parse: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<cjson_tape>?) -> Int32) {
        // A copy of exactly this length: a reader that goes beyond its end is seen by the sanitizers.
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = copy.initialize(from: text.lazy.map { CChar(bitPattern: $0) })
        var tape = cjson_tape()
        if parse(copy.baseAddress, copy.count, &tape) == 0 {
            nodes = UnsafeBufferPointer(start: tape.nodes, count: Int(tape.count)).map {
                Node(start: $0.start, end: $0.end, next: $0.next, count: $0.count, kind: $0.kind, escaped: $0.escaped)
            }
        } else {
            error = String(cString: tape.error)
        }
        self.text = copy.map { UInt8(bitPattern: $0) }
        cjson_free(tape.nodes)
        copy.deallocate()
    }
}

/// Numbers that are the same in every run.
private struct SplitMix {
    var state: UInt64

    mutating func next(below bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ (mixed >> 31)) % bound
    }
}
