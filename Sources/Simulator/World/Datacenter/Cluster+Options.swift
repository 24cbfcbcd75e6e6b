// The options of the datacenter.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// Options that are property strings: they are set as texts and read as objects.
    private static let structured: Set<String> = [
        "bwlimit", "crs", "ha", "location", "migration", "next-id", "notify", "replication", "tag-style", "u2f",
        "user-tag-access", "webauthn",
    ]
    private static let numbers: Set<String> = ["max_workers", "migration_unsecure"]

    /// The key that a value without a key is for.
    private static let defaultKeys = ["migration": "type", "replication": "type"]

    /// GET /cluster/options: without Sys.Audit only what the web interface cannot do without.
    func datacenterOptions(_ call: APICall) -> APIAnswer {
        let isWhole = mayAny(call, ["Sys.Audit"], on: "/")
        let tags = (datacenter["registered-tags"] ?? "").split(separator: ";").map(String.init).sorted()
        return .object { answer in
            for (name, value) in datacenter.sorted(by: { $0.key < $1.key })
            where isWhole || name == "console" || name == "tag-style" {
                if name == "registered-tags" {
                    answer.member(name) { $0.array { for tag in tags { $0.string(tag) } } }
                } else if Self.structured.contains(name) {
                    answer.member(name) { Self.write(value, Self.defaultKeys[name], to: &$0) }
                } else {
                    answer.settings([name: value], numbers: Self.numbers)
                }
            }
            answer.member("allowed-tags") { $0.array { for tag in tags { $0.string(tag) } } }
        }
    }

    private static func write(_ text: String, _ defaultKey: String?, to writer: inout JSONWriter) {
        writer.object {
            for item in text.split(separator: ",") {
                let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
                $0.member(parts.count > 1 ? parts[0] : defaultKey ?? parts[0], parts.last ?? "")
            }
        }
    }

    /// PUT /cluster/options
    mutating func setDatacenterOptions(_ call: APICall) throws -> APIAnswer {
        for name in call.names("delete") {
            datacenter[name] = ["description": "", "mac_prefix": "BC:24:11"][name]
        }
        datacenter.merge(call.values.filter { $0.key != "delete" }) { $1 }
        return .null
    }

    /// The ids that new guests get.
    var idRange: ClosedRange<Int> {
        var bounds = ["lower": 100, "upper": 1_000_000]
        for item in (datacenter["next-id"] ?? "").split(separator: ",") {
            let parts = item.split(separator: "=").map(String.init)
            if parts.count == 2 { bounds[parts[0]] = Int(parts[1]) }
        }
        let lower = bounds["lower"] ?? 100
        return lower...max(lower, (bounds["upper"] ?? 1_000_000) - 1)
    }
}
