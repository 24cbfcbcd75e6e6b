// Which guests a backup is of: a list of ids, a pool, or all but some.
// SPDX-License-Identifier: MIT

/// The guests that a call of vzdump or a backup job names.
struct BackupSelection: Sendable {
    var vmids: [Int] = []
    var pool: String?
    var all = false
    var excluded: [Int] = []

    /// Reads the parameters of a call or of a job.
    init(_ values: [String: String]) {
        vmids = Self.numbers(values["vmid"])
        pool = values["pool"]
        excluded = Self.numbers(values["exclude"])
        all = values["all"] == "1" || values["exclude"] != nil && pool == nil
    }

    private static func numbers(_ text: String?) -> [Int] {
        (text ?? "").split(whereSeparator: { ",; \0".contains($0) }).compactMap { Int($0) }
    }

    /// Refuses what contradicts itself; with `needsGuests`, also what names nobody.
    static func check(_ values: [String: String], needsGuests: Bool) throws {
        if values["vmid"] != nil {
            for other in ["all", "exclude", "pool"] where values[other] != nil && values[other] != "0" {
                throw Refusal(parameter: other, "option conflicts with option 'vmid'")
            }
        }
        if values["prune-backups"] != nil, values["maxfiles"] != nil {
            throw Refusal(parameter: "prune-backups", "option conflicts with option 'maxfiles'")
        }
        let selection = BackupSelection(values)
        if needsGuests, selection.vmids.isEmpty, selection.pool == nil, !selection.all, values["stop"] != "1" {
            throw Refusal(parameter: "vmid", "property is missing")
        }
    }
}

extension Cluster {
    /// The ids a selection names, ascending; those of a list need not exist.
    func guestIDs(of selection: BackupSelection) -> [Int] {
        let chosen: [Int]
        if let pool = selection.pool {
            chosen = guests(inPool: pool).map(\.vmid)
        } else if selection.all {
            chosen = guestIDs
        } else {
            chosen = Array(Set(selection.vmids)).sorted()
        }
        return chosen.filter { !selection.excluded.contains($0) }
    }
}
