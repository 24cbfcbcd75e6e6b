// Whether data is of the shape that a tool's results have.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

extension Shape {
    /// Whether `data`, as Proxmox answers it, is of this shape. A task may be none: it was done at once.
    func admits(_ data: JSONValue?) -> Bool {
        switch self {
        case .none: true
        case .object: data?.isObject ?? false
        case .list, .series, .log: data?.isArray ?? false
        case .task: data.map { $0.isNull || $0.string.flatMap(UPID.init) != nil } ?? true
        }
    }

    /// Why `data` cannot be an answer to the tool's request, as the model reads it; nil when it can.
    func mismatch(_ data: JSONValue?, listName: String) -> String? {
        if admits(data) { return nil }
        let expected =
            switch self {
            case .object: "an object"
            case .list, .series, .log: "a list of \(listName)"
            case .task: "the UPID of a task"
            case .none: "nothing"
            }
        let got = data.map { $0.isArray ? "a list" : $0.isObject ? "an object" : shortened($0.rawText, 80) }
        return "Proxmox was expected to answer \(expected), but answered \(got ?? "nothing"). "
            + "Something else may be answering in its place: see that PVE_BASE_URL names a Proxmox VE server."
    }
}
