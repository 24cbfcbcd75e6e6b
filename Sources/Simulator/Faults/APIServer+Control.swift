// The switches for tests, outside the API: faults and the log.
// SPDX-License-Identifier: MIT

import JSON

extension APIServer {
    /// `GET`, `POST` and `DELETE /sim/faults`; `GET` and `DELETE /sim/log`; `POST /sim/nodes`. A POST carries one rule per
    /// line, or a JSON array of rules; for nodes each is `pve2 offline` or `pve2 online`.
    func control(_ request: HTTPRequest) -> HTTPAnswer {
        switch (request.method, request.path) {
        case ("GET", "/sim/faults"): return .json(faultList)
        case ("DELETE", "/sim/faults"):
            faults.removeAll()
            return .json(Array("[]".utf8))
        case ("POST", "/sim/faults"):
            do throws(FaultRule.SyntaxError) {
                faults.add(try Self.rules(request.body))
            } catch {
                return .plain(400, "Bad Request", body: error.description + "\n")
            }
            return .json(faultList)
        case ("GET", "/sim/log"): return .json(log.json)
        case ("DELETE", "/sim/log"):
            log.removeAll()
            return .json(Array("[]".utf8))
        case ("POST", "/sim/nodes"):
            for line in Self.texts(request.body) {
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 2, ["offline", "online"].contains(words[1]),
                    world.setOnline(words[1] == "online", node: words[0])
                else {
                    let text = "'\(line)' is not a node other than the one that answers, and offline or online\n"
                    return .plain(400, "Bad Request", body: text)
                }
            }
            return .json(Array("[]".utf8))
        default: return .plain(404, "Not Found", body: "there are /sim/faults, /sim/log and /sim/nodes\n")
        }
    }

    private var faultList: [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for rule in faults.all {
                writer.object { writer in
                    writer.member("rule", rule.text)
                    if let remaining = rule.remaining { writer.member("remaining", remaining) }
                }
            }
        }
        return writer.bytes
    }

    /// The lines of a body, or the elements of its JSON array.
    private static func texts(_ body: [UInt8]) -> [String] {
        if body.first == UInt8(ascii: "["), let list = try? JSONDocument(body).root {
            return list.elements.map { $0.string ?? $0.rawText }
        }
        return String(decoding: body, as: UTF8.self).split(whereSeparator: \.isNewline).map { String($0) }
    }

    private static func rules(_ body: [UInt8]) throws(FaultRule.SyntaxError) -> [FaultRule] {
        var rules: [FaultRule] = []
        for text in texts(body) { rules.append(try FaultRule(text)) }
        return rules
    }
}

extension HTTPAnswer {
    fileprivate static func json(_ body: [UInt8]) -> HTTPAnswer {
        HTTPAnswer(status: 200, reason: "OK", body: body)
    }
}
