// Reads what came back: an answer, or the reason why there is none.
// SPDX-License-Identifier: MIT

import JSON

/// Turns status, reason phrase and body into an ``Answer`` or a ``Failure``.
///
/// The reason phrase counts: before 8.4 it is the only place of an error's text, and authentication errors have no body.
/// The body counts as JSON only when it looks so: errors of the HTTP layer are plain text.
struct AnswerReader {
    let request: Request
    let credentials: Credentials
    var receivedAt: UInt64 = 0
    /// The server's, once known.
    var release: String?

    func read(status: Int, reason: String, body: ResponseBody) -> Result<Answer, Failure> {
        let kind = body.kind
        if (200..<300).contains(status) {
            switch kind {
            case .empty: return .success(Answer(status: status, reason: reason, document: nil, receivedAt: receivedAt))
            case .json: break
            case .html: return .failure(.badAnswer(request: request.name, why: "a web page"))
            case .text:
                return .failure(.badAnswer(request: request.name, why: "text that is not JSON: \"\(body.beginning)\""))
            }
            do throws(JSONError) {
                let document = try JSONDocument(adopting: body.take())
                guard document.root["data"] != nil else {
                    return .failure(.badAnswer(request: request.name, why: "JSON without \"data\""))
                }
                return .success(Answer(status: status, reason: reason, document: document, receivedAt: receivedAt))
            } catch {
                return .failure(.badAnswer(request: request.name, why: "broken JSON, \(error)"))
            }
        }
        let text = kind == .text ? body.beginning : nil
        let document = kind == .json ? try? JSONDocument(adopting: body.take()) : nil
        return .failure(failure(status, reason, document?.root, text: text, isPage: kind == .html))
    }

    private func failure(_ status: Int, _ reason: String, _ root: JSONValue?, text: String?, isPage: Bool) -> Failure {
        let said = AnswerReader.trimmed(root?["message"]?.string ?? text ?? "")
        let words = said.isEmpty ? (reason.isEmpty ? Failure.noReason : reason) : said
        switch status {
        case 300..<400:
            return .badAnswer(request: request.name, why: "a redirect (status \(status)), which is not followed")
        case 400:
            let problems = problems(root)
            if !problems.isEmpty { return .parameters(request: request.name, problems) }
            return .rejected(request: request.name, status: status, text: words)
        case 401:
            return .unauthorized(
                identity: credentials.identity, isToken: credentials.isToken, reason: reason.isEmpty ? words : reason)
        case 403: return forbidden(words)
        case 501:
            let gap = ReleaseGap(methodOf: request, release: release)
            return .notImplemented(request: request.name, text: words, gap: gap?.text)
        case 595: return .nodeUnreachable(request: request.name, node: request.path["node"], reason: words)
        case 596...599:
            return .proxyFailed(request: request.name, status: status, reason: words, isWrite: request.isWrite)
        default:
            let page = isPage ? " (a web page, so perhaps from a proxy in front of Proxmox VE)" : ""
            return .rejected(request: request.name, status: status, text: words + page)
        }
    }

    /// `Permission check failed (/vms/100, VM.Allocate|VM.Audit)`: the path and the privileges that were asked for.
    private func forbidden(_ text: String) -> Failure {
        var path: String?
        var privilege: String?
        if let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close {
            let inside = text[text.index(after: open)..<close]
            if inside.first == "/", let comma = inside.lastIndex(of: ",") {
                path = String(inside[..<comma])
                privilege = String(inside[inside.index(after: comma)...].drop { $0 == " " })
            }
        }
        return .forbidden(
            request: request.name, privilege: privilege, path: path, text: text, identity: credentials.identity,
            isToken: credentials.isToken)
    }

    private func problems(_ root: JSONValue?) -> [Failure.ParameterProblem] {
        guard let errors = root?["errors"], errors.isObject else { return [] }
        let problems = errors.members.map { member in
            var text = AnswerReader.trimmed(member.value.lenientString ?? member.value.rawText)
            if text.mentions("not defined in schema"),
                let gap = ReleaseGap(parameter: member.name, of: request, release: release)
            {
                text += "; \(gap.text)"
            }
            return Failure.ParameterProblem(name: member.name, text: text)
        }
        // The server's order is random.
        return problems.sorted { $0.name < $1.name }
    }

    /// Without the line end that Perl's messages have, and short enough to be read.
    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.utf8.count <= 4000 ? String(text) : text.prefix(4000) + " …"
    }
}
