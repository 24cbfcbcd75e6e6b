// Checks text against a parameter's pattern, with the C library's regular expressions.
// SPDX-License-Identifier: MIT

import Glibc

/// A pattern of the part of ECMA 262 that POSIX extended expressions share, with `\d`, `\w` and `\s` besides.
enum Pattern {
    /// Whether the pattern occurs in `text`; nil when the C library cannot read the pattern.
    static func matches(_ pattern: String, _ text: String) -> Bool? {
        var expression = regex_t()
        guard regcomp(&expression, translated(pattern), REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
        defer { regfree(&expression) }
        // A NUL would end the C string early, and no parameter of Proxmox holds one.
        if text.utf8.contains(0) { return false }
        return regexec(&expression, text, 0, nil, 0) == 0
    }

    /// Writes the classes that POSIX has no letters for, and drops the marks of groups that do not capture.
    static func translated(_ pattern: String) -> String {
        var out = ""
        var inClass = false
        // A literal dash is safe at the end of a class only.
        var hasDash = false
        var rest = pattern[...]
        while let character = rest.popFirst() {
            switch character {
            case "\\":
                guard let escaped = rest.popFirst() else { return out + "\\" }
                switch escaped {
                case "d": out += inClass ? "0-9" : "[0-9]"
                case "w": out += inClass ? "A-Za-z0-9_" : "[A-Za-z0-9_]"
                case "s": out += inClass ? "[:space:]" : "[[:space:]]"
                case "D" where !inClass: out += "[^0-9]"
                case "-" where inClass: hasDash = true
                default: out += inClass ? "\(escaped)" : "\\\(escaped)"
                }
            case "(" where !inClass && rest.hasPrefix("?:"):
                rest.removeFirst(2)
                out += "("
            default:
                if character == "[" { inClass = true }
                if character == "]" {
                    if hasDash { out.append("-") }
                    hasDash = false
                    inClass = false
                }
                out.append(character)
            }
        }
        return out
    }
}
