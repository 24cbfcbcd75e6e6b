// One call of an endpoint tool, from its arguments to its result, as steps on the event loop.
// SPDX-License-Identifier: MIT

import JSON
import MCP
import PluginLoader
import Proxmox

/// A call under way. Created, advanced and cancelled on the loop's thread.
final class EndpointCall: RunningCall {
    private let tool: Tool
    private let endpoint: Endpoint
    private let arguments: JSONValue
    private let directions: CallDirections
    private let client: Client
    private let gate: CallGate
    private let outcome: CallOutcome
    private var ticket: RequestTicket?
    private var taskWait: TaskFollow?
    private var isCancelled = false
    /// The node was looked up for the caller, so it may be looked up once more.
    private var found: (lookup: GuestLookup, node: String, isSecond: Bool)?
    /// The request has been sent again for the end of a log.
    private var asksForEnd = false
    /// The state of a task as it was answered before the call waited for its end.
    private var waitedStatus: Answer?

    init(
        _ tool: Tool, _ endpoint: Endpoint, _ arguments: JSONValue, client: Client, gate: CallGate, outcome: CallOutcome
    ) {
        self.tool = tool
        self.endpoint = endpoint
        self.arguments = arguments
        self.client = client
        self.gate = gate
        self.outcome = outcome
        directions = CallDirections(tool, arguments)
    }

    func start() {
        guard let lookup = GuestLookup(tool, arguments) else { return send([]) }
        lookUp(lookup, again: nil)
    }

    /// Stops waiting. What Proxmox has been asked to do goes on; a write that has not left stays here.
    func cancel() {
        isCancelled = true
        gate.cancel()
        if let ticket {
            if endpoint.method == .get { client.cancel(ticket) } else { client.withdraw(ticket) }
        }
        taskWait?.cancel()
    }

    /// Reports a task that is followed as running; nothing is done about any other state.
    func endNow() {
        if let waitedStatus {
            taskWait?.cancel()
            render(waitedStatus)
        } else {
            taskWait?.reportRunning()
        }
    }

    /// Finds the guest's node, and sends. `again` says why the first attempt failed.
    private func lookUp(_ lookup: GuestLookup, again: String?) {
        client.node(ofGuest: lookup.vmid) { [self] answer in
            if isCancelled { return }
            switch answer {
            case .success(let guest):
                if let mismatch = lookup.mismatch(guest) { return outcome.fail(mismatch) }
                if let again, found?.node == guest.node { return outcome.fail(again) }
                self.found = (lookup, guest.node, isSecond: again != nil)
                send([Request.Parameter(lookup.apiName, .string(guest.node))])
            case .failure(let failure): outcome.fail(failure.message)
            }
        }
    }

    private func send(_ overrides: [Request.Parameter]) {
        let request: Request
        do {
            request = try RequestBuilder.request(endpoint, tool, arguments, overrides: overrides)
        } catch {
            return outcome.fail(error.message)
        }
        gate.pass(request) { [self] verdict in
            if isCancelled { return }
            switch verdict {
            case .sends: sendPassed(request, overrides)
            case .refused(let why): outcome.fail(why)
            case .unread(let failure, let why):
                if failure.isMissingGuest, sendsAgain(failure.message) { return }
                client.explain(failure, of: request) { [self] failure in
                    if !isCancelled { outcome.fail(failure.explanation.map { "\(why) \($0)" } ?? why) }
                }
            case .callEnded: break
            }
        }
    }

    private func sendPassed(_ request: Request, _ overrides: [Request.Parameter]) {
        ticket = client.send(request) { [self] result in
            ticket = nil
            if isCancelled { return }
            switch result {
            case .success(let answer):
                if let start = startOfEnd(answer) { return send(overrides + [start]) }
                received(answer, request, overrides)
            case .failure(let failure): failed(failure, request)
            }
        }
    }

    private func failed(_ failure: Failure, _ request: Request) {
        if failure.isMissingGuest, sendsAgain(failure.message) { return }
        client.explain(failure, of: request) { [self] failure in
            if !isCancelled { outcome.fail(failure.message) }
        }
    }

    /// A task that did not find its guest where the caller said it is: where it is, is told beside the task's own words.
    private func tellsWhereabouts(_ task: TaskOutcome, _ why: String, _ request: Request) -> Bool {
        guard let vmid = request.path["vmid"].flatMap({ Int64($0) }), task.isMissing(guest: vmid) else { return false }
        taskWait = nil
        client.whereabouts(ofGuest: vmid, request) { [self] text in
            if !isCancelled { outcome.fail(text.map { "\(why)\n\($0)" } ?? why) }
        }
        return true
    }

