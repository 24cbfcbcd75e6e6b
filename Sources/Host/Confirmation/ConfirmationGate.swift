// The way of one request from being wanted to being sent, refused or asked about, as a value.
// SPDX-License-Identifier: MIT

import MCP
import Proxmox

/// Decides what happens to a request that may lose something. It does nothing itself: it is told what happened, and says
/// what is to be done next. The order is fixed: policy, the object's state, policy again, the question, the state again.
struct ConfirmationGate {
    /// How a yes can come.
    enum Way: Equatable {
        /// The client asks its person while the call waits.
        case clientAsks
        /// The call ends with a question, and the client repeats it with its person's answer.
        case clientRepeats
        /// The model repeats the call with a token.
        case token
        /// A person runs a command, then the model repeats the call.
        case person
    }

    /// What is known of the call that wants the request.
    struct Caller {
        let tool: String
        /// Whether the tool has the argument for tokens.
        let takesToken: Bool
        /// The arguments in canonical form, without the token.
        let arguments: [UInt8]
        /// The token among the arguments.
        let token: String?
        /// The person's answer that a repeated call brings.
        let input: CallInput?
        var way: Way
    }

    /// Who said yes.
    enum Yes: Equatable {
        case person
        case token(String)
        case approved(String)
        /// PVE_CONFIRM=never.
        case nobody
    }

    enum Event {
        case begin
        case read(ObjectState)
        case unread(Failure)
        case answered(QuestionAnswer)
        case tooLate
        case approval(String?)
        /// The id that a person approves by, or why there is none.
        case registered(Result<String, ApprovalFault>)
    }

    enum Action: Equatable {
        case read(StatePlan)
        case ask(String)
        case requireInput(String, state: String)
        /// Look for an approval with this digest, and use it up.
        case seekApproval(String)
        case register(digest: String, question: String)
        /// Nil when there was nothing to confirm.
        case send(Yes?)
        /// A rule says no.
        case refuse(String)
        /// The call ends with this.
        case end(String)
        case fail(String)
    }

    /// Questions that are asked anew because the state changed meanwhile.
    static let attempts = 3

    let asked: AskedRequest
    let atStake: GuestsAtStake
    private(set) var caller: Caller
    let settings: ConfirmationSettings
    let facts: Facts

    private enum Phase {
        case fresh
        case reading
        case asking([ObjectState.Fact])
        /// Reading once more after a yes.
        case checking([ObjectState.Fact])
        case seeking(ConfirmationBinding, question: String)
        case over
    }
    private var phase = Phase.fresh
    private var asking = 0
    /// What is said ahead of a question that comes another way than the client had promised.
    private var preface = ""

    init(_ asked: AskedRequest, _ caller: Caller, _ settings: ConfirmationSettings, facts: Facts) {
        self.asked = asked
        self.caller = caller
        self.settings = settings
        self.facts = facts
        atStake = GuestsAtStake(asked)
    }

    /// Whether a request has to pass a gate at all.
    static func concerns(_ asked: AskedRequest, _ protection: Protection) -> Bool {
        asked.risk.isDestructive || ProtectionCheck.switchesFlagOff(asked)
            || ProtectionCheck.concernsProtection(asked, protection)
    }

    /// Whether something is lost by the request, so that somebody has to say yes.
    private var isLosing: Bool { asked.risk.isDestructive || ProtectionCheck.switchesFlagOff(asked) }
    private var asksSomebody: Bool { isLosing && settings.mode != .never }

    /// Takes what happened and says what to do about it. `now` in seconds of a clock that never goes back.
    mutating func handle(_ event: Event, _ ledger: inout ConfirmationLedger, now: UInt64) -> Action {
        switch (event, phase) {
        case (.begin, .fresh): return begin()
        case (.read(let state), .reading): return judge(state, &ledger, now)
        case (.read(let state), .checking(let facts)): return compare(state, with: facts)
        case (.unread(let failure), _):
            phase = .over
            return .fail(ConfirmationText.unread(asked, failure))
        case (.answered(.yes), .asking(let facts)):
            phase = .checking(facts)
            return .read(plan)
        case (.answered(.unsupported), .asking): return fallBack()
        case (.answered(let answer), .asking):
            return end(ConfirmationText.noYes(answer, asked))
        case (.tooLate, .asking): return end(ConfirmationText.noAnswer(asked, settings))
        case (.approval(let id?), .seeking):
            phase = .over
            return .send(.approved(id))
        case (.approval(nil), .seeking(let binding, let question)):
            return .register(digest: Digest(of: binding.parts)?.hex ?? "", question: question)
        case (.registered(.success(let id)), .seeking(_, let question)):
            return end(ConfirmationText.needsPerson(question, asked, id: id, settings))
        case (.registered(.failure(let fault)), .seeking):
            return end(ConfirmationText.noApprovals(asked, fault))
        default:
            return end(ConfirmationText.noYes(.failed("the confirmation went wrong"), asked))
        }
    }

    private var plan: StatePlan {
        StatePlan(asked, atStake, settings.protection, asks: asksSomebody, facts: facts)
    }

    private mutating func begin() -> Action {
        if let why = ProtectionCheck.refusal(of: asked, atStake, settings.protection) { return refuse(why) }
        if plan.isEmpty, !asksSomebody { return send() }
        phase = .reading
        return .read(plan)
    }

