// A row of the risk table.
// SPDX-License-Identifier: MIT

/// Record: u8 tier (0 for never), u8 1 if destructive, u16 how many parameters raise it, u32 the first of those in the
/// words, u32 why. Each of those parameters has three words: its name, the value it has to have (0 for any but false),
/// and the least tier (0 for the same) with 256 added when it destroys.
struct RiskRow {
    let index: Int

    private var at: Int { FactsTable.offset(.risks, index) }
    private var why: String { FactsTable.string(Int(FactsTable.bytes.u32(at + 8))) }

    /// The risk without any parameters.
    var risk: Risk {
        let tier = Int(FactsTable.bytes[at])
        return Risk(
            tier: Tier(rawValue: tier) ?? .full, isDestructive: FactsTable.bytes[at + 1] != 0, isExcluded: tier == 0,
            raisedBy: [], why: why)
    }

    /// What each of the parameters that raise it adds.
    var raisers: [Risk.RaisedBy] {
        let first = Int(FactsTable.bytes.u32(at + 4))
        let least = risk.tier
        return (0..<Int(FactsTable.bytes.u16(at + 2))).map { rule in
            let effect = FactsTable.word(first + 3 * rule + 2)
            return Risk.RaisedBy(
                parameter: FactsTable.string(FactsTable.word(first + 3 * rule)),
                tier: max(least, Tier(rawValue: effect & 255) ?? least), isDestructive: effect & 256 != 0, why: why)
        }
    }

    /// What a parameter adds; nil when it is harmless or sent with a harmless value.
    func raised(by given: Request.Parameter, _ risk: Risk) -> Risk.RaisedBy? {
        let first = Int(FactsTable.bytes.u32(at + 4))
        for rule in 0..<Int(FactsTable.bytes.u16(at + 2)) {
            let word = first + 3 * rule
            guard FactsTable.compare(FactsTable.word(word), with: given.name.utf8) == 0 else { continue }
            let value = FactsTable.word(word + 1)
            let sent = given.value.text
            guard value == 0 ? !RiskRow.isOff(sent) : FactsTable.compare(value, with: sent.utf8) == 0 else { continue }
            let effect = FactsTable.word(word + 2)
            let tier = max(risk.tier, Tier(rawValue: effect & 255) ?? risk.tier)
            return Risk.RaisedBy(parameter: given.name, tier: tier, isDestructive: effect & 256 != 0, why: why)
        }
        return nil
    }

    /// Whether the server reads a value as false or as nothing at all. What it refuses counts as on.
    private static func isOff(_ value: String) -> Bool { value == "" || value == "0" }
}

extension FactsTable.Node {
    func row(_ method: Method) -> RiskRow? { risk(method).map(RiskRow.init(index:)) }
}
