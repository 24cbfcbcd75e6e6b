// What has to be read before it can be said what a request would lose.
// SPDX-License-Identifier: MIT

import Proxmox

/// The reading requests ahead of one that may need a yes.
struct StatePlan: Equatable {
    /// GET /cluster/resources?type=vm: names, states, tags and pools of all guests.
    var listsGuests = false
    /// The guest whose status and configuration are read; that of `restoresOver` is found in the list.
    var guest: GuestPlace?
    var restoresOver: Int64?
    var wantsSnapshots = false
    /// The GET of the same path.
    var object: Request?

    var isEmpty: Bool { self == StatePlan() }

    /// `asks`: a question is going to be asked.
    init(_ asked: AskedRequest, _ atStake: GuestsAtStake, _ protection: Protection, asks: Bool, facts: Facts) {
        let concernsFlag = ProtectionCheck.concernsFlag(asked)
        let hasRulesForGuests = protection.needsGuests && !atStake.isEmpty
        if asks || concernsFlag || hasRulesForGuests {
            guest = asked.guest
            restoresOver = asked.restoresOver
        }
        let others = atStake.vmids.contains { $0 != guest?.vmid }
        listsGuests =
            hasRulesForGuests || restoresOver != nil || (asks && (others || atStake.scope != nil))
            || (atStake.scope != nil && !protection.isEmpty)
            || (concernsFlag && others)
        if asks {
            wantsSnapshots = StatePlan.endsSnapshots(asked)
            object = StatePlan.object(of: asked, facts)
        }
        // A disk that is removed from its storage belongs to a guest that may have the flag.
        if concernsFlag, guest == nil, restoresOver == nil { restoresOver = atStake.vmids.first }
    }

    private init() {}

    private static func endsSnapshots(_ asked: AskedRequest) -> Bool {
        if asked.restoresOver != nil { return true }
        switch (asked.method, asked.belowGuest) {
        case (.delete, ""?), (.delete, "/snapshot/{snapname}"?), (.post, "/snapshot/{snapname}/rollback"?): return true
        default: return false
        }
    }

    /// The reading request that shows the object itself; nil when there is none.
    private static func object(of asked: AskedRequest, _ facts: Facts) -> Request? {
        if asked.method == .post || asked.method == .get { return nil }
        switch asked.belowGuest {
        // Read with the guest, or an index of what is below.
        case ""?, "/config"?, "/snapshot/{snapname}"?, "/unlink"?: return nil
        default: break
        }
        if asked.template == "/nodes/{node}/tasks/{upid}" {
            return Request(.get, "/nodes/{node}/tasks/{upid}/status", path: asked.values)
        }
        guard let endpoint = facts.endpoint(.get, asked.template) else { return nil }
        let names = Set(endpoint.parameters.map(\.name))
        let given = asked.request.parameters.filter { names.contains($0.name) }
        let missing = endpoint.parameters.contains { parameter in
            !parameter.isOptional && asked.values[parameter.name] == nil
                && !given.contains { $0.name == parameter.name }
        }
        return missing ? nil : Request(.get, asked.template, path: asked.values, given)
    }
}
