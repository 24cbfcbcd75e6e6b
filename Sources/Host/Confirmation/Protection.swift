// Guests that nothing destructive is done to: PVE_PROTECT.
// SPDX-License-Identifier: MIT

/// One entry of PVE_PROTECT.
enum ProtectionRule: Equatable, Sendable {
    case guests(ClosedRange<Int64>)
    /// In lower case: Proxmox compares tags that way unless told otherwise.
    case tag(String)
    /// A pool and the pools below it.
    case pool(String)

    /// As it stands in the setting.
    var text: String {
        switch self {
        case .guests(let range):
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        case .tag(let tag): "tag:\(tag)"
        case .pool(let pool): "pool:\(pool)"
        }
    }

    /// Nil when the text is no entry.
    init?(_ text: String) {
        if text.hasPrefix("tag:") {
            let tag = text.dropFirst("tag:".count).lowercased()
            guard !tag.isEmpty, tag.utf8.allSatisfy(ProtectionRule.isOfTag) else { return nil }
            self = .tag(tag)
        } else if text.hasPrefix("pool:") {
            let pool = text.dropFirst("pool:".count)
            guard !pool.isEmpty, pool.utf8.allSatisfy({ ProtectionRule.isOfTag($0) || $0 == UInt8(ascii: "/") }) else {
                return nil
            }
            self = .pool(String(pool))
        } else {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            let numbers = ends.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64($0) : nil }
            guard ends.count <= 2, numbers.count == ends.count, let first = numbers.first, let last = numbers.last,
                (100...999_999_999).contains(first), (first...999_999_999).contains(last)
            else { return nil }
            self = .guests(first...last)
        }
    }

    private static func isOfTag(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "+"):
            true
        default: false
        }
    }
}

/// All entries of PVE_PROTECT.
struct Protection: Equatable, Sendable {
    var rules: [ProtectionRule] = []

    var isEmpty: Bool { rules.isEmpty }

    var hasTags: Bool { rules.contains { if case .tag = $0 { true } else { false } } }
    var hasPools: Bool { rules.contains { if case .pool = $0 { true } else { false } } }

    /// Whether more than a guest's id is needed to say if it is protected.
    var needsGuests: Bool { hasTags || hasPools }

    /// The entry that protects a guest by its id alone.
    func rule(forID vmid: Int64) -> ProtectionRule? {
        rules.first { if case .guests(let range) = $0 { range.contains(vmid) } else { false } }
    }

    /// The entry that protects a pool and what is in it.
    func rule(forPool pool: String) -> ProtectionRule? {
        rules.first {
            if case .pool(let name) = $0 { pool == name || pool.hasPrefix(name + "/") } else { false }
        }
    }

    /// The entry that protects a guest with these properties.
    func rule(forID vmid: Int64, tags: [String], pool: String?) -> ProtectionRule? {
        if let rule = rule(forID: vmid) { return rule }
        let tags = Set(tags.map { $0.lowercased() })
        let byTag = rules.first { if case .tag(let tag) = $0 { tags.contains(tag) } else { false } }
        return byTag ?? pool.flatMap(rule(forPool:))
    }
}
