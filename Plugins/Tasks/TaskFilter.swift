// Which tasks of the cluster a caller wants: their list takes no parameters, the lists of nodes do.
// SPDX-License-Identifier: MIT

import PluginKit

/// The filters of the list of a node's tasks, for the list of the cluster's.
struct TaskFilter {
    private let arguments: Value
    private let vmid, since, until: Int64?
    private let wantsErrors: Bool
    /// How many to leave out at the beginning.
    let skipped: Int

    init(_ arguments: Value) {
        self.arguments = arguments
        vmid = arguments["vmid"].int
        since = arguments["since"].int
        until = arguments["until"].int
        wantsErrors = arguments["errors"].bool ?? false
        skipped = Int(arguments["start"].int ?? 0)
    }

    func admits(_ task: Value) -> Bool {
        if let vmid, task["id"].int != vmid { return false }
        let start = task["starttime"].int ?? 0
        if start < since ?? .min || start > until ?? .max { return false }
        let type = arguments["typefilter"]
        if type.exists, !type.isSame(as: task["type"]) { return false }
        let user = arguments["userfilter"]
        if user.exists, !task["user"].mentions(user) { return false }
        return admits(status: task["status"])
    }

    private func admits(status: Value) -> Bool {
        let source = arguments["source"]
        if source.isText("active"), status.exists { return false }
        if source.isText("archive"), !status.exists { return false }
        if wantsErrors, !status.exists || status.isText("OK") { return false }
        let kinds = arguments["statusfilter"]
        return !kinds.exists || kinds.contains(kind(of: status))
    }

    /// How the filter calls an end of a task.
    private func kind(of status: Value) -> StaticString {
        if status.isText("OK") { return "ok" }
        if !status.exists || status.isText("unexpected status") { return "unknown" }
        return status.contains("WARNINGS: ") ? "warning" : "error"
    }
}

extension Value {
    /// Whether both texts are the same, byte for byte.
    fileprivate func isSame(as other: Value) -> Bool {
        withText { mine in other.withText { mine.elementsEqual($0) } ?? false } ?? false
    }

    /// Whether the other's text occurs in the text, byte for byte.
    fileprivate func mentions(_ other: Value) -> Bool {
        withText { mine in
            other.withText { wanted in
                guard mine.count >= wanted.count else { return false }
                return (0...(mine.count - wanted.count)).contains { start in
                    mine[start..<(start + wanted.count)].elementsEqual(wanted)
                }
            } ?? false
        } ?? false
    }
}
