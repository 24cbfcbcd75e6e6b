// The gate that every request of a call passes before it is sent.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON
import MCP
import PluginLoader
import Proxmox

/// Carries out what a ``ConfirmationGate`` decides, for the requests of one call, one after the other. On the loop's
/// thread.
final class CallGate {
    /// What becomes of a request.
    enum Verdict {
        case sends
        /// A rule of this server says no; the text is the whole message.
        case refused(String)
        /// What it is about could not be read.
        case unread(Failure, String)
        /// The call has ended with a question, or because there was no yes.
        case callEnded
    }

    private let confirmations: Confirmations
    private let outcome: CallOutcome
    private let makeCaller: () -> ConfirmationGate.Caller
    private lazy var caller = makeCaller()
    private var gate: ConfirmationGate?
    private var reader: StateReader?
    private var patience: EventLoop.Timer?
    private var completion: ((Verdict) -> Void)?
    private var isOver = false
    /// Writes of this call that have passed. A call that is repeated sends them again.
    private var passed: [String] = []

    init(
        _ call: ToolCall, _ tool: Tool, _ arguments: ConfirmedArguments, _ confirmations: Confirmations,
        _ outcome: CallOutcome
    ) {
        self.confirmations = confirmations
        self.outcome = outcome
        makeCaller = {
            ConfirmationGate.Caller(
                tool: tool.name, takesToken: tool.takesConfirmation,
                arguments: CanonicalJSON.text(ofArguments: arguments.rest), token: arguments.token,
                input: call.input, way: confirmations.way(of: call))
        }
    }

    /// Whether a request may be sent: told at once when it loses nothing, else when that has been settled.
    func pass(_ request: Request, _ completion: @escaping (Verdict) -> Void) {
        pass(AskedRequest(request), completion)
    }

    /// The same for what a request is, or the call itself, to be settled before its code runs.
    func pass(_ asked: AskedRequest, _ completion: @escaping (Verdict) -> Void) {
        let request = asked.request
        guard ConfirmationGate.concerns(asked, confirmations.settings.protection) else {
            if request.isWrite { passed.append(request.name) }
            return completion(.sends)
        }
        guard !isOver, gate == nil else { return completion(.callEnded) }
        // Nobody is asked about what is not sent anyway.
        if let failure = refusal(of: asked) { return completion(.refused(failure.message)) }
        gate = ConfirmationGate(asked, caller, confirmations.settings, facts: confirmations.facts)
        self.completion = completion
        handle(.begin)
    }

    /// Gives up; the verdict on a request that is under way is never told.
    func cancel() {
        isOver = true
        completion = nil
        rest()
    }

    private func rest() {
        reader?.cancel()
        reader = nil
        if let patience { confirmations.loop.cancel(patience) }
        patience = nil
    }

    private func handle(_ event: ConfirmationGate.Event) {
        guard !isOver, var gate else { return }
        let action = confirmations.handle(event, &gate)
        self.gate = gate
        perform(action, gate)
    }

    private func perform(_ action: ConfirmationGate.Action, _ gate: ConfirmationGate) {
        switch action {
        case .read(let plan): read(plan, gate)
        case .ask(let text): ask(text)
        case .requireInput(let text, let state):
            if outcome.requireInput(ConfirmationText.question(text + remark), state: state) {
                isOver = true
                settle(.callEnded)
            } else {
                end(ConfirmationText.noYes(.failed("it cannot be asked any more"), gate.asked))
            }
        case .seekApproval(let digest): handle(.approval(confirmations.takeApproval(digest)))
        case .register(let digest, let question):
            handle(.registered(confirmations.register(digest, question, tool: gate.caller.tool)))
        case .send(let yes):
            if let yes { Log.info("\(gate.asked.name) (\(gate.caller.tool)) \(yes.words)") }
            passed.append(gate.asked.name)
            settle(.sends)
        case .refuse(let why):
            Log.info("\(gate.asked.request.name) (\(gate.caller.tool)) refused: protected")
            settle(.refused(why))
        case .end(let why): end(why)
        case .fail(let why): settle(.refused(why))
        }
    }

    /// Why a request is not sent whatever anybody says; the call of a function is none.
    private func refusal(of asked: AskedRequest) -> Failure? {
        asked.question == nil ? confirmations.client.refusal(of: asked.request) : nil
    }

    private func read(_ plan: StatePlan, _ gate: ConfirmationGate) {
        let reader = StateReader(plan, gate.atStake, client: confirmations.client) { [weak self] result in
            guard let self, !isOver else { return }
            self.reader = nil
            switch result {
            case .success(let state):
                // The server's release is known by now, and with it what it does not take.
                if let failure = refusal(of: gate.asked) {
                    return settle(.refused(failure.message))
                }
                handle(.read(state))
            case .failure(let failure): settle(.unread(failure, ConfirmationText.unread(gate.asked, failure)))
            }
        }
        self.reader = reader
        reader.start()
    }

    private func ask(_ text: String) {
        let isAsked = outcome.ask(ConfirmationText.question(text)) { [weak self] answer in
            guard let self else { return }
            if let patience { confirmations.loop.cancel(patience) }
            patience = nil
            handle(.answered(answer))
        }
        guard isAsked else { return handle(.answered(.failed("it cannot be asked any more"))) }
        patience = confirmations.loop.after(milliseconds: confirmations.settings.seconds * 1000) { [weak self] in
            self?.patience = nil
            self?.handle(.tooLate)
        }
    }

    /// Ends the call itself, whatever its code does next.
    private func end(_ why: String) {
        isOver = true
        rest()
        outcome.fail(why + remark)
        settle(.callEnded)
    }

    /// What the repeated call does once more.
    private var remark: String {
        passed.isEmpty
            ? "" : " This call has already sent \(Loss.list(passed)), and sends that again when it is repeated."
    }

    private func settle(_ verdict: Verdict) {
        let completion = self.completion
        self.completion = nil
        gate = nil
        completion?(verdict)
    }
}

extension ConfirmationGate.Yes {
    /// For the log.
    fileprivate var words: String {
        switch self {
        case .person: "confirmed by a person through the client"
        case .token(let id): "confirmed with token \(id)"
        case .approved(let id): "approved as \(id)"
        case .nobody: "sent without a question (PVE_CONFIRM=never)"
        }
    }
}