    /// A guest that moved since it was looked up: the request had no effect where it went, so it goes again.
    private func sendsAgain(_ why: String) -> Bool {
        guard let found, !found.isSecond else { return false }
        client.forgetGuest(found.lookup.vmid)
        lookUp(found.lookup, again: why)
        return true
    }

    /// Where the end of a log begins when its beginning has come: Proxmox counts lines from the oldest, and the newest say
    /// most. Nil when the caller says where to start, or all of it is there.
    private func startOfEnd(_ answer: Answer) -> Request.Parameter? {
        guard !asksForEnd, tool.result?.shape == .log, endpoint.method == .get, let total = answer.total,
            let start = tool.parameters.first(where: { $0.role == .argument && $0.apiName == "start" }),
            arguments[start.name] == nil, let count = answer.data?.count,
            count > 0, total > count
        else { return nil }
        asksForEnd = true
        return Request.Parameter("start", .int(Int64(total - count)))
    }

    private func received(_ answer: Answer, _ request: Request, _ overrides: [Request.Parameter]) {
        if let upid = unfinished(answer) {
            waitedStatus = answer
            let follow = TaskFollow(
                upid, directions, client: client, outcome: outcome, answers: { [weak self] in self?.send(overrides) })
            taskWait = follow
            return follow.start()
        }
        guard tool.result?.shape == .task, let text = answer.data?.string, let upid = UPID(text) else {
            return render(answer)
        }
        let follow = TaskFollow(upid, directions, client: client, outcome: outcome) { [weak self] task, why in
            guard let self else { return false }
            guard let found else { return tellsWhereabouts(task, why, request) }
            return task.isMissing(guest: found.lookup.vmid) && sendsAgain(why)
        }
        taskWait = follow
        follow.start()
    }

    /// The task whose state was asked for, when the caller waits for its end. One that has failed already counts: it is
    /// told with its log, as if it failed a moment later.
    private func unfinished(_ answer: Answer) -> UPID? {
        guard directions.takesWait, directions.wait > 0, waitedStatus == nil, tool.result?.shape == .object,
            let status = answer.data?["status"]?.string, let upid = answer.data?["upid"]?.string.flatMap(UPID.init)
        else { return nil }
        if status == "running" { return upid }
        guard case .failed? = (answer.data?["exitstatus"]?.lenientString).map(TaskOutcome.State.init(exitStatus:))
        else { return nil }
        return upid
    }

    private func render(_ answer: Answer) {
        var directions = directions
        directions.changes = answer.changes
        outcome.render(answer.data, total: answer.total, tool, directions)
    }
}

/// A call that can be cancelled.
protocol RunningCall: AnyObject {
    func start()
    func cancel()
    /// Ends the call with its task's report if it has started one: the server is about to stop.
    func endNow()
}

/// A guest whose node the host must find, as the tool has a parameter for it and the caller left it out.
struct GuestLookup {
    let vmid: Int64
    /// The name of the node among the tool's arguments.
    let argument: String
    /// The name of the node in requests.
    let apiName: String
    /// The kind of guest that the tool's requests are about; nil when they are about either.
    let kind: GuestLocation.Kind?

    /// Nil when there is nothing to look up.
    init?(_ tool: Tool, _ arguments: JSONValue) {
        guard let node = tool.parameters.first(where: \.isGuestNode), arguments[node.name]?.isNull ?? true,
            let guest = tool.parameters.first(where: { $0.apiName == "vmid" }),
            let vmid = arguments[guest.name]?.lenientInt
        else { return nil }
        self.vmid = vmid
        argument = node.name
        apiName = node.apiName
        let kinds = Set(tool.body.paths.compactMap(GuestLookup.kind))
        kind = kinds.count == 1 ? kinds.first : nil
    }

    /// What is wrong when the guest is not of the tool's kind; nil when it is.
    func mismatch(_ guest: GuestLocation) -> String? {
        guard let kind, kind != guest.kind else { return nil }
        let name = guest.name.map { " \(shortened($0, 64))" } ?? ""
        let (itsKind, wanted) = guest.kind == .lxc ? ("the container", "a VM") : ("the VM", "a container")
        return "\(guest.vmid) is \(itsKind)\(name) on node \(guest.node), not \(wanted); nothing was sent."
    }

    /// The kind in front of `{vmid}` in a path such as `/nodes/{node}/qemu/{vmid}/config`.
    private static func kind(_ path: String) -> GuestLocation.Kind? {
        let segments = path.split(separator: "/")
        guard let vmid = segments.firstIndex(of: "{vmid}"), vmid > 0 else { return nil }
        return GuestLocation.Kind(rawValue: String(segments[vmid - 1]))
    }
}

extension Body {
    /// The paths of the requests it may send.
    fileprivate var paths: [String] {
        switch self {
        case .endpoint(let endpoint): [endpoint.path]
        case .call(let body): body.endpoints.map(\.path)
        case .native: []
        }
    }
}