    private mutating func judge(_ state: ObjectState, _ ledger: inout ConfirmationLedger, _ now: UInt64) -> Action {
        if let why = ProtectionCheck.refusal(of: asked, atStake, settings.protection, state) { return refuse(why) }
        guard asksSomebody else { return send() }
        if let why = Loss.nothingThere(asked, state) { return end(why) }
        let question = preface + Loss.text(asked, atStake, state)
        if caller.way == .clientAsks { return ask(question, state.facts) }
        guard let binding = binding(state) else { return end(ConfirmationText.noSeal(asked)) }
        switch caller.way {
        case .clientRepeats: return judgeInput(question, binding, &ledger, now)
        case .token: return judgeToken(question, binding, &ledger, now)
        case .person, .clientAsks:
            phase = .seeking(binding, question: question)
            return .seekApproval(Digest(of: binding.parts)?.hex ?? "")
        }
    }

    // MARK: Ways

    private mutating func ask(_ question: String, _ facts: [ObjectState.Fact]) -> Action {
        asking += 1
        guard asking <= ConfirmationGate.attempts else { return end(ConfirmationText.restless(asked)) }
        phase = .asking(facts)
        return .ask(question)
    }

    /// A client that declared forms and does not know them after all is one that cannot ask.
    private mutating func fallBack() -> Action {
        caller.way = settings.mode == .person ? .person : .token
        preface = ConfirmationText.unsupported
        phase = .reading
        return .read(plan)
    }

    /// After a yes: only what was asked about may be done.
    private mutating func compare(_ state: ObjectState, with facts: [ObjectState.Fact]) -> Action {
        if let why = ProtectionCheck.refusal(of: asked, atStake, settings.protection, state) { return refuse(why) }
        if state.facts == facts {
            phase = .over
            return .send(.person)
        }
        if let why = Loss.nothingThere(asked, state) { return end(why) }
        let changes = ObjectState.changes(from: facts, to: state.facts)
        return ask(ConfirmationText.changed(changes, Loss.text(asked, atStake, state)), state.facts)
    }

    private mutating func judgeInput(
        _ question: String, _ binding: ConfirmationBinding, _ ledger: inout ConfirmationLedger, _ now: UInt64
    ) -> Action {
        var question = question
        if let input = caller.input {
            switch input.answer {
            case .yes:
                let verdict = ledger.redeem(input.state, .requestState, for: binding, now: now)
                if case .valid = verdict {
                    phase = .over
                    return .send(.person)
                }
                question = ConfirmationText.instead(of: verdict, .requestState, question, settings)
            case let other:
                ledger.retire(input.state, .requestState)
                return end(ConfirmationText.noYes(other, asked))
            }
        }
        guard let state = ledger.issue(.requestState, binding, now: now) else {
            return end(ConfirmationText.noSeal(asked))
        }
        phase = .over
        return .requireInput(question, state: state)
    }

    private mutating func judgeToken(
        _ question: String, _ binding: ConfirmationBinding, _ ledger: inout ConfirmationLedger, _ now: UInt64
    ) -> Action {
        var question = question
        if let token = caller.token {
            let verdict = ledger.redeem(token, .argument, for: binding, now: now)
            if case .valid(let id) = verdict {
                phase = .over
                return .send(.token(id))
            }
            question = ConfirmationText.instead(of: verdict, .argument, question, settings)
        }
        guard caller.takesToken else { return end(ConfirmationText.takesNoToken(question, asked, caller.tool)) }
        guard let token = ledger.issue(.argument, binding, now: now) else { return end(ConfirmationText.noSeal(asked)) }
        return end(ConfirmationText.needsToken(question, asked, token: token, settings))
    }

    private func binding(_ state: ObjectState) -> ConfirmationBinding? {
        let facts = state.facts
        let shown = facts.map { "\($0.name)\u{0}\($0.value)" }
        guard let arguments = Digest(of: [caller.arguments]), let request = asked.request.digest,
            let standing = Digest(of: shown.map { Array($0.utf8) })
        else { return nil }
        return ConfirmationBinding(
            tool: caller.tool, arguments: arguments, request: request, state: standing,
            subject: Loss.subject(asked, atStake, state),
            facts: facts.count > ConfirmationBinding.factLimit ? [] : facts)
    }

    // MARK: Ends

    private mutating func send() -> Action {
        phase = .over
        return .send(isLosing ? .nobody : nil)
    }

    private mutating func refuse(_ why: String) -> Action {
        phase = .over
        return .refuse(why)
    }

    private mutating func end(_ why: String) -> Action {
        phase = .over
        return .end(why)
    }
}

extension Request {
    /// Of verb, path and parameters; the order of the parameters makes no difference.
    var digest: Digest? {
        var parts = [Array(method.rawValue.utf8), Array(template.utf8)]
        for (name, value) in path.sorted(by: { $0.key < $1.key }) { parts += [Array(name.utf8), Array(value.utf8)] }
        let sorted = parameters.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
        for (_, parameter) in sorted {
            parts.append(Array(parameter.name.utf8))
            if case .list(let values) = parameter.value {
                parts.append([])
                parts.append(Array(String(values.count).utf8))
                parts += values.map { Array($0.utf8) }
            } else {
                parts.append(Array(parameter.value.text.utf8))
            }
        }
        return Digest(of: parts)
    }
}
