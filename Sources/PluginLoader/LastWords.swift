// What a stranger wrote to stderr, made fit to be shown.
// SPDX-License-Identifier: MIT

/// Bytes of a stranger can move a terminal's cursor, change its title or pretend to be lines of ours.
enum LastWords {
    /// Characters that are shown.
    static let limit = 500

    /// The end of `bytes` as one line: without control characters, and with `…` where it was longer.
    static func text(_ bytes: [UInt8]) -> String {
        // One character has few bytes; clusters of many do not count.
        let isCut = bytes.count > limit * 4
        let scalars = String(decoding: bytes.suffix(limit * 4), as: UTF8.self).unicodeScalars.map { scalar in
            isHarmless(scalar) ? scalar : " "
        }
        var words = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        if isCut || words.unicodeScalars.count > limit {
            words = "…" + String(String.UnicodeScalarView(words.unicodeScalars.suffix(limit)))
        }
        return words
    }

    /// Whether a character has no effect but being seen.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
