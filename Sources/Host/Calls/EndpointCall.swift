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
    private let outcome: CallOutcome
    private var ticket: RequestTicket?
    private var taskWait: TaskFollow?
    private var isCancelled = false
    /// The node was looked up for the caller, so it may be looked up once more.
    private var lookedUp: (vmid: Int64, node: String, again: Bool)?

    init(_ tool: Tool, _ endpoint: Endpoint, _ arguments: JSONValue, client: Client, outcome: CallOutcome) {
        self.tool = tool
        self.endpoint = endpoint
        self.arguments = arguments
        self.client = client
        self.outcome = outcome
        directions = CallDirections(tool, arguments)
    }

    func start() {
        guard let vmid = GuestLookup.vmidToLookUp(tool, arguments) else { return send(node: nil) }
        lookUp(vmid, again: false)
    }

    /// Stops waiting. What Proxmox has been asked to do goes on.
    func cancel() {
        isCancelled = true
        if endpoint.method == .get, let ticket { client.cancel(ticket) }
        taskWait?.cancel()
    }

    private func lookUp(_ vmid: Int64, again: Bool) {
        client.node(ofGuest: vmid) { [self] found in
            if isCancelled { return }
            switch found {
            case .success(let guest):
                if let before = lookedUp, again, before.node == guest.node {
                    return outcome.fail(
                        "VM or container \(vmid) is on node \(guest.node) by the cluster's list, which does not know it"
                    )
                }
                lookedUp = (vmid, guest.node, again)
                send(node: guest.node)
            case .failure(let failure): outcome.fail(failure.message)
            }
        }
    }

    private func send(node: String?) {
        let request: Request
        do {
            let overrides = node.map { [Request.Parameter("node", .string($0))] } ?? []
            request = try RequestBuilder.request(endpoint, tool, arguments, overrides: overrides)
        } catch {
            return outcome.fail(error.message)
        }
        ticket = client.send(request) { [self] result in
            ticket = nil
            if isCancelled { return }
            switch result {
            case .success(let answer): received(answer)
            case .failure(let failure): failed(failure)
            }
        }
    }

    private func failed(_ failure: Failure) {
        // A guest that moved since it was looked up: the request had no effect where it went, so it goes again.
        if failure.isMissingGuest, let lookedUp, !lookedUp.again {
            client.forgetGuest(lookedUp.vmid)
            return lookUp(lookedUp.vmid, again: true)
        }
        outcome.fail(failure.message)
    }

    private func received(_ answer: Answer) {
        guard tool.result?.shape == .task, let text = answer.data?.string, let upid = UPID(text) else {
            return outcome.render(answer.data, total: answer.total, tool, directions)
        }
        taskWait = TaskFollow(upid, directions, client: client, outcome: outcome)
        taskWait?.start()
    }
}

/// A call that can be cancelled.
protocol RunningCall: AnyObject {
    func start()
    func cancel()
}

enum GuestLookup {
    /// The vmid whose node the host must find: the tool has a guest's node, and the caller left it out.
    static func vmidToLookUp(_ tool: Tool, _ arguments: JSONValue) -> Int64? {
        guard let node = tool.parameters.first(where: \.isGuestNode), arguments[node.name] == nil else { return nil }
        return arguments["vmid"]?.int
    }
}
