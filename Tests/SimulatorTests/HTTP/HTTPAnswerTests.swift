// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct HTTPAnswerTests {
    private func head(_ answer: HTTPAnswer, closing: Bool = false) -> [String] {
        let text = String(decoding: answer.bytes(version: "1.1", closing: closing, date: "D"), as: UTF8.self)
        return text.split(separator: "\r\n").map { String($0) }
    }

    @Test func `The first line of a message is the reason phrase`() {
        let lines = head(HTTPAnswer(status: 500, reason: "VM 100 not running\nmore", body: [0x7B]))
        #expect(lines[0] == "HTTP/1.1 500 VM 100 not running")
        #expect(lines.contains("Content-Length: 1"))
    }

    @Test func `A carriage return never breaks the head apart`() {
        #expect(head(HTTPAnswer(status: 400, reason: "a\rSet-Cookie: b"))[0] == "HTTP/1.1 400 Bad Request")
    }

    @Test func `An empty body before the end of the connection has no length`() {
        #expect(!head(.plain(401, "No ticket"), closing: true).contains { $0.hasPrefix("Content-Length") })
        #expect(head(.plain(200, "OK")).contains("Content-Length: 0"))
    }

    @Test func `Dates are those of HTTP`() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}

@Suite struct HTTPRulesTests {
    private func refusal(_ method: String, _ headers: [(String, String)] = [], path: String = "/api2/json/x") -> String?
    {
        HTTPRules.refusal(of: HTTPRequest(method: method, target: path, headers: headers)).map {
            "\($0.status) \($0.reason)"
        }
    }

    @Test func `Four verbs are known`() {
        #expect(refusal("GET") == nil)
        #expect(refusal("PATCH") == "501 method 'PATCH' not available")
        #expect(refusal("HEAD") == "501 method 'HEAD' not available")
    }

    @Test func `GET and DELETE take no body`() {
        #expect(refusal("DELETE", [("Content-Length", "1")]) == "501 Unexpected content for method 'DELETE'")
        #expect(refusal("GET", [("Content-Length", "0")]) == nil)
    }

    @Test func `Bodies are whole, small, and forms or JSON`() {
        #expect(refusal("POST", [("Transfer-Encoding", "chunked")]) == "501 chunked transfer encoding not supported")
        #expect(refusal("POST", [("Content-Length", "524288")]) == nil)
        #expect(refusal("POST", [("Content-Length", "524289")]) == "501 for data too large")
        #expect(
            refusal("PUT", [("Content-Length", "1"), ("Content-Type", "text/plain")])
                == "506 upload 'Content-Type 'text/plain' not implemented")
        let json = [("Content-Length", "1"), ("Content-Type", "application/json; charset=utf-8")]
        #expect(refusal("PUT", json) == nil)
    }

    @Test func `Uploads have no limit`() {
        let headers = [("Content-Length", "99999999"), ("Content-Type", "multipart/form-data; boundary=b")]
        #expect(refusal("POST", headers, path: "/api2/json/nodes/pve1/storage/local/upload") == nil)
    }
}
