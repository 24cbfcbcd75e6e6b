// The shape of what a tool answers.
// SPDX-License-Identifier: MIT

/// What a tool answers, from which the host makes the output schema.
public struct Answer: Sendable {
    /// Shapes, with the numbers of `pve_shape`.
    enum Shape: UInt8, Sendable {
        case nothing, object, list, task, log, series
    }

    let shape: Shape
    var name: StaticString?
    var fields: [Field] = []
    var note: StaticString?

    /// The same, and every success says what is to be done next, such as how a change is applied.
    public func noting(_ note: StaticString) -> Answer {
        var copy = self
        copy.note = note
        return copy
    }

    /// Nothing but success.
    public static var nothing: Answer { Answer(shape: .nothing) }

    /// One object. Members that are not declared pass through as they came.
    public static func object(_ fields: [Field]) -> Answer { Answer(shape: .object, fields: fields) }

    /// An array of objects, returned as `{"<name>": [...], "total": n}` with the chosen fields.
    public static func list(_ name: StaticString, _ fields: [Field]) -> Answer {
        Answer(shape: .list, name: name, fields: fields)
    }

    /// The UPID of a task: the host waits for it (``Parameter/wait``) and reports how it ended.
    public static var task: Answer { Answer(shape: .task) }

    /// An array of numbered lines, returned as `{"<name>": ["line", ...], "total": n}`, from its end: when Proxmox sends
    /// only the beginning and the tool's parameter `start` is not given, the host asks for the end.
    public static func log(_ name: StaticString) -> Answer { Answer(shape: .log, name: name) }

    /// An array of points in time, oldest first, returned as a list is but from its end: the newest points that fit, and
    /// under `empty` how many have nothing but fields that are ``Field/always`` there.
    public static func series(_ name: StaticString, _ fields: [Field]) -> Answer {
        Answer(shape: .series, name: name, fields: fields)
    }
}
