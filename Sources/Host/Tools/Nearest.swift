// Names that somebody may have meant.
// SPDX-License-Identifier: MIT

enum Nearest {
    /// Up to two of `candidates` that differ from `name` by little, the nearest first.
    static func names(to name: String, among candidates: [String]) -> [String] {
        let limit = max(1, min(3, name.utf8.count / 3))
        return candidates.map { (distance: distance(Array(name.utf8), Array($0.utf8)), name: $0) }
            .filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(2).map(\.name)
    }

    /// The number of bytes to insert, delete, replace or swap with their neighbour (optimal string alignment).
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var row = [i + 1]
            for (j, y) in b.enumerated() {
                var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (x == y ? 0 : 1))
                if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
