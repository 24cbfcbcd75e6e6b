// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct HTTPHeadTests {
    private func read(_ text: String) -> HTTPHead { HTTPHead.read(Array(text.utf8)) }

    @Test func `A whole head is read, and what follows it is left`() throws {
        let text = "\r\nPOST /api2/json/x?a=1&b=%20 HTTP/1.1\r\nHost: h\r\nContent-Length:  3 \r\n\r\nabc"
        guard case .complete(let request, let length) = read(text) else { throw Unexpected() }
        #expect(length == text.utf8.count - 3)
        #expect(request.method == "POST")
        #expect(request.path == "/api2/json/x")
        #expect(request.query == "a=1&b=%20")
        #expect(request.header("content-length") == "3")
        #expect(request.wantsKeepAlive)
    }

    @Test(arguments: ["", "GET / HT", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"])
    func `The beginning of a head is incomplete`(_ text: String) {
        guard case .incomplete = read(text) else { return #expect(Bool(false), "\(text) is not incomplete") }
    }

    @Test(arguments: [
        "hello\n\n", "GET /\r\n\r\n", "GET / HTTP/2\r\n\r\n", "get / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nx\r\n\r\n",
    ])
    func `Other languages are malformed`(_ text: String) {
        guard case .malformed = read(text) else { return #expect(Bool(false), "\(text) is not malformed") }
    }

    @Test func `64 header lines are too many, 63 are not`() {
        let lines = { (count: Int) in String(repeating: "a: b\r\n", count: count) }
        guard case .complete = read("GET / HTTP/1.1\r\n\(lines(63))\r\n") else { return #expect(Bool(false)) }
        guard case .tooLarge = read("GET / HTTP/1.1\r\n\(lines(64))\r\n") else { return #expect(Bool(false)) }
    }

    @Test func `Header fields of 8 KiB are too many, a request line of 100 kB is not`() {
        let long = String(repeating: "a", count: 100_000)
        guard case .complete = read("GET /\(long) HTTP/1.1\r\n\r\n") else { return #expect(Bool(false)) }
        guard case .tooLarge = read("GET / HTTP/1.1\r\na: \(long.prefix(8300))") else { return #expect(Bool(false)) }
    }

    @Test func `Keep-alive follows the version and the Connection field`() {
        #expect(!HTTPRequest(method: "GET", target: "/", version: "1.0").wantsKeepAlive)
        #expect(!HTTPRequest(method: "GET", target: "/", headers: [("connection", "Close")]).wantsKeepAlive)
        #expect(
            HTTPRequest(method: "GET", target: "/", version: "1.0", headers: [("Connection", "keep-alive")])
                .wantsKeepAlive)
    }

    struct Unexpected: Error {}
}
