// Which backups are kept: keep-last, keep-daily and the like.
// SPDX-License-Identifier: MIT

/// How many backups of a guest are kept, such as `keep-last=3,keep-weekly=4`.
struct Retention: Sendable {
    /// Numbers by `last`, `hourly`, `daily`, `weekly`, `monthly`, `yearly`; empty keeps all.
    private var counts: [String: Int] = [:]

    static let periods = ["last", "hourly", "daily", "weekly", "monthly", "yearly"]

    init(_ text: String) {
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard halves.count == 2, halves[0].hasPrefix("keep-"), let count = Int(halves[1]), count > 0 else {
                continue
            }
            counts[String(halves[0].dropFirst(5))] = count
        }
        if counts["all"] != nil { counts = [:] }
    }

    var keepsAll: Bool { counts.isEmpty }

    /// The places of those to be removed among times, which are in any order.
    ///
    /// As in Proxmox: each period keeps the newest of as many different hours, days and so on as it says, and
    /// counts only those that none before it has kept.
    func removed(of times: [Int]) -> Set<Int> {
        guard !keepsAll else { return [] }
        let order = times.indices.sorted { times[$0] > times[$1] }
        var kept: Set<Int> = []
        for period in Self.periods {
            guard let count = counts[period] else { continue }
            let covered = Set(kept.map { Self.key(of: times[$0], period, place: $0) })
            var found: Set<String> = []
            for place in order where !kept.contains(place) {
                let key = Self.key(of: times[place], period, place: place)
                if covered.contains(key) || found.contains(key) { continue }
                if found.count >= count { break }
                found.insert(key)
                kept.insert(place)
            }
        }
        return Set(times.indices).subtracting(kept)
    }

    private static func key(of time: Int, _ period: String, place: Int) -> String {
        let date = CalendarTime(Double(time))
        switch period {
        case "hourly": return "\(date.year)/\(date.month)/\(date.day)/\(date.hour)"
        case "daily": return "\(date.year)/\(date.month)/\(date.day)"
        // Weeks begin on Monday; the first of January 1970 was a Thursday.
        case "weekly": return "\((time / 86_400 + 3) / 7)"
        case "monthly": return "\(date.year)/\(date.month)"
        case "yearly": return "\(date.year)"
        default: return "\(place)"
        }
    }
}
