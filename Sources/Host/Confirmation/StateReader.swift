// Reads the state of what a request is about, as a plan says.
// SPDX-License-Identifier: MIT

import JSON
import Proxmox

/// A reading under way. On the loop's thread; completes once unless it is cancelled.
final class StateReader {
    private let plan: StatePlan
    private let atStake: GuestsAtStake
    private let client: Client
    private let completion: (Result<ObjectState, Failure>) -> Void
    private var state = ObjectState()
    private var focus: GuestState?
    private var open: Set<RequestTicket> = []
    private var isOver = false

    init(
        _ plan: StatePlan, _ atStake: GuestsAtStake, client: Client,
        completion: @escaping (Result<ObjectState, Failure>) -> Void
    ) {
        self.plan = plan
        self.atStake = atStake
        self.client = client
        self.completion = completion
    }

    func start() {
        guard plan.listsGuests || plan.restoresOver != nil else { return readDetails(plan.guest) }
        get(Request(.get, "/cluster/resources", [.init("type", .string("vm"))])) { [self] answer in
            take(list: answer.data)
            let place =
                plan.guest ?? plan.restoresOver.flatMap { vmid in state.guests.first { $0.vmid == vmid }?.place }
            readDetails(place)
        }
    }

    func cancel() {
        isOver = true
        for ticket in open { client.cancel(ticket) }
    }

    private func take(list: JSONValue?) {
        state.hasGuestList = true
        var wanted = Set(atStake.vmids)
        if let vmid = plan.restoresOver { wanted.insert(vmid) }
        for element in list?.elements ?? emptyObject.elements {
            guard let vmid = element["vmid"]?.lenientInt else { continue }
            let pool = element["pool"]?.lenientString
            guard wanted.contains(vmid) || isInScope(element["node"]?.string, pool) else { continue }
            var guest = GuestState(vmid: vmid)
            guest.take(listed: element)
            state.guests.append(guest)
        }
        for vmid in wanted.sorted() where !state.guests.contains(where: { $0.vmid == vmid }) {
            state.guests.append(GuestState(vmid: vmid))
        }
    }

    private func isInScope(_ node: String?, _ pool: String?) -> Bool {
        switch atStake.scope {
        case .cluster?: true
        case .node(let name)?: node == name
        case .pool(let name)?: pool == name || pool?.hasPrefix(name + "/") ?? false
        case .anything?, nil: false
        }
    }

    private func readDetails(_ place: GuestPlace?) {
        if let object = plan.object {
            get(object, orElse: { if case .notImplemented = $0 { true } else { false } }) { [self] answer in
                state.data = answer?.data
                endIfDone()
            }
        }
        if let place {
            var guest = state.guests.first { $0.vmid == place.vmid } ?? GuestState(vmid: place.vmid)
            (guest.kind, guest.node) = (place.kind, place.node)
            focus = guest
            get(place.get("/status/current")) { [self] in focusTakes($0.data) { $0.take(status: $1) } }
            get(place.get("/config")) { [self] in focusTakes($0.data) { $0.take(config: $1) } }
            if plan.wantsSnapshots {
                get(place.get("/snapshot")) { [self] in focusTakes($0.data) { $0.take(snapshots: $1) } }
            }
        }
        endIfDone()
    }

    private func focusTakes(_ data: JSONValue?, _ body: (inout GuestState, JSONValue) -> Void) {
        if var guest = focus, let data {
            body(&guest, data)
            focus = guest
        }
        endIfDone()
    }

    private func endIfDone() {
        guard open.isEmpty, !isOver else { return }
        isOver = true
        if let focus {
            state.guests.removeAll { $0.vmid == focus.vmid }
            state.guests.append(focus)
        } else if let vmid = plan.restoresOver {
            focus = state.guests.first { $0.vmid == vmid }
        }
        state.guest = focus
        completion(.success(state))
    }

    private func get(_ request: Request, then: @escaping (Answer) -> Void) {
        get(request, orElse: { _ in false }) { answer in
            if let answer { then(answer) }
        }
    }

    /// `orElse` says of which failures `then` is told with nil; all others end the reading.
    private func get(
        _ request: Request, orElse passes: @escaping (Failure) -> Bool, then: @escaping (Answer?) -> Void
    ) {
        // The ticket is known before the completion runs, which is never before `send` returns.
        var ticket: RequestTicket?
        ticket = client.send(request) { [self] result in
            if let ticket { open.remove(ticket) }
            if isOver { return }
            switch result {
            case .success(let answer): then(answer)
            case .failure(let failure) where passes(failure): then(nil)
            case .failure(let failure):
                cancel()
                completion(.failure(failure))
            }
        }
        if let ticket { open.insert(ticket) }
    }
}

extension GuestState {
    /// Where it is; nil when that is not known.
    var place: GuestPlace? {
        guard let kind, let node else { return nil }
        return GuestPlace(vmid: vmid, kind: kind, node: node)
    }
}
