// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct RequestParametersTests {
    private func values(_ target: String, _ type: String = "", _ body: String = "") throws -> [String: ParameterValue] {
        try RequestParameters(
            HTTPRequest(method: "POST", target: target, headers: [("Content-Type", type)], body: Array(body.utf8))
        ).values
    }

    @Test func `The query wins over the body, and _dc is dropped`() throws {
        let form = "application/x-www-form-urlencoded"
        #expect(try values("/x?a=1&_dc=5", form, "a=2&b=x+y%2B") == ["a": .text("1"), "b": .text("x y+")])
    }

    @Test func `A repeated key is a list, and a semicolon separates`() throws {
        #expect(try values("/x?a=1;a=2&a=3") == ["a": .list([.text("1"), .text("2"), .text("3")])])
    }

    @Test func `JSON bodies keep their types`() throws {
        let body = #"{"a":true,"b":1,"c":["x",2],"d":null,"e":{}}"#
        let expected: [String: ParameterValue] = [
            "a": .truth(true), "b": .text("1"), "c": .list([.text("x"), .text("2")]), "e": .object,
        ]
        #expect(try values("/x", "application/json", body) == expected)
    }

    @Test(arguments: ["{", "[]", "1"])
    func `Other JSON is refused`(_ body: String) {
        #expect(throws: RequestParameters.ReadError.self) { try values("/x", "application/json", body) }
    }

    @Test func `Text parts of an upload come before the file`() throws {
        func part(_ fields: String, _ content: String) -> String {
            "--b\r\nContent-Disposition: form-data; \(fields)\r\n\r\n\(content)\r\n"
        }
        let body =
            part("name=\"content\"", "iso") + part("name=\"filename\"; filename=\"a b.iso\"", "12\r\n345")
            + part("name=\"late\"", "x") + "--b--\r\n"
        let read = try values("/upload", "multipart/form-data; boundary=b", body)
        #expect(read["content"] == .text("iso"))
        #expect(read["filename"] == .text("a b.iso"))
        #expect(read["#size"] == .text("7"))
        #expect(read["late"] == nil)
        let wrong = part("name=\"file\"; filename=\"a\"", "1") + "--b--\r\n"
        #expect(throws: RequestParameters.ReadError.self) { try values("/u", "multipart/form-data; boundary=b", wrong) }
    }

    @Test(arguments: [("a%2Fb", "a/b"), ("a+b", "a+b"), ("%zz%4", "%zz%4"), ("%C3%A4", "ä")])
    func `Percent codes are decoded once`(_ text: String, _ expected: String) {
        #expect(PercentEncoding.decode(text) == expected)
    }
}
