// The network configuration of a node: what is in force, and what is written for later.
// SPDX-License-Identifier: MIT

/// Interfaces by name, as they are and as they will be when changes are applied.
struct NodeNetwork {
    var active: [String: Interface]
    /// The file `interfaces.new`; nil when there are no changes.
    var pending: [String: Interface]?

    /// What a fresh installation has: one port, and a bridge on it with the node's address. A second port is free.
    init(address: String) {
        active = [
            "nic0": Interface(settings: ["type": "eth"], priority: 3, isPhysical: true),
            "nic1": Interface(settings: ["type": "eth"], priority: 4, isPhysical: true),
            "vmbr0": Interface(
                settings: [
                    "type": "bridge", "autostart": "1", "address": address, "netmask": "24",
                    "gateway": address.split(separator: ".").dropLast().joined(separator: ".") + ".254",
                    "bridge_ports": "nic0",
                ], priority: 5),
        ]
    }

    /// The configuration that the endpoints show and change.
    var latest: [String: Interface] {
        get { pending ?? active }
        set { pending = newValue }
    }

    /// Makes the changes that wait the configuration in force.
    mutating func apply() {
        if let pending { active = pending }
        pending = nil
    }

    /// The changes that wait, as `diff -u` shows them; nil when there are none.
    var changes: String? {
        guard let pending else { return nil }
        let difference = LineDifference(old: Self.fileLines(active), new: Self.fileLines(pending)).unified
        guard !difference.isEmpty else { return nil }
        return "--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n\(difference)"
    }

    private static func fileLines(_ interfaces: [String: Interface]) -> [String] {
        ["auto lo", "iface lo inet loopback", ""]
            + interfaces.sorted { ($0.value.priority, $0.key) < ($1.value.priority, $1.key) }
            .flatMap { $0.value.fileLines($0.key) }
    }
}

/// What differs between two texts.
struct LineDifference {
    let old: [String]
    let new: [String]

    private enum Edit { case same, removed, added }

    /// One hunk from the first change to the last with three lines around it; empty when the texts are equal.
    var unified: String {
        let edits = edits
        guard let first = edits.firstIndex(where: { $0.edit != .same }),
            let last = edits.lastIndex(where: { $0.edit != .same })
        else { return "" }
        let range = max(0, first - 3)...min(edits.count - 1, last + 3)
        let shown = edits[range]
        let start = edits[..<range.lowerBound].count { _ in true } + 1
        let counts = (shown.count { $0.edit != .added }, shown.count { $0.edit != .removed })
        let lines = shown.map { edit, line in (edit == .same ? " " : edit == .added ? "+" : "-") + line + "\n" }
        return "@@ -\(start),\(counts.0) +\(start),\(counts.1) @@\n" + lines.joined()
    }

    private var edits: [(edit: Edit, line: String)] {
        // Lengths of the longest common subsequences of what is left of both texts.
        var common = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
        for row in old.indices.reversed() {
            for column in new.indices.reversed() {
                common[row][column] =
                    old[row] == new[column]
                    ? common[row + 1][column + 1] + 1 : max(common[row + 1][column], common[row][column + 1])
            }
        }
        var edits: [(Edit, String)] = []
        var (row, column) = (0, 0)
        while row < old.count || column < new.count {
            if row < old.count, column < new.count, old[row] == new[column] {
                edits.append((.same, old[row]))
                row += 1
                column += 1
            } else if column == new.count || row < old.count && common[row + 1][column] >= common[row][column + 1] {
                edits.append((.removed, old[row]))
                row += 1
            } else {
                edits.append((.added, new[column]))
                column += 1
            }
        }
        return edits
    }
}
