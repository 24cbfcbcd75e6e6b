// Regular expressions as the API facts write them: Perl's notation, matched against the whole value.
// SPDX-License-Identifier: MIT

import Synchronization

/// Compiles each pattern once.
final class PatternCache: Sendable {
    /// `Regex` is not Sendable; the cache's lock is held while one is used.
    private struct Compiled: @unchecked Sendable {
        let regex: Regex<AnyRegexOutput>?
    }

    private let compiled = Mutex([String: Compiled]())

    /// Whether `value` matches from its start to its end. nil when this notation is not understood.
    func matches(_ value: String, _ pattern: String) -> Bool? {
        compiled.withLock { compiled in
            let entry: Compiled
            if let known = compiled[pattern] {
                entry = known
            } else {
                let regex = try? Regex(Self.translated(pattern)).matchingSemantics(.unicodeScalar)
                    .asciiOnlyCharacterClasses()
                entry = Compiled(regex: regex)
                compiled[pattern] = entry
            }
            guard let regex = entry.regex else { return nil }
            return (try? regex.wholeMatch(in: value)) != nil
        }
    }

    /// Perl prints compiled patterns with a caret in front of their flags: `(?^i:...)` is `(?i:...)` elsewhere.
    private static func translated(_ pattern: String) -> String {
        var out = ""
        var rest = Substring(pattern)
        while let start = rest.range(of: "(?^") {
            out += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            let flags = rest.prefix { $0 != ":" && $0 != ")" }
            rest = rest[flags.endIndex...]
            let kept = flags.filter { $0 == "i" || $0 == "s" || $0 == "m" || $0 == "x" }
            out += "(?" + kept
        }
        return out + rest
    }
}

extension Substring {
    /// The first place of an ASCII text.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
