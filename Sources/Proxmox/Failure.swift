// Why a request had no answer that could be used.
// SPDX-License-Identifier: MIT

/// One case for each thing that a caller does something different about.
///
/// `request` is verb and path, such as `GET /nodes/pve1/status`. No case ever holds a secret.
public enum Failure: Error, Sendable {
    // The request was not sent.

    /// A value that would change which object the path means.
    case invalidPathValue(name: String, value: String, request: String)
    case malformedRequest(request: String, why: String)
    /// Above the tier, or forbidden by another rule of this server. The text is the whole message.
    case refused(String)
    /// Not what the API of the connected version takes. The text is the whole message.
    case schema(String)

    // The server was not reached.

    /// libcurl cannot be used on this machine.
    case noHTTP(why: String)
    case unreachable(host: String, why: String)
    case tls(host: String, why: String, presented: Fingerprint?, expected: Fingerprint?)

    // The server did not finish.

    case timeout(request: String, seconds: Double)
    /// A reading request whose connection ended.
    case connectionLost(request: String, why: String)
    /// A writing request of which some was sent and no whole answer came: nobody knows whether it was carried out.
    case connectionLostAfterWrite(request: String, why: String)
    case badAnswer(request: String, why: String)
    /// `sent`: a write that may have been carried out nevertheless.
    case cancelled(request: String, sent: Bool)

    // The server said no.

    case unauthorized(identity: String, isToken: Bool, reason: String)
    /// The user has a second factor, which this client cannot ask for.
    case needsSecondFactor(user: String)
    /// `privilege` may name several, joined by `|`; both are nil when the server does not say.
    case forbidden(request: String, privilege: String?, path: String?, text: String, identity: String, isToken: Bool)
    case parameters(request: String, [ParameterProblem])
    /// No such path, or not with this verb. `gap` says which release has it, when one has.
    case notImplemented(request: String, text: String, gap: String? = nil)
    /// Any other refusal; most things that "do not exist" or "are locked" come as status 500.
    case rejected(request: String, status: Int, text: String)
    /// Another node of the cluster that the answering one could not reach (595).
    case nodeUnreachable(request: String, node: String?, reason: String)
    /// The answering node lost the one that did the work (596 to 599), which may go on.
    case proxyFailed(request: String, status: Int, reason: String, isWrite: Bool)

    /// No VM or container with this id is in the cluster's list.
    case unknownGuest(vmid: Int64, near: [GuestLocation])

    /// Another failure, and what a look at the cluster adds to it, as sentences.
    indirect case explained(Failure, String)

    /// What is wrong with one parameter, in the server's words.
    public struct ParameterProblem: Equatable, Sendable {
        public let name: String
        public let text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }
}

extension Failure {
    /// What a look at the cluster added to it; nil when it was not looked at.
    public var explanation: String? {
        if case .explained(_, let text) = self { text } else { nil }
    }

    /// Whether the node that was asked has no such VM or container.
    public var isMissingGuest: Bool {
        if case .explained(let failure, _) = self { return failure.isMissingGuest }
        guard case .rejected(_, _, let text) = self else { return false }
        return GuestDirectory.saysMissing(text)
    }

    /// Whether the same reading request may succeed a moment later.
    public var isPassing: Bool {
        switch self {
        case .unreachable, .timeout, .connectionLost, .badAnswer, .nodeUnreachable, .proxyFailed: true
        case .rejected(_, let status, _): [502, 503, 504].contains(status)
        default: false
        }
    }
}
