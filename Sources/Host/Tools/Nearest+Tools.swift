// Names of tools and arguments that a caller may have meant.
// SPDX-License-Identifier: MIT

import Proxmox

extension Nearest {
    /// Up to two of `candidates` that differ from `name` by little, the nearest first.
    static func names(to name: String, among candidates: [String]) -> [String] {
        let limit = max(1, min(3, name.utf8.count / 3))
        return candidates.map { (distance: distance(Array(name.utf8), Array($0.utf8)), name: $0) }
            .filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(2).map(\.name)
    }
}
