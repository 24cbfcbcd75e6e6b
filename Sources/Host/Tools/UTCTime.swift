// A moment as people and models read it, beside the seconds that Proxmox counts.
// SPDX-License-Identifier: MIT

/// A moment to the second in RFC 3339 text, UTC: `2026-11-20T16:20:00Z`.
struct UTCTime {
    /// What is put behind the name of a field with seconds since 1970 to name the text beside it.
    static let suffix = "_utc"

    /// The last second of the year 9999; RFC 3339 writes years with four digits.
    private static let last: Int64 = 253_402_300_799

    /// Year, month, day, hour, minute, second.
    private let parts: (Int, Int, Int, Int, Int, Int)

    /// Nil for 0 and less, which Proxmox answers for "never", and for what is after the year 9999.
    init?(epoch: Int64) {
        guard (1...UTCTime.last).contains(epoch) else { return nil }
        let second = Int(epoch % 86_400)
        // Days are counted from 1 March of the year 0, in eras of 400 years, so that the leap day is a year's last.
        let days = Int(epoch / 86_400) + 719_468
        let (era, day) = days.quotientAndRemainder(dividingBy: 146_097)
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        parts = (
            era * 400 + year + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1, second / 3600,
            second / 60 % 60, second % 60
        )
    }

    /// The text between quotes, as JSON.
    var json: [UInt8] {
        let (year, month, day, hour, minute, second) = parts
        var bytes: [UInt8] = []
        bytes.reserveCapacity(22)
        bytes.append(UInt8(ascii: "\""))
        for (number, end) in [
            (year / 100, nil), (year % 100, "-"), (month, "-"), (day, "T"), (hour, ":"), (minute, ":"), (second, "Z"),
        ] as [(Int, Unicode.Scalar?)] {
            bytes.append(UInt8(0x30 + number / 10))
            bytes.append(UInt8(0x30 + number % 10))
            if let end { bytes.append(UInt8(ascii: end)) }
        }
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }
}
