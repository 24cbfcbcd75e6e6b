// What is known about the methods of the Proxmox VE API, as the tests compare tools with it.
// SPDX-License-Identifier: MIT

import Foundation

/// One release's methods, from the files in Sources/SimulatorFacts.
// Sendable: what JSONSerialization made is never changed.
struct APIFacts: @unchecked Sendable {
    static let release9 = Result { try APIFacts("pve-api-facts.json") }
    static let release8 = Result { try APIFacts("pve-api-facts-8.4.json") }

    private let methods: [String: APIMethod]

    private init(_ file: String) throws {
        let facts = try JSONSerialization.jsonObject(
            with: Data(contentsOf: projectFile("Sources/SimulatorFacts/\(file)")))
        var methods: [String: APIMethod] = [:]
        for entry in (facts as? [String: Any])?["endpoints"] as? [[String: Any]] ?? [] {
            guard let method = entry["method"] as? String, let path = entry["path"] as? String else { continue }
            let returns = entry["returns"] as? [String: Any] ?? [:]
            let item = returns["items"] as? [String: Any] ?? returns
            methods["\(method) \(path)"] = APIMethod(
                parameters: entry["parameters"] as? [String: [String: Any]] ?? [:],
                returnType: returns["type"] as? String ?? "null",
                fields: item["properties"] as? [String: [String: Any]] ?? [:])
        }
        self.methods = methods
    }

    subscript(method: String, path: String) -> APIMethod? { methods["\(method) \(path)"] }
}

/// A method: what it takes and what it returns; of a list, the fields of its entries.
struct APIMethod {
    let parameters: [String: [String: Any]]
    let returnType: String
    let fields: [String: [String: Any]]

    /// The parameter of this name; `net0` is found as `net[n]`.
    func parameter(_ name: String) -> [String: Any]? {
        if let exact = parameters[name] { return exact }
        let stem = name.prefix { !$0.isNumber }
        return stem.count < name.count ? parameters["\(stem)[n]"] : nil
    }
}

/// A file of the project, from where this test's source is.
func projectFile(_ path: String, from file: String = #filePath) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(path)
}
