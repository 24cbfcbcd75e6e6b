// Text of strangers on a terminal.
// SPDX-License-Identifier: MIT

enum Shown {
    /// A line without what a terminal would obey.
    static func line(_ text: String) -> String {
        // Nearly all lines are plain.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: " "
                    default: scalar
                    }
                }))
    }
}
