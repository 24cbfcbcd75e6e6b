// The questions that tokens were given for, and what became of them.
// SPDX-License-Identifier: MIT

/// What a yes is bound to. It counts for this and nothing else.
struct ConfirmationBinding: Equatable, Sendable {
    let tool: String
    /// Of the arguments in canonical form.
    let arguments: Digest
    /// Of verb, path and parameters.
    let request: Digest
    /// Of the object's state.
    let state: Digest
    /// For messages: what the question was about.
    let subject: String
    /// For messages too: none when there are more than ``factLimit``, as a cluster has thousands of guests and the ledger
    /// remembers hundreds of questions.
    let facts: [ObjectState.Fact]

    static let factLimit = 128

    var parts: [[UInt8]] { [Array(tool.utf8), arguments.bytes, request.bytes, state.bytes] }
}

/// Gives tokens and takes them back, each once. A value: clock and randomness come from outside.
struct ConfirmationLedger {
    /// Through whom the yes comes. A token of one kind never counts as the other.
    enum Kind: String, Sendable {
        /// The model repeats it as an argument.
        case argument
        /// The client returns it beside the person's answer.
        case requestState = "request-state"
    }

    enum Verdict: Equatable {
        case valid(id: String)
        case notOurs
        case altered
        case used
        case expired
        case otherTool(String)
        case otherArguments(subject: String)
        case otherRequest(subject: String)
        /// With what is different.
        case changed(String)
    }

    private struct Entry {
        let kind: Kind
        let binding: ConfirmationBinding
        /// Seconds of the monotonic clock.
        let expires: UInt64
        var isUsed = false
    }

    /// Questions that are remembered.
    static let limit = 512

    private let seal: Seal
    private let random: RandomSource
    private let seconds: UInt64
    private var entries: [String: Entry] = [:]
    private var order: [String] = []

    init(seal: Seal, random: RandomSource, seconds: Int) {
        self.seal = seal
        self.random = random
        self.seconds = UInt64(max(1, seconds))
    }

    /// A new token; nil when there is no randomness or no libcrypto.
    mutating func issue(_ kind: Kind, _ binding: ConfirmationBinding, now: UInt64) -> String? {
        forgetOld(now)
        let expires = now + seconds
        guard let id = random.name(), entries[id] == nil,
            let mark = seal.mark(on: ConfirmationLedger.sealed(id, kind, expires, binding))
        else { return nil }
        entries[id] = Entry(kind: kind, binding: binding, expires: expires)
        order.append(id)
        return "\(id)-\(Base32.encode(mark))"
    }

    /// Says whether a token counts for what is about to be done, and uses it up if it does.
    mutating func redeem(
        _ token: String, _ kind: Kind, for binding: ConfirmationBinding, now: UInt64
    ) -> Verdict {
        let parts = token.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let entry = entries[String(parts[0])], entry.kind == kind else { return .notOurs }
        let id = String(parts[0])
        let sealed = ConfirmationLedger.sealed(id, kind, entry.expires, entry.binding)
        guard let mark = Base32.decode(parts[1]), seal.admits(mark, on: sealed) else { return .altered }
        if entry.isUsed { return .used }
        if now >= entry.expires { return .expired }
        if entry.binding.tool != binding.tool { return .otherTool(entry.binding.tool) }
        if entry.binding.arguments != binding.arguments { return .otherArguments(subject: entry.binding.subject) }
        if entry.binding.request != binding.request { return .otherRequest(subject: entry.binding.subject) }
        entries[id]?.isUsed = true
        if entry.binding.state != binding.state {
            return .changed(ObjectState.changes(from: entry.binding.facts, to: binding.facts))
        }
        return .valid(id: id)
    }

    /// Ends a token whose question was answered with anything but a yes: a later yes to the same question is none.
    mutating func retire(_ token: String, _ kind: Kind) {
        let id = String(token.prefix { $0 != "-" })
        if entries[id]?.kind == kind { entries[id]?.isUsed = true }
    }

    private static func sealed(
        _ id: String, _ kind: Kind, _ expires: UInt64, _ binding: ConfirmationBinding
    ) -> [[UInt8]] {
        [Array(id.utf8), Array(kind.rawValue.utf8), Array(String(expires).utf8)] + binding.parts
    }

    /// Forgets what expired long enough ago that nobody comes back with it, and the oldest when there are too many.
    private mutating func forgetOld(_ now: UInt64) {
        while let first = order.first {
            let isStale = entries[first].map { $0.expires + 3600 < now } ?? true
            guard isStale || order.count >= ConfirmationLedger.limit else { return }
            entries[first] = nil
            order.removeFirst()
        }
    }
}
