// The formats the API registers under a name: identifiers, addresses, sizes and lists of them.
// SPDX-License-Identifier: MIT

import Glibc

extension Validator {
    /// What is wrong with a text by its format; nil when nothing is, or when the format is not one checked here.
    func formatProblem(_ text: String, _ format: Parameter.Format, path: String) -> String? {
        switch format {
        case .properties(let keys): return propertyProblem(text, keys, path: path)
        case .named(let name):
            if let keys = facts.propertyFormat(name) { return propertyProblem(text, keys, path: path) }
            if name.hasSuffix("-list") {
                let element = String(name.dropLast(5))
                for part in Self.splitList(text) {
                    if let problem = namedProblem(part, element) { return problem }
                }
                return nil
            }
            if name.hasSuffix("-opt") { return text.isEmpty ? nil : namedProblem(text, String(name.dropLast(4))) }
            return namedProblem(text, name)
        }
    }

    /// Lists are split by comma, semicolon, blank and NUL; empty parts do not count.
    static func splitList(_ text: String) -> [String] {
        text.unicodeScalars.split { $0 == "," || $0 == ";" || $0 == "\0" || $0.properties.isWhitespace }.map {
            String($0)
        }
    }

    private func namedProblem(_ text: String, _ name: String) -> String? {
        guard let rule = NamedFormat.rules[name] else { return nil }
        let good =
            switch rule.test {
            case .pattern(let pattern): patterns.matches(text, pattern) != false
            case .code(let test): test(text)
            }
        return good ? nil : rule.complaint(text)
    }
}

/// Tests and complaints by the name of the format.
enum NamedFormat {
    enum Test: Sendable {
        case pattern(String)
        case code(@Sendable (String) -> Bool)
    }

    struct Rule: Sendable {
        let test: Test
        let complaint: @Sendable (String) -> String

        init(_ pattern: String, _ complaint: @escaping @Sendable (String) -> String) {
            test = .pattern(pattern)
            self.complaint = complaint
        }

        init(_ complaint: String, _ code: @escaping @Sendable (String) -> Bool) {
            test = .code(code)
            self.complaint = { _ in complaint }
        }

        init(looksLike what: String, _ code: @escaping @Sendable (String) -> Bool) {
            self.init("value does not look like a valid \(what)", code)
        }
    }

    private static func identifier(_ what: String) -> Rule {
        Rule("(?i:[a-z][a-z0-9\\-_.]*[a-z0-9])") { "\(what) ID '\($0)' contains illegal characters" }
    }

    private static func named(_ what: String) -> Rule {
        Rule("[A-Za-z0-9\\.\\-_]+") { "\(what) name '\($0)' contains invalid characters" }
    }

