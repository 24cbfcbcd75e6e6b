// A job that keeps a copy of a guest's disks on another node.
// SPDX-License-Identifier: MIT

/// A replication job, and when it ran.
struct ReplicationJob: Sendable {
    let guest: Int
    let number: Int
    var target: String
    /// `comment`, `disable`, `rate`, `schedule`, `source` by the API names.
    var values: [String: String]
    /// Seconds since 1970.
    var created: Int
    /// When somebody asked for a run out of turn.
    var requested: Int?
    /// Whether it is to go: `local` leaves the copies, `full` removes them; and since when.
    var removal: (kind: String, since: Double)?

    var schedule: String { values["schedule"] ?? "*/15" }
    var isDisabled: Bool { values["disable"] == "1" }

    /// The last time it should have run, and the next; runs are at most a week of schedule in the past.
    func runs(at now: Int) -> (last: Int?, next: Int?) {
        guard let event = CalendarEvent(schedule) else { return (requested, nil) }
        var last = requested.flatMap { $0 <= now ? $0 : nil }
        var moment = max(created, now - 7 * 86_400)
        while let next = event.next(after: moment), next <= now {
            last = max(last ?? 0, next)
            moment = next
        }
        return (last, isDisabled ? nil : event.next(after: now))
    }
}
