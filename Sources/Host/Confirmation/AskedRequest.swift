// A request as the server will understand it: the method it leads to, its values, and what it may do.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// A request about to be sent, and what has to be known about it before it is.
struct AskedRequest {
    let request: Request
    let risk: Risk
    /// As the API names it; the request's own when no known release has such a path.
    let template: String
    /// The values of the template's names.
    let values: [String: String]
    /// The question about a call that sends nothing this server could see; nil for a request.
    private(set) var question: String?

    init(_ request: Request) {
        self.request = request
        risk = Risk.of(request)
        let path = AskedRequest.path(of: request)
        // The newest release first; paths mean the same in all that have them.
        let known = Facts.all.reversed().lazy.compactMap { $0.match(path: path) }.first
        template = known?.template ?? request.template
        values = known?.values ?? request.path
    }

    /// Stands for the call of a tool whose function may lose something by itself.
    init(callOf tool: Tool, _ arguments: JSONValue) {
        // No path is called like that, so the risk is that of what is not known.
        request = Request(.post, tool.name)
        risk = Risk.of(request)
        template = request.template
        values = [:]
        question = AskedRequest.question(tool, arguments)
    }

    /// What it is called in messages.
    var name: String { question == nil ? request.name : request.template }
    /// What did not happen to it.
    var undone: String { question == nil ? "was not sent" : "was not called" }
    var nothing: String { question == nil ? "Nothing was sent" : "Nothing was done" }

    private static func question(_ tool: Tool, _ arguments: JSONValue) -> String {
        let given = tool.parameters.compactMap { parameter -> String? in
            guard let value = arguments[parameter.name], !value.isNull else { return nil }
            return "\(parameter.name) " + (parameter.isSecret ? "(not shown)" : shown(value.rawText, 200))
        }
        let what = given.isEmpty ? "without arguments" : "with \(given.joined(separator: ", "))"
        return "Call \(tool.name) (\(shown(tool.title, 128))) \(what): it may overwrite or delete something, and what "
            + "that is only its plugin knows."
    }

    var method: Proxmox.Method { request.method }

    /// The text of a parameter; nil when it is not sent.
    func parameter(_ name: String) -> String? {
        request.parameters.first { $0.name == name }?.value.text
    }

    /// A parameter or a value of the path.
    func value(_ name: String) -> String? { values[name] ?? parameter(name) }

    /// Whether a parameter is sent with a value that is not false.
    func isOn(_ name: String) -> Bool { parameter(name).map { $0 != "" && $0 != "0" } ?? false }

    /// The elements of a parameter that is a list.
    func list(_ name: String) -> [String] { parameter(name).map(AskedRequest.elements) ?? [] }

    /// The guest in the path, as in `/nodes/{node}/qemu/{vmid}/config`.
    var guest: GuestPlace? {
        guard let kind = kindOfGuest, template.hasPrefix("/nodes/{node}/\(kind.rawValue)/{vmid}"),
            let node = values["node"], let vmid = values["vmid"].flatMap({ Int64($0) })
        else { return nil }
        return GuestPlace(vmid: vmid, kind: kind, node: node)
    }

    /// What follows the guest in the template: `/config`, or nothing for the guest itself; nil without a guest.
    var belowGuest: String? {
        guest.map { String(template.dropFirst("/nodes/{node}/\($0.kind.rawValue)/{vmid}".count)) }
    }

    /// The id of the guest that a backup is put over.
    var restoresOver: Int64? {
        guard method == .post, template == "/nodes/{node}/qemu" || template == "/nodes/{node}/lxc", isOn("force") else {
            return nil
        }
        return parameter("vmid").flatMap { Int64($0) }
    }

    private var kindOfGuest: GuestLocation.Kind? {
        if template.hasPrefix("/nodes/{node}/qemu") { return .qemu }
        return template.hasPrefix("/nodes/{node}/lxc") ? .lxc : nil
    }

    private static func path(of request: Request) -> String {
        var path = ""
        var rest = request.template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            path += rest[..<open]
            path += request.path[String(rest[rest.index(after: open)..<close])] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return path + rest
    }

    /// Elements of a list as Proxmox reads them: with commas, semicolons, NUL, or any blank of Unicode between them. Names
    /// and ids in such lists are ASCII, so all else ends one.
    static func elements(_ text: String) -> [String] {
        text.utf8.split { $0 <= 0x20 || $0 == 0x2C || $0 == 0x3B || $0 >= 0x80 }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

/// A guest and where it is.
struct GuestPlace: Equatable, Sendable {
    let vmid: Int64
    let kind: GuestLocation.Kind
    let node: String

    var noun: String { kind == .lxc ? "container" : "VM" }

    /// A reading request about it.
    func get(_ below: String) -> Request {
        Request(
            .get, "/nodes/{node}/\(kind.rawValue)/{vmid}\(below)", path: ["node": node, "vmid": String(vmid)])
    }
}
