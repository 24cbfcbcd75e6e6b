// The access control list.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /access/acl: for those who may not look at everything, the paths whose rights they may change.
    func accessList(_ call: APICall) -> APIAnswer {
        let seesAll = mayAny(call, ["Sys.Audit"], on: "/access")
        return .array { array in
            for entry in access.entries
            where seesAll || mayAny(call, Self.privilegesToModify(entry.path), on: entry.path) {
                array.object {
                    $0.member("path", entry.path)
                    $0.member("type", entry.kind.rawValue)
                    $0.member("ugid", entry.subject)
                    $0.member("roleid", entry.role)
                    $0.member("propagate", entry.propagates ? 1 : 0)
                }
            }
        }
    }

    /// PUT /access/acl: adds entries, or with `delete` removes them.
    mutating func updateAccessList(_ call: APICall) throws -> APIAnswer {
        let subjects: [(Rights.Kind, String)] =
            call.names("groups").map { (.group, $0) } + call.names("users").map { (.user, $0) }
            + call.names("tokens").map { (.token, $0) }
        if subjects.isEmpty {
            var refusal = Refusal(parameter: "users", "")
            refusal.errors = ["users", "groups", "tokens"].map {
                ($0, "either 'users', 'groups' or 'tokens' is required.")
            }
            throw refusal
        }
        let deletes = call.flag("delete")
        let text = call.required("path")
        guard let path = Self.normalized(path: text), deletes || Self.isAccessPath(path) else {
            throw Refusal(parameter: "path", "invalid ACL path '\(text)'")
        }
        try locked("ACL update failed") {
            for role in call.names("roles") {
                if access.roles[role] == nil { throw Refusal("role '\(role)' does not exist") }
                for (kind, subject) in subjects {
                    try checkExistence(of: subject, kind)
                }
            }
            for role in call.names("roles") {
                for (kind, subject) in subjects {
                    access.entries.removeAll {
                        $0.path == path && $0.kind == kind && $0.subject == subject && $0.role == role
                    }
                    if deletes { continue }
                    access.entries.append(
                        Rights.Entry(
                            path: path, subject: subject, kind: kind, role: role,
                            propagates: call.values["propagate"] != "0"))
                }
            }
        }
        return .null
    }

    private func checkExistence(of subject: String, _ kind: Rights.Kind) throws {
        switch kind {
        case .group: if access.groups[subject] == nil { throw Refusal("group '\(subject)' does not exist") }
        case .user: if access.users[subject] == nil { throw Refusal("user '\(subject)' does not exist") }
        case .token:
            let parts = subject.split(separator: "!", maxSplits: 1).map(String.init)
            _ = try access.token(parts.count > 1 ? parts[1] : "", of: parts.first ?? "")
        }
    }

    /// Without doubled and trailing slashes; nil when it has characters that no path may have.
    private static func normalized(path: String) -> String? {
        let good = path.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "/") }
        return path.isEmpty || !good ? nil : "/" + path.split(separator: "/").joined(separator: "/")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || ".-_".utf8.contains(byte)
    }

    /// Whether rights can be given on a path. The objects need not exist.
    private static func isAccessPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard let area = parts.first else { return true }
        switch area {
        case "access":
            return parts.count == 1 || ["groups", "realm"].contains(parts[1]) && parts.count <= 3
        case "nodes", "storage": return parts.count <= 2
        case "mapping":
            return parts.count == 1 || ["dir", "pci", "usb", "hwrng"].contains(parts[1]) && parts.count <= 3
        case "pool": return parts.count <= 4
        case "sdn":
            return parts.count == 1
                || ["zones", "fabrics", "controllers", "dns", "ipams"].contains(parts[1]) && parts.count <= 5
        case "vms":
            return parts.count == 1
                || parts.count == 2 && parts[1].utf8.count >= 3 && parts[1].utf8.first != 0x30
                    && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
        default: return false
        }
    }
}
