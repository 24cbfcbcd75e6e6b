// The table of facts says what the API schemas say.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import Testing

@testable import Proxmox

/// The API schemas the table is made from.
enum RawFacts {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func document(_ name: String) throws -> JSONValue {
        try JSONDocument(Data(contentsOf: root.appending(path: name))).root
    }

    static let files = [
        ("8.4", "Sources/SimulatorFacts/pve-api-facts-8.4.json"), ("9.2", "Sources/SimulatorFacts/pve-api-facts.json"),
    ]

    /// Verb and path of every method of every release.
    static func methods() throws -> Set<String> {
        var all: Set<String> = []
        for (_, file) in files {
            for method in try document(file)["endpoints"]!.elements {
                all.insert("\(method["method"]!.string!) \(method["path"]!.string!)")
            }
        }
        return all
    }
}

extension JSONValue {
    fileprivate var flag: Bool { int == 1 || bool == true }
}

@Suite("The table of API facts")
struct FactsTableTests {
    @Test(arguments: RawFacts.files)
    func holdsEveryMethodAndParameter(_ release: String, _ file: String) throws {
        let facts = try #require(Facts.release(release))
        #expect(facts.name == release)
        let raw = try RawFacts.document(file)
        var count = 0
        for method in raw["endpoints"]!.elements {
            let verb = try #require(Method(rawValue: method["method"]!.string!))
            let path = try #require(method["path"]?.string)
            let endpoint = try #require(facts.endpoint(verb, path), "\(verb) \(path)")
            #expect(endpoint.template == path && endpoint.method == verb)
            #expect(endpoint.allowsToken == (method["allowtoken"]?.flag ?? false))
            #expect(endpoint.isRootOnly == (method["permissions"]?.isNull ?? true))
            #expect(endpoint.allowsOthers == (method["additionalProperties"]?.int != 0))
            let parameters = method["parameters"]!
            #expect(
                endpoint.parameters.map(\.name)
                    == parameters.members.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for member in parameters.members {
                let sent = member.name.hasSuffix("[n]") ? String(member.name.dropLast(3)) + "0" : member.name
                let parameter = try #require(endpoint.parameter(sent), "\(verb) \(path) \(member.name)")
                compare(parameter, named: member.name, with: member.value, in: "\(verb) \(path) \(member.name)")
            }
            count += 1
        }
        #expect(facts.endpoints.count == count)
    }

    private func compare(_ parameter: Facts.Parameter, named name: String, with raw: JSONValue, in place: String) {
        let kinds: [String: Facts.Parameter.Kind] = [
            "string": .string, "integer": .integer, "number": .number, "boolean": .boolean, "array": .array,
        ]
        let where_ = Comment(rawValue: place)
        #expect(parameter.name == name, where_)
        #expect(parameter.kind == kinds[raw["type"]!.string!], where_)
        #expect(parameter.isOptional == (raw["optional"]?.flag ?? false), where_)
        let item = parameter.kind == .array ? raw["items"] : raw
        if parameter.kind == .array {
            #expect(parameter.elementKind == kinds[item?["type"]?.string ?? "string"], where_)
        }
        #expect(parameter.minimum == item?["minimum"]?.double, where_)
        #expect(parameter.maximum == item?["maximum"]?.double, where_)
        #expect(parameter.minimumLength == Int(item?["minLength"]?.int ?? 0), where_)
        #expect(parameter.maximumLength == item?["maxLength"]?.int.map { Int($0) }, where_)
        #expect(parameter.pattern == item?["pattern"]?.string ?? "", where_)
        #expect(parameter.format == raw["format"]?.string ?? "", where_)
        #expect(parameter.requires == raw["requires"]?.string ?? "", where_)
        #expect(parameter.choices == (item?["enum"]?.elements.map { $0.string ?? $0.rawText } ?? []), where_)
        #expect(parameter.isIndexed == name.hasSuffix("[n]"), where_)
    }

    @Test func isWhatTheGeneratorMakes() throws {
        let process = Process()
        process.executableURL = RawFacts.root.appending(path: "scripts/generate-facts")
        process.arguments = ["--check"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func isTheFileThatIsCommitted() throws {
        let file = try Data(contentsOf: RawFacts.root.appending(path: "Sources/CFacts/facts.bin"))
        #expect(FactsTable.bytes.elementsEqual(file))
    }

    @Test(arguments: [
        ("POST", "/nodes/{node}/qemu/{vmid}/status/start", Facts.Endpoint.Returns.task),
        ("POST", "/nodes/{node}/qemu/{vmid}/config", .taskOrNull),
        ("PUT", "/nodes/{node}/qemu/{vmid}/config", .null), ("GET", "/nodes", .array), ("GET", "/version", .object),
        ("GET", "/cluster/nextid", .integer), ("POST", "/nodes/{node}/wakeonlan", .string),
        ("POST", "/nodes/{node}/storage/{storage}/content", .string),
        ("POST", "/access/domains/{realm}/sync", .task), ("GET", "/nodes/{node}/report", .string),
        ("POST", "/nodes/{node}/qemu/{vmid}/vncproxy", .object),
    ])
    func knowsWhatIsReturned(_ verb: String, _ path: String, _ returns: Facts.Endpoint.Returns) {
        #expect(Facts.newest.endpoint(Method(rawValue: verb)!, path)?.returns == returns)
    }

    @Test(arguments: [
        ("POST", "/nodes/{node}/qemu/{vmid}/status/start", "VM.PowerMgmt on /vms/{vmid}"),
        ("POST", "/nodes/{node}/execute", "the user root@pam itself, not a token"),
        ("GET", "/access/roles", "a login"), ("GET", "/access/domains", "nothing"),
        (
            "GET", "/nodes/{node}/storage/{storage}/status",
            "Datastore.Audit or Datastore.AllocateSpace on /storage/{storage}"
        ),
        ("PUT", "/access/acl", "the right to change permissions on {path}"),
        (
            "POST", "/nodes/{node}/qemu/{vmid}/agent/ping",
            "VM.GuestAgent.Audit or VM.GuestAgent.Unrestricted on /vms/{vmid}"
        ),
        ("GET", "/access/tfa/{userid}", "being that user or (User.Modify or Sys.Audit on one of the user's groups)"),
    ])
    func saysWhichPrivilegesAreNeeded(_ verb: String, _ path: String, _ permission: String) {
        #expect(Facts.newest.endpoint(Method(rawValue: verb)!, path)?.permission == permission)
    }
}
