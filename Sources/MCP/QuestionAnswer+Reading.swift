// How answers to questions are read. Whatever is not exactly a yes is something else.
// SPDX-License-Identifier: MIT

import JSON

extension QuestionAnswer {
    /// The most characters of a client's error that are kept.
    private static let errorLimit = 300

    /// Reads a JSON-RPC response to a question that asked for `field`.
    init(response: JSONValue, field: String) {
        let error = response["error"]
        let result = response["result"]
        if response["jsonrpc"]?.string != "2.0" {
            self = .nonsense(#"its jsonrpc is not "2.0""#)
        } else if error != nil, result != nil {
            self = .nonsense("it holds a result and an error")
        } else if let error {
            self = Self.failure(error)
        } else if let result {
            self.init(result: result, field: field)
        } else {
            self = .nonsense("it holds neither a result nor an error")
        }
    }

    /// Reads an `ElicitResult`.
    init(result: JSONValue, field: String) {
        guard result.isObject else {
            self = .nonsense("the result is not an object")
            return
        }
        switch result["action"]?.string {
        case "accept": self.init(content: result["content"], field: field)
        case "decline": self = .declined
        case "cancel": self = .cancelled
        default: self = .nonsense("its action is not accept, decline or cancel")
        }
    }

    private init(content: JSONValue?, field: String) {
        guard let content, content.isObject else {
            self = .nonsense("it accepts without content")
            return
        }
        // Said twice it may have been said in two ways.
        let values = content.members.filter { $0.hasName(field) }.map(\.value)
        guard values.count == 1, let ticked = values[0].bool else {
            self = .nonsense("its content does not say \(field) as true or false")
            return
        }
        self = ticked ? .yes : .no
    }

    private static func failure(_ error: JSONValue) -> QuestionAnswer {
        guard error.isObject, let code = error["code"]?.int else {
            return .nonsense("its error is not an object with a code")
        }
        if code == -32601 { return .unsupported }
        let message = error["message"]?.string ?? ""
        guard !message.isEmpty else { return .failed("error \(code)") }
        let isLong = message.count > errorLimit
        return .failed("error \(code): \(isLong ? "\(message.prefix(errorLimit))…" : message)")
    }
}
