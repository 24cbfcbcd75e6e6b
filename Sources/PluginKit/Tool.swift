// A tool as one statement.
// SPDX-License-Identifier: MIT

/// A tool: what it is called, what it takes, what it sends and what it answers.
///
/// ```swift
/// Tool(
///     "pve_reset_qemu_vm", "Reset QEMU VM", tier: .readExecute, effect: .destroys,
///     "Press the reset button of a VM; unsaved work in it is lost.",
///     .post("/nodes/{node}/qemu/{vmid}/status/reset"),
///     parameters: [.guestNode, .vmid, .wait],
///     answers: .task)
/// ```
public struct Tool: Sendable {
    /// A function that runs one call. On a worker thread of the host; it may block and must reply or throw.
    public typealias Code = @Sendable (Call) throws(CallFailure) -> Void

    enum Body: Sendable {
        case endpoint(Endpoint)
        case code([Endpoint], Code)
    }

    let name: StaticString
    let title: StaticString
    let tier: Tier
    let effect: Effect
    let text: StaticString
    let body: Body
    let parameters: [Parameter]
    let answer: Answer

    /// A tool that is one request. `name` is `[a-z0-9_]`, at most 40 characters; `text` has at most 1,024 bytes.
    public init(
        _ name: StaticString, _ title: StaticString, tier: Tier, effect: Effect, _ text: StaticString,
        _ endpoint: Endpoint, parameters: [Parameter] = [], answers answer: Answer
    ) {
        self.init(name, title, tier, effect, text, .endpoint(endpoint), parameters, answer)
    }

    /// A tool that runs `code`. It may send the requests declared in `sends` and no others.
    public init(
        _ name: StaticString, _ title: StaticString, tier: Tier, effect: Effect, _ text: StaticString,
        sends: [Endpoint], parameters: [Parameter] = [], answers answer: Answer, code: @escaping Code
    ) {
        self.init(name, title, tier, effect, text, .code(sends, code), parameters, answer)
    }

    private init(
        _ name: StaticString, _ title: StaticString, _ tier: Tier, _ effect: Effect, _ text: StaticString,
        _ body: Body, _ parameters: [Parameter], _ answer: Answer
    ) {
        self.name = name
        self.title = title
        self.tier = tier
        self.effect = effect
        self.text = text
        self.body = body
        self.parameters = parameters
        self.answer = answer
    }
}