    static let rules: [String: Rule] = [
        "pve-vmid": Rule(looksLike: "VM ID") { text in
            (3...9).contains(text.utf8.count) && text.utf8.first != 0x30
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        },
        "pve-node": Rule(looksLike: "node name", isLabel),
        "pve-ha-node": Rule("[a-zA-Z0-9]([a-zA-Z0-9\\-]*[a-zA-Z0-9])?(:\\d+)?") { _ in
            "value does not look like a valid ha node name"
        },
        "pve-configid": Rule("(?i:[a-z][a-z0-9_-]+)") { "invalid configuration ID '\($0)'" },
        "pve-storage-id": identifier("storage"),
        "acme-plugin-id": identifier("ACME plugin"),
        "pve-bridge-id": Rule("[-_.\\w\\d]+") { "invalid bridge ID '\($0)'" },
        "pve-iface": Rule("(?i:[a-z][a-z0-9_]{1,20}([:\\.]\\d+)?)") { "invalid network interface name '\($0)'" },
        "pve-userid": Rule("[^\\s:/]+@[A-Za-z][A-Za-z0-9\\.\\-_]+") {
            "value '\($0)' does not look like a valid user name"
        },
        "pve-realm": Rule("[A-Za-z][A-Za-z0-9\\.\\-_]+") { _ in "value does not look like a valid realm" },
        "pve-tokenid": Rule("[^\\s:/]+@[A-Za-z][A-Za-z0-9\\.\\-_]+![A-Za-z][A-Za-z0-9\\.\\-_]+") {
            "value '\($0)' does not look like a valid token ID"
        },
        "pve-groupid": named("group"),
        "pve-roleid": named("role"),
        "pve-poolid": Rule("[A-Za-z0-9\\.\\-_]+(/[A-Za-z0-9\\.\\-_]+){0,2}") {
            "pool name '\($0)' contains invalid characters"
        },
        "pve-tag": Rule("(?i:[a-z0-9_][a-z0-9_\\-\\+\\.]*)") { _ in "invalid characters in tag" },
        "pve-volume-id": Rule("(?i:[a-z][a-z0-9\\-_.]*[a-z0-9]):.+") { "unable to parse volume ID '\($0)'" },
        "pve-volume-id-or-qm-path": Rule("(?i:none|cdrom|/.*|[a-z][a-z0-9\\-_.]*[a-z0-9]:.+)") {
            "unable to parse volume ID '\($0)'"
        },
        "pve-volume-id-or-absolute-path": Rule("(?i:/.*|[a-z][a-z0-9\\-_.]*[a-z0-9]:.+)") {
            "unable to parse volume ID '\($0)'"
        },
        "pve-replication-job-id": Rule("[1-9][0-9]{2,8}-\\d{1,9}") { "invalid replication job id '\($0)'" },
        "pve-startup-order": Rule("((order=)?\\d+|up=\\d+|down=\\d+)(,((order=)?\\d+|up=\\d+|down=\\d+))*") { _ in
            "unable to parse startup options"
        },
        "pve-storage-content": Rule("(?:images|rootdir|vztmpl|iso|backup|snippets|import|none)") {
            "invalid content type '\($0)'"
        },
        "pve-task-status-type": Rule("(?i:ok|error|warning|unknown)") { "invalid status '\($0)'" },
        "pve-ha-resource-id": Rule("(vm|ct):[1-9][0-9]{2,8}") { _ in "value does not look like a valid ha resource id"
        },
        "pve-ha-resource-or-vm-id": Rule("((vm|ct):)?[1-9][0-9]{2,8}") { _ in
            "value does not look like a valid ha resource id"
        },
        "pve-cpuset": Rule("\\s*\\d+(-\\d+)?(\\s*,\\s*\\d+(-\\d+)?)*\\s*") { _ in "unable to parse cpuset" },
        "pve-vlan-id-or-range": Rule("\\d+(-\\d+)?") { "invalid VLAN configuration '\($0)'" },
        "pve-storage-path": Rule("/.*") { _ in "value does not look like a valid absolute path" },
        "disk-size": Rule("(\\d+(\\.\\d+)?)([KMGT])?") { "value does not look like a valid disk size: \($0)" },
        "urlencoded": Rule("[-%a-zA-Z0-9_.!~*'()]*") { "invalid urlencoded string: \($0)" },
        "ldap-simple-attr": Rule("[a-zA-Z0-9]+") { "value '\($0)' does not look like a simple ldap attribute name" },
        "mac-addr": Rule("(?i:[a-f0-9][02468ace](?::[a-f0-9]{2}){5})") { _ in
            "value does not look like a valid unicast MAC address"
        },
        "email": Rule("[\\w\\+\\-\\~]+(\\.[\\w\\+\\-\\~]+)*@[a-zA-Z0-9\\-]+(\\.[a-zA-Z0-9\\-]+)*") { _ in
            "value does not look like a valid email address"
        },
        "dns-name": Rule(looksLike: "DNS name", isHostname),
        "ip": Rule(looksLike: "IP address") { isIPv4($0) || isIPv6($0) },
        "ipv4": Rule(looksLike: "IPv4 address", isIPv4),
        "ipv6": Rule(looksLike: "IPv6 address", isIPv6),
        "address": Rule("(?s:.*)") { "value does not look like a valid address: \($0)" }.with {
            isIPv4($0) || isIPv6($0) || isHostname($0)
        },
        "CIDR": Rule(looksLike: "CIDR network") { isNetwork($0, isIPv4, 32) || isNetwork($0, isIPv6, 128) },
        "CIDRv4": Rule(looksLike: "IPv4 CIDR network") { isNetwork($0, isIPv4, 32) },
        "CIDRv6": Rule(looksLike: "IPv6 CIDR network") { isNetwork($0, isIPv6, 128) },
        "IPorCIDR": Rule(looksLike: "IP address or CIDR network") {
            isIPv4($0) || isIPv6($0) || isNetwork($0, isIPv4, 32) || isNetwork($0, isIPv6, 128)
        },
        "pve-ipv4-config": Rule(looksLike: "ipv4 network configuration") {
            $0 == "dhcp" || $0 == "manual" || isNetwork($0, isIPv4, 32)
        },
        "pve-ipv6-config": Rule(looksLike: "ipv6 network configuration") {
            $0 == "auto" || $0 == "dhcp" || $0 == "manual" || isNetwork($0, isIPv6, 128)
        },
    ]

    @Sendable private static func isLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.first != 0x2D && bytes.last != 0x2D
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
    }

    @Sendable private static func isHostname(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel(String($0)) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    @Sendable private static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    @Sendable private static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }

    private static func isNetwork(_ text: String, _ isAddress: (String) -> Bool, _ longest: Int) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length > 7, length <= longest else { return false }
        return isAddress(String(parts[0]))
    }
}

extension NamedFormat.Rule {
    /// The same complaint with another test.
    fileprivate func with(_ code: @escaping @Sendable (String) -> Bool) -> NamedFormat.Rule {
        NamedFormat.Rule(test: .code(code), complaint: complaint)
    }

    private init(test: NamedFormat.Test, complaint: @escaping @Sendable (String) -> String) {
        self.test = test
        self.complaint = complaint
    }
}
