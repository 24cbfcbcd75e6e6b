// The answers that a test has laid out for requests.
// SPDX-License-Identifier: MIT

import JSON

/// What cannot be laid out, and why.
public struct TestingFault: Error, Equatable {
    public let message: String
}

/// Answers by request: `GET /nodes/{node}/status`, or with values, `GET /nodes/pve1/status`.
struct LaidOutAnswers {
    private var answers: [String: FakeAnswer] = [:]

    mutating func lay(_ json: String, for request: String) throws(TestingFault) {
        do {
            _ = try JSONDocument(json)
        } catch {
            throw TestingFault(message: "The answer to \(request) is not JSON: \(error). It is: \(json)")
        }
        try put(.json(json), request)
    }

    mutating func lay(refusal words: String, for request: String) throws(TestingFault) {
        try put(.status(LaidOutAnswers.failed, words), request)
    }

    /// With values first, then as the plugin declares it.
    func answer(to requests: String...) -> FakeAnswer {
        for request in requests {
            if let answer = answers[request] { return answer }
        }
        return .status(
            LaidOutAnswers.failed,
            "This test has no answer to \(requests.first ?? "the request"); lay one out before the call.")
    }

    private mutating func put(_ answer: FakeAnswer, _ request: String) throws(TestingFault) {
        let words = request.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, Method(rawValue: String(words[0])) != nil, words[1].hasPrefix("/") else {
            throw TestingFault(
                message: "\"\(request)\" is not a request; write a verb and a path, such as "
                    + "\"GET /nodes/{node}/status\"")
        }
        answers[request] = answer
    }

    enum Method: String {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    private static let failed: Int32 = -4
}
