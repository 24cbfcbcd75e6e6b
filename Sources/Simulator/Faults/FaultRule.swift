// A fault that a request can meet: which requests, what goes wrong, how often.
// SPDX-License-Identifier: MIT

/// One rule, such as `GET /nodes/*/qemu=500:oops#2`.
struct FaultRule: Sendable, Equatable {
    enum Effect: Sendable, Equatable {
        /// An error instead of an answer; nothing is carried out.
        case status(Int, reason: String?, body: Body)
        /// The answer breaks off in the middle of its body.
        case half
        /// The request is read and never answered; nothing is carried out.
        case silence
        /// The request is carried out, and the connection ends without an answer.
        case drop
        /// The connection ends after the answer, which does not say so.
        case dropIdle
        /// The answer comes this many milliseconds later.
        case latency(Int)
    }

    enum Body: Sendable, Equatable {
        case json, empty, html
    }

    /// nil for every verb.
    var method: String?
    /// Globs for the parts of the path below `/api2/json`; `**` at the end stands for any rest.
    var pattern: [String]
    var effect: Effect
    /// How many requests it still meets; nil for no end.
    var remaining: Int?
    /// The rule as it was written.
    var text: String

    /// What is wrong with the text of a rule.
    struct SyntaxError: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// Reads `METHOD PATTERN=EFFECT[#COUNT]`. METHOD may be `*`. EFFECT is `STATUS[:reason]`, `empty:STATUS[:reason]`,
    /// `html[:STATUS]`, `half`, `silence`, `drop`, `drop-idle` or `latency:MS`.
    init(_ text: String) throws(SyntaxError) {
        guard let equals = text.firstIndex(of: "=") else {
            throw SyntaxError(
                description: "'\(text)' has no '='; write METHOD PATTERN=EFFECT, as in 'GET /nodes=500:oops'")
        }
        let (tail, count) = try Self.count(in: text[text.index(after: equals)...], text)
        try self.init(requests: text[..<equals], effect: try Self.effect(tail, text), remaining: count, text: text)
    }

    /// A rule whose effect is known: `METHOD PATTERN[#COUNT]`.
    init(requests text: String, effect: Effect) throws(SyntaxError) {
        let (requests, count) = try Self.count(in: text[...], text)
        try self.init(requests: requests, effect: effect, remaining: count, text: text)
    }

    private init(requests: Substring, effect: Effect, remaining: Int?, text: String) throws(SyntaxError) {
        let words = requests.split(separator: " ")
        guard words.count == 2, words[1].hasPrefix("/") else {
            throw SyntaxError(description: "'\(requests)' is not a method and a path pattern, as in 'GET /nodes/*'")
        }
        let methods = ["GET", "POST", "PUT", "DELETE", "*"]
        guard methods.contains(String(words[0])) else {
            throw SyntaxError(
                description: "'\(words[0])' is not a method; use one of \(methods.joined(separator: ", "))")
        }
        method = words[0] == "*" ? nil : String(words[0])
        pattern = words[1].split(separator: "/").map { String($0) }
        self.effect = effect
        self.remaining = remaining
        self.text = text
    }

    private static func count(in text: Substring, _ rule: String) throws(SyntaxError) -> (Substring, Int?) {
        guard let mark = text.lastIndex(of: "#") else { return (text, nil) }
        let digits = text[text.index(after: mark)...]
        guard let count = Int(digits), count > 0 else {
            throw SyntaxError(description: "'\(rule)': '#\(digits)' is not a count; write #1 or more")
        }
        return (text[..<mark], count)
    }

    private static func effect(_ text: Substring, _ rule: String) throws(SyntaxError) -> Effect {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count > 1 ? String(parts[1]) : nil
        switch parts.first {
        case "half" where rest == nil: return .half
        case "silence" where rest == nil: return .silence
        case "drop" where rest == nil: return .drop
        case "drop-idle" where rest == nil: return .dropIdle
        case "html" where rest == nil: return .status(502, reason: nil, body: .html)
        case "html":
            if let status = rest.flatMap({ Int($0) }) { return .status(status, reason: nil, body: .html) }
        case "latency":
            if let time = rest.flatMap({ Int($0) }), time >= 0 { return .latency(time) }
        case "empty":
            let words = (rest ?? "").split(separator: ":", maxSplits: 1)
            if let status = words.first.flatMap({ Int($0) }), (100...999).contains(status) {
                return .status(status, reason: words.count > 1 ? String(words[1]) : nil, body: .empty)
            }
        default:
            if let status = parts.first.flatMap({ Int($0) }), (100...999).contains(status) {
                return .status(status, reason: rest, body: status >= 590 ? .empty : .json)
            }
        }
        throw SyntaxError(
            description:
                "'\(rule)': '\(text)' is no effect; use STATUS[:reason], empty:STATUS[:reason], html[:STATUS], "
                + "half, silence, drop, drop-idle or latency:MS")
    }

    /// Whether a request for these path parts meets the rule.
    func applies(method: String, path: [String]) -> Bool {
        if let wanted = self.method, wanted != method { return false }
        for (index, glob) in pattern.enumerated() {
            if glob == "**" { return true }
            guard index < path.count, Self.matches(path[index].utf8[...], glob.utf8[...]) else { return false }
        }
        return pattern.count == path.count
    }

    /// `*` stands for any bytes of one part.
    private static func matches(_ text: Substring.UTF8View, _ glob: Substring.UTF8View) -> Bool {
        guard let first = glob.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            var rest = text
            while true {
                if matches(rest, glob.dropFirst()) { return true }
                if rest.popFirst() == nil { return false }
            }
        }
        return text.first == first && matches(text.dropFirst(), glob.dropFirst())
    }
}
