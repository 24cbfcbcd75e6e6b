// Refuses what would touch a protected guest, before anybody is asked.
// SPDX-License-Identifier: MIT

import Proxmox

enum ProtectionCheck {
    /// Whether the request may take a guest's protection away without being destructive itself: then the guest has to be
    /// looked at too.
    static func concernsProtection(_ asked: AskedRequest, _ protection: Protection) -> Bool {
        if protection.hasTags, changesConfiguration(asked), asked.parameter("tags") != nil { return true }
        return protection.hasPools && movesIntoPool(asked)
    }

    /// Whether the request switches the API's own flag off, after which a guest can be deleted.
    static func switchesFlagOff(_ asked: AskedRequest) -> Bool {
        guard changesConfiguration(asked) else { return false }
        // Whatever else the server takes for true or false, only this is surely on.
        if let value = asked.parameter("protection"), value != "1" { return true }
        return asked.list("delete").contains("protection")
    }

    /// Whether the request does what the API's own flag forbids: deleting the guest or its disks, or overwriting them.
    static func concernsFlag(_ asked: AskedRequest) -> Bool {
        if asked.restoresOver != nil { return true }
        switch (asked.method, asked.belowGuest) {
        case (.delete, ""?), (.post, "/snapshot/{snapname}/rollback"?), (.put, "/unlink"?): return true
        case (.post, "/move_disk"?), (.post, "/move_volume"?), (.post, "/remote_migrate"?): return asked.isOn("delete")
        case (.put, "/config"?), (.post, "/config"?): return asked.list("delete").contains(where: GuestState.isDisk)
        case (.delete, nil) where asked.template == "/nodes/{node}/storage/{storage}/content/{volume}":
            // Backups have a flag of their own.
            let volume = asked.values["volume"] ?? ""
            return GuestsAtStake.owner(volume) != nil && !volume.mentionsBackup
        default: return false
        }
    }

    /// Why the request is refused by what is known without reading anything; nil when it is not.
    static func refusal(of asked: AskedRequest, _ atStake: GuestsAtStake, _ protection: Protection) -> String? {
        guard !protection.isEmpty else { return nil }
        if asked.risk.isDestructive {
            for vmid in atStake.vmids {
                if let rule = protection.rule(forID: vmid) { return message("guest \(vmid)", rule, asked) }
            }
            if atStake.scope == .anything {
                return "\(asked.request.name) was not sent: it could be about any guest, and PVE_PROTECT names some "
                    + "(\(protection.rules.map(\.text).joined(separator: ", "))). Send what it holds one by one."
            }
            if let pool = poolThatGoes(asked), let rule = protection.rule(forPool: pool) {
                return message("pool \(pool)", rule, asked)
            }
        }
        return nil
    }

    /// Why the request is refused now that its guests are known; nil when it is not.
    static func refusal(
        of asked: AskedRequest, _ atStake: GuestsAtStake, _ protection: Protection, _ state: ObjectState
    ) -> String? {
        if protection.needsGuests || atStake.scope != nil, !protection.isEmpty {
            for guest in state.guests {
                if let why = refusal(of: asked, guest, protection) { return why }
            }
        }
        if concernsFlag(asked), let guest = state.guest ?? state.guests.first, guest.hasProtectionFlag {
            return "\(asked.request.name) was not sent: \(guest.subject) has the protection flag in its configuration "
                + "(protection: 1), which keeps it and its disks from being removed or overwritten. Its administrator "
                + "clears the flag first, with protection=0 in its configuration, which asks for a yes of its own."
        }
        return nil
    }

    private static func refusal(of asked: AskedRequest, _ guest: GuestState, _ protection: Protection) -> String? {
        guard guest.isKnown else {
            guard protection.needsGuests else { return nil }
            return "\(asked.request.name) was not sent: guest \(guest.vmid) cannot be seen, so nobody knows whether "
                + "PVE_PROTECT (\(protection.rules.map(\.text).joined(separator: ", "))) protects it. Check the id; if "
                + "there is such a guest, the user or token needs VM.Audit on /vms/\(guest.vmid)."
        }
        guard let rule = protection.rule(forID: guest.vmid, tags: guest.tags, pool: guest.pool) else { return nil }
        if asked.risk.isDestructive { return message(guest.subject, rule, asked) }
        if changesConfiguration(asked), let tags = asked.parameter("tags"),
            protection.rule(forID: guest.vmid, tags: AskedRequest.elements(tags), pool: guest.pool) == nil
        {
            return message(guest.subject, rule, asked) + " Keep the tag among the new ones."
        }
        if movesIntoPool(asked), let pool = asked.value("poolid"),
            protection.rule(forID: guest.vmid, tags: guest.tags, pool: pool) == nil
        {
            return message(guest.subject, rule, asked)
        }
        return nil
    }

    private static func message(_ subject: String, _ rule: ProtectionRule, _ asked: AskedRequest) -> String {
        "\(asked.request.name) was not sent: \(subject) is protected by PVE_PROTECT (\(rule.text)). There is no way "
            + "around it in a call; whoever runs this server can change the setting."
    }

    /// The pool that is deleted, or from which members are taken.
    private static func poolThatGoes(_ asked: AskedRequest) -> String? {
        guard asked.template == "/pools" || asked.template == "/pools/{poolid}" else { return nil }
        if asked.method == .delete { return asked.value("poolid") }
        // Storages may go; guests that go are named in `vms`.
        return asked.method == .put && asked.isOn("delete") && asked.parameter("vms") != nil
            ? asked.value("poolid") : nil
    }

    private static func movesIntoPool(_ asked: AskedRequest) -> Bool {
        guard asked.method == .put, asked.template == "/pools" || asked.template == "/pools/{poolid}" else {
            return false
        }
        return asked.parameter("vms") != nil && !asked.isOn("delete")
    }

    private static func changesConfiguration(_ asked: AskedRequest) -> Bool {
        asked.belowGuest == "/config" && (asked.method == .put || asked.method == .post)
    }
}

extension String {
    /// Whether a volume's name is that of a backup.
    fileprivate var mentionsBackup: Bool {
        split { $0 == "/" || $0 == ":" }.contains { $0.hasPrefix("vzdump-") || $0 == "backup" }
    }
}
