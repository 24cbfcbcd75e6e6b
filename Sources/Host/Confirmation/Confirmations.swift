// What all calls of a server share when they have to be confirmed: the ledger, the clock, and the place for approvals.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import MCP
import Proxmox

/// On the loop's thread. Costs nothing until the first request that may lose something.
final class Confirmations {
    let settings: ConfirmationSettings
    let loop: EventLoop
    let client: Client
    private let random: RandomSource
    private lazy var ledger = ConfirmationLedger(
        // Without a key nothing can be sealed, so nothing is confirmed: see `hasKey`.
        seal: Seal(key: key ?? []), random: hasKey ? random : RandomSource { _ in nil }, seconds: settings.seconds)
    private lazy var key = random.bytes(32)
    private var hasKey: Bool { key != nil }
    private lazy var approvals = Approvals(seconds: settings.seconds, random: random)

    init(_ settings: ConfirmationSettings, loop: EventLoop, client: Client, random: RandomSource = .system) {
        self.settings = settings
        self.loop = loop
        self.client = client
        self.random = random
    }

    /// What the facts of the connected release, or else of the newest one, say.
    var facts: Facts { Facts.release(client.knownRelease) ?? Facts.newest }

    /// Tells a gate what happened.
    func handle(_ event: ConfirmationGate.Event, _ gate: inout ConfirmationGate) -> ConfirmationGate.Action {
        gate.handle(event, &ledger, now: loop.now() / 1_000_000_000)
    }

    /// The id of the approval with this digest, which is used up by that; nil when there is none.
    func takeApproval(_ digest: String) -> String? { approvals.take(digest) }

    /// Puts a question down for a person.
    func register(_ digest: String, _ question: String, tool: String) -> Result<String, ApprovalFault> {
        approvals.register(digest, question, tool: tool)
    }

    /// How a call of this client can be confirmed.
    func way(of call: ToolCall) -> ConfirmationGate.Way {
        if call.canAsk { return call.revision.isStateless ? .clientRepeats : .clientAsks }
        return settings.mode == .person ? .person : .token
    }
}
