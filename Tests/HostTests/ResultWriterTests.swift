// What a plugin may write, piece by piece.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Host

@Suite("Result writer")
struct ResultWriterTests {
    @Test func writesOneWholeValue() {
        var writer = ResultWriter()
        #expect(!writer.isWhole)
        let step1 = writer.beginObject()
        #expect(step1)
        let step2 = writer.name("a")
        #expect(step2)
        let step3 = writer.beginArray()
        #expect(step3)
        let step4 = writer.scalar { $0.int(1) }
        #expect(step4)
        let step5 = writer.scalar { $0.null() }
        #expect(step5)
        let step6 = writer.endArray()
        #expect(step6)
        #expect(!writer.isWhole)
        let step7 = writer.endObject()
        #expect(step7)
        #expect(writer.isWhole)
        #expect(String(decoding: writer.text, as: UTF8.self) == #"{"a":[1,null]}"#)
    }

    @Test func refusesPiecesOutOfOrder() {
        var writer = ResultWriter()
        let step8 = writer.name("a")
        #expect(!step8)
        let step9 = writer.endArray()
        #expect(!step9)
        let step10 = writer.beginObject()
        #expect(step10)
        let step11 = writer.scalar { $0.int(1) }
        #expect(!step11)
        let step12 = writer.endArray()
        #expect(!step12)
        let step13 = writer.name("a")
        #expect(step13)
        let step14 = writer.name("b")
        #expect(!step14)
        let step15 = writer.endObject()
        #expect(!step15)
        let step16 = writer.scalar { $0.int(1) }
        #expect(step16)
        let step17 = writer.endObject()
        #expect(step17)
        let step18 = writer.beginArray()
        #expect(!step18)
        #expect(writer.isWhole)
    }

    @Test func keepsAListOfWholeValuesAsThem() throws {
        let answer = try JSONDocument(#"[{"a":1},{"b":2}]"#).root
        var writer = ResultWriter()
        _ = writer.beginArray()
        for value in answer.elements { _ = writer.value(value) }
        _ = writer.endArray()
        #expect(writer.isWhole)
        #expect(writer.entries?.count == 2)
        #expect(String(decoding: writer.text, as: UTF8.self) == #"[{"a":1},{"b":2}]"#)
    }

    @Test func writesTheKeptValuesWhenSomethingElseStandsAmongThem() throws {
        let answer = try JSONDocument(#"[{"a":1}]"#).root
        var writer = ResultWriter()
        _ = writer.beginArray()
        for value in answer.elements { _ = writer.value(value) }
        _ = writer.scalar { $0.int(2) }
        for value in answer.elements { _ = writer.value(value) }
        _ = writer.endArray()
        #expect(writer.entries == nil)
        #expect(String(decoding: writer.text, as: UTF8.self) == #"[{"a":1},2,{"a":1}]"#)
    }
}
