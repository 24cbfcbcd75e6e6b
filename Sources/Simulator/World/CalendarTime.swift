// Seconds since 1970 as a date of the calendar, in UTC.
// SPDX-License-Identifier: MIT

/// A date and time of day.
struct CalendarTime {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    /// Counts in eras of 400 years that begin in March, so that the leap day is the last of its year.
    init(_ time: Double) {
        let seconds = Int(time)
        let days = seconds / 86400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = seconds % 86400 / 3600
        minute = seconds % 3600 / 60
        second = seconds % 60
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Nov 20 13:46:02`
    var logStamp: String { "\(Self.months[month - 1]) \(two(day)) \(two(hour)):\(two(minute)):\(two(second))" }

    /// `2026_11_20-13_46_02`, as in names of backups.
    var fileStamp: String { "\(year)_\(two(month))_\(two(day))-\(two(hour))_\(two(minute))_\(two(second))" }

    /// `2026-11-20 13:46:02`
    var text: String { "\(year)-\(two(month))-\(two(day)) \(two(hour)):\(two(minute)):\(two(second))" }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
