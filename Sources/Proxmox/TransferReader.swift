// Tells what an ended transfer means for the request it carried.
// SPDX-License-Identifier: MIT

/// Turns what the transport reports into an answer or a failure.
struct TransferReader {
    let reader: AnswerReader
    let settings: ConnectionSettings

    func read(_ outcome: Transport.Outcome) -> Result<Answer, Failure> {
        let request = reader.request
        if outcome.end == .complete {
            return reader.read(status: outcome.status, reason: outcome.reason, body: outcome.body)
        }
        if request.isWrite, outcome.wasSent {
            return .failure(.connectionLostAfterWrite(request: request.name, why: why(outcome)))
        }
        let host = "\(settings.baseURL.host):\(settings.baseURL.port)"
        switch outcome.end {
        case .noSuchHost, .noConnection, .connectTimeout, .other:
            return .failure(.unreachable(host: host, why: why(outcome)))
        case .tlsFailed:
            return .failure(
                .tls(host: host, why: outcome.detail, presented: outcome.presented, expected: settings.fingerprint))
        case .timeout: return .failure(.timeout(request: request.name, seconds: settings.timeoutSeconds))
        case .lost, .partial: return .failure(.connectionLost(request: request.name, why: why(outcome)))
        case .notHTTP, .tooLarge, .complete: return .failure(.badAnswer(request: request.name, why: why(outcome)))
        }
    }

    private func why(_ outcome: Transport.Outcome) -> String {
        switch outcome.end {
        case .noSuchHost: "the name \(settings.baseURL.host) has no address"
        case .noConnection: outcome.detail
        case .connectTimeout:
            outcome.detail.hasPrefix("all ")
                ? outcome.detail : "no connection within \(Failure.seconds(settings.connectTimeoutSeconds))"
        case .timeout: "nothing more came within \(Failure.seconds(settings.timeoutSeconds))"
        case .lost: "the connection ended before an answer (\(outcome.detail))"
        case .partial: "the connection ended in the middle of the answer"
        case .notHTTP: "not HTTP (\(outcome.detail))"
        case .tooLarge: "more than \(settings.answerLimit >> 20) MiB; ask for less"
        case .tlsFailed, .other, .complete: outcome.detail
        }
    }
}
