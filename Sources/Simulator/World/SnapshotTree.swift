// Snapshots of a guest: which there are, and which grew from which.
// SPDX-License-Identifier: MIT

/// A snapshot: the configuration at its time, and its place in the tree.
struct Snapshot {
    var name: String
    var description: String
    /// Seconds since 1970.
    var time: Int
    /// Whether the memory of the running guest was saved too.
    var hasMemory: Bool
    var parent: String?
    var values: [String: String]
}

/// The snapshots of a guest.
struct SnapshotTree {
    private(set) var all: [Snapshot] = []
    /// The snapshot that the current state grew from.
    var parentOfCurrent: String?

    subscript(name: String) -> Snapshot? { all.first { $0.name == name } }

    /// Adds a snapshot of the current state, which from now on grows from it.
    mutating func add(_ snapshot: Snapshot) {
        var snapshot = snapshot
        snapshot.parent = parentOfCurrent
        all.append(snapshot)
        parentOfCurrent = snapshot.name
    }

    /// Removes a snapshot; what grew from it now grows from its parent.
    mutating func remove(_ name: String) {
        guard let place = all.firstIndex(where: { $0.name == name }) else { return }
        let parent = all.remove(at: place).parent
        for index in all.indices where all[index].parent == name { all[index].parent = parent }
        if parentOfCurrent == name { parentOfCurrent = parent }
    }

    mutating func describe(_ name: String, _ description: String) {
        guard let place = all.firstIndex(where: { $0.name == name }) else { return }
        all[place].description = description
    }
}
