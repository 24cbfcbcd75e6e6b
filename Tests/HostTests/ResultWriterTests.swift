// What a plugin may write, piece by piece.
// SPDX-License-Identifier: MIT

import Testing

@testable import Host

@Suite("Result writer")
struct ResultWriterTests {
    @Test func writesOneWholeValue() {
        var writer = ResultWriter()
        #expect(writer.text == nil)
        #expect(writer.beginObject())
        #expect(writer.name("a"))
        #expect(writer.beginArray())
        #expect(writer.scalar { $0.int(1) })
        #expect(writer.scalar { $0.null() })
        #expect(writer.endArray())
        #expect(writer.text == nil)
        #expect(writer.endObject())
        #expect(writer.text.map { String(decoding: $0, as: UTF8.self) } == #"{"a":[1,null]}"#)
    }

    @Test func refusesPiecesOutOfOrder() {
        var writer = ResultWriter()
        #expect(!writer.name("a"))
        #expect(!writer.endArray())
        #expect(writer.beginObject())
        #expect(!writer.scalar { $0.int(1) })
        #expect(!writer.endArray())
        #expect(writer.name("a"))
        #expect(!writer.name("b"))
        #expect(!writer.endObject())
        #expect(writer.scalar { $0.int(1) })
        #expect(writer.endObject())
        #expect(!writer.beginArray())
        #expect(writer.text != nil)
    }
}
