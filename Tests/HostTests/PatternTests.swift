// Patterns of parameters.
// SPDX-License-Identifier: MIT

import Testing

@testable import Host

@Suite("Patterns")
struct PatternTests {
    @Test(arguments: [
        ("^[A-Za-z][A-Za-z0-9_-]+$", "snap_1", true), ("^[A-Za-z][A-Za-z0-9_-]+$", "..", false),
        ("^\\d+(?:\\.\\d+)?[KMGT]?$", "10.5G", true), ("^\\d+(?:\\.\\d+)?[KMGT]?$", "ten", false),
        ("^[\\w.-]+$", "a_b.c-d", true), ("^a\\.b$", "axb", false), ("^a$", "a\u{0}b", false),
    ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(Pattern.matches(pattern, text) == expected)
    }

    @Test func saysWhenItCannotReadThePattern() {
        #expect(Pattern.matches("(", "x") == nil)
    }
}
