// Parameters that mean the same in every plugin.
// SPDX-License-Identifier: MIT

extension Parameter {
    /// `node`, which callers must give.
    public static var node: Parameter { .string("node", "Node.").required }

    /// `node` of a guest: when absent, the host finds the one that holds `vmid`.
    public static var guestNode: Parameter { .string("node", "Found by vmid if absent.").found }

    /// `node` of a task: when absent, the host takes it from `upid`.
    public static var taskNode: Parameter {
        .string("node", "In the UPID already.").named
    }

    /// `upid` of a task, which callers must give.
    public static var upid: Parameter { .string("upid", "UPID of the task, as tools return it.").required }

    /// `vmid` of an existing guest, which callers must give.
    public static var vmid: Parameter { .integer("vmid", "Guest ID.", in: 100...999_999_999).required }

    /// `wait`, for tools that answer ``Answer/task``.
    public static var wait: Parameter {
        .integer("wait", "Seconds to wait for the task.", in: 0...3600, default: 45).playing(.wait)
    }

    /// `wait`, for tools that answer the state of a task: an object with its `upid`.
    public static var waitForEnd: Parameter {
        .integer("wait", "Seconds to wait for its end.", in: 0...3600, default: 0).playing(.wait)
    }

    /// `fields`, for objects, lists and series.
    public static var fields: Parameter {
        .strings("fields", "Fields to return.").playing(.fields)
    }

    /// `limit`, for lists and series: entries per answer.
    public static var limit: Parameter { .integer("limit", "Most entries.").playing(.limit) }

    /// `cursor`, for lists and series: where the last answer stopped.
    public static var cursor: Parameter { .string("cursor", "Last answer's next_cursor.").playing(.cursor) }

    /// `snapname`, which callers must give.
    public static var snapname: Parameter {
        .string("snapname", "Snapshot name.", pattern: "^[A-Za-z][A-Za-z0-9_-]{1,39}$").required
    }

    /// `digest` of what is changed, as reading it answered: Proxmox refuses when somebody else changed it since.
    public static var digest: Parameter { .string("digest", "Fail unless this is still its digest.") }

    /// `options`: an object whose members are sent as further API parameters. `text` names the ones worth knowing.
    public static func options(_ text: StaticString) -> Parameter {
        Parameter("options", .object, text).playing(.options)
    }
}
