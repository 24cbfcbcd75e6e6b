// When something scheduled happens next: `mon..fri 21:00`, `*/15`, `daily`.
// SPDX-License-Identifier: MIT

/// The commoner calendar events of Proxmox: days of the week, and hours and minutes with steps, ranges and lists.
struct CalendarEvent {
    /// Sunday is 0; empty means every day.
    private var weekdays: Set<Int> = []
    private var hours: Set<Int> = []
    private var minutes: Set<Int> = []
    /// Days of the month; empty means all.
    private var days: Set<Int> = []
    private var months: Set<Int> = []

    private static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// nil for events that are written in other ways.
    init?(_ text: String) {
        switch text {
        case "minutely": (hours, minutes) = (Set(0..<24), Set(0..<60))
        case "hourly": (hours, minutes) = (Set(0..<24), [0])
        case "daily": (hours, minutes) = ([0], [0])
        case "weekly": (weekdays, hours, minutes) = ([1], [0], [0])
        case "monthly": (days, hours, minutes) = ([1], [0], [0])
        case "yearly", "annually": (months, days, hours, minutes) = ([1], [1], [0], [0])
        default: guard read(text) else { return nil }
        }
    }

    private mutating func read(_ text: String) -> Bool {
        for part in text.lowercased().split(separator: " ") {
            if part.first?.isLetter == true {
                guard let found = Self.weekdays(part) else { return false }
                weekdays.formUnion(found)
            } else {
                guard hours.isEmpty, readTime(part) else { return false }
            }
        }
        if hours.isEmpty { (hours, minutes) = ([0], [0]) }
        return true
    }

    private static func weekdays(_ text: Substring) -> Set<Int>? {
        var days: Set<Int> = []
        for item in text.split(separator: ",") {
            let ends = item.split(separator: ".", omittingEmptySubsequences: true).map {
                names.firstIndex(of: String($0.prefix(3)))
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
            var day = first
            days.insert(day)
            while day != last {
                day = (day + 1) % 7
                days.insert(day)
            }
        }
        return days
    }

    /// `21:00`, `*/15`, `0/2:30`, `8..17:0/15`
    private mutating func readTime(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let hourText: Substring = parts.count > 1 ? parts[0] : "*"
        guard parts.count <= 3, let hours = Self.numbers(hourText, below: 24),
            let minutes = Self.numbers(parts.count > 1 ? parts[1] : parts[0], below: 60)
        else { return false }
        (self.hours, self.minutes) = (hours, minutes)
        return true
    }

    private static func numbers(_ text: Substring, below limit: Int) -> Set<Int>? {
        var numbers: Set<Int> = []
        for item in text.split(separator: ",") {
            let halves = item.split(separator: "/", maxSplits: 1)
            let step = halves.count == 2 ? Int(halves[1]) : nil
            if halves.count == 2, step == nil || step == 0 { return nil }
            let ends = halves[0].split(separator: ".", omittingEmptySubsequences: true).map { Int($0) }
            let start: Int
            var end: Int
            if halves[0] == "*" {
                (start, end) = (0, limit - 1)
            } else {
                guard let first = ends.first ?? nil, let last = ends.last ?? nil, first < limit, last < limit else {
                    return nil
                }
                (start, end) = (first, last)
                if ends.count == 1, step != nil { end = limit - 1 }
            }
            guard start <= end else { return nil }
            numbers.formUnion(stride(from: start, through: end, by: step ?? 1))
        }
        return numbers.isEmpty ? nil : numbers
    }

    /// The first moment after a time, in seconds since 1970 (UTC); nil when there is none within two years.
    func next(after time: Int) -> Int? {
        var minute = time / 60 + 1
        let last = minute + 2 * 366 * 1440
        while minute < last {
            let day = minute / 1440
            let date = CalendarTime(Double(day * 86_400))
            let fits =
                (weekdays.isEmpty || weekdays.contains((day + 4) % 7)) && (days.isEmpty || days.contains(date.day))
                && (months.isEmpty || months.contains(date.month))
            guard fits else {
                minute = (day + 1) * 1440
                continue
            }
            guard hours.contains(minute % 1440 / 60) else {
                minute = (minute / 60 + 1) * 60
                continue
            }
            if minutes.contains(minute % 60) { return minute * 60 }
            minute += 1
        }
        return nil
    }
}
