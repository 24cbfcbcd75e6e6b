// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct GzipTests {
    @Test func `The checksum is CRC-32`() {
        #expect(Gzip.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test func `Long texts are stored in several blocks`() {
        let wrapped = Gzip.wrap([UInt8](repeating: 0x61, count: 70_000))
        #expect(wrapped.count == 10 + 5 + 65_535 + 5 + 4_465 + 8)
        #expect(Array(wrapped[10..<15]) == [0, 0xFF, 0xFF, 0, 0])
        #expect(wrapped[10 + 5 + 65_535] == 1)
        #expect(Array(wrapped.suffix(4)) == [0x70, 0x11, 0x01, 0x00])
    }

    @Test func `Only long bodies are wrapped, and only when asked`() {
        let long = HTTPAnswer(status: 200, reason: "OK", body: [UInt8](repeating: 0x61, count: 1025))
        let short = HTTPAnswer(status: 200, reason: "OK", body: [0x61])
        let asking = HTTPRequest(method: "GET", target: "/", headers: [("Accept-Encoding", "deflate, gzip;q=1")])
        let other = HTTPRequest(method: "GET", target: "/", headers: [("Accept-Encoding", "br")])
        #expect(long.encoded(for: asking, always: false).headers.map { $0.value } == ["gzip"])
        #expect(long.encoded(for: other, always: false).headers.isEmpty)
        #expect(short.encoded(for: asking, always: false).headers.isEmpty)
        #expect(!short.encoded(for: other, always: true).headers.isEmpty)
    }
}
