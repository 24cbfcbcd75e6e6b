// Names that somebody may have meant.
// SPDX-License-Identifier: MIT

import Proxmox
import Testing

@testable import Host

@Suite("Nearest names")
struct NearestTests {
    @Test(
        arguments: [
            ("vmdi", ["vmid", "node", "name"], ["vmid"]), ("nod", ["vmid", "node", "name"], ["node"]),
            ("something", ["vmid", "node"], []), ("", ["a"], ["a"]),
            ("memry", ["memory", "memory2"], ["memory"]),
            ("x", [], []), ("abc", ["abd", "abe", "abf"], ["abd", "abe"]),
        ])
    func areFewAndTheNearestFirst(_ name: String, _ candidates: [String], _ expected: [String]) {
        #expect(Nearest.names(to: name, among: candidates) == expected)
    }

    @Test func countsInsertionsDeletionsReplacementsAndSwaps() {
        #expect(Nearest.distance(Array("vmdi".utf8), Array("vmid".utf8)) == 1)
        #expect(Nearest.distance(Array("abcd".utf8), Array("badc".utf8)) == 2)
        #expect(Nearest.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
        #expect(Nearest.distance([], Array("abc".utf8)) == 3)
        #expect(Nearest.distance(Array("abc".utf8), []) == 3)
        #expect(Nearest.distance(Array("abc".utf8), Array("abc".utf8)) == 0)
    }
}
