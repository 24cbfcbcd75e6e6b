// Finding what a mistyped name was meant to be.
// SPDX-License-Identifier: MIT

/// Names that are like another one.
public enum Nearest {
    /// At most three of `names` that differ from `name` in few letters, or in nothing but case, `-` and `_`; the nearest
    /// first, then in the given order.
    static func names(to name: String, in names: [String]) -> [String] {
        let wanted = folded(name)
        let limit = wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : 3
        let ranked = names.enumerated().map { (distance(wanted, folded($1)), $0, $1) }.filter { $0.0 <= limit }
        return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(3).map(\.2)
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// How many bytes have to be added, left out, replaced or swapped with their neighbour.
    public static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            before = last
            last = row
        }
        return last[b.count]
    }
}
