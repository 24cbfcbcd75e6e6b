// Tokens: what they are bound to, and when they stop counting.
// SPDX-License-Identifier: MIT

import Foundation
import Proxmox
import Testing

@testable import Host

@Suite("Confirmation ledger")
struct ConfirmationLedgerTests {
    private func binding(
        tool: String = "pve_a", arguments: String = "{}", request: String = "r", status: String = "running"
    ) throws -> ConfirmationBinding {
        ConfirmationBinding(
            tool: tool, arguments: try #require(Digest(arguments)), request: try #require(Digest(request)),
            state: try #require(Digest(status)), subject: "VM 101",
            facts: [ObjectState.Fact(name: "the status of VM 101", value: status)])
    }

    @Test func givesTokensThatAreShortAndDiffer() throws {
        var ledger = ledger()
        let first = try #require(ledger.issue(.argument, try binding(), now: 0))
        let second = try #require(ledger.issue(.argument, try binding(), now: 0))
        #expect(first != second)
        #expect(first.utf8.count == 35)
        #expect(first.split(separator: "-").map(\.count) == [8, 26])
    }

    @Test func countsOnceForWhatItIsBoundTo() throws {
        var ledger = ledger()
        let token = try #require(ledger.issue(.argument, try binding(), now: 0))
        #expect(ledger.redeem(token, .argument, for: try binding(tool: "pve_b"), now: 1) == .otherTool("pve_a"))
        #expect(
            ledger.redeem(token, .argument, for: try binding(arguments: "[]"), now: 1)
                == .otherArguments(subject: "VM 101"))
        #expect(
            ledger.redeem(token, .argument, for: try binding(request: "s"), now: 1) == .otherRequest(subject: "VM 101"))
        #expect(ledger.redeem(token, .requestState, for: try binding(), now: 1) == .notOurs)
        #expect(ledger.redeem(token, .argument, for: try binding(), now: 299) == .valid(id: String(token.prefix(8))))
        #expect(ledger.redeem(token, .argument, for: try binding(), now: 299) == .used)
    }

    @Test func expires() throws {
        var ledger = ledger(seconds: 10)
        let token = try #require(ledger.issue(.argument, try binding(), now: 100))
        #expect(ledger.redeem(token, .argument, for: try binding(), now: 110) == .expired)
        var other = ledger
        #expect(other.redeem(token, .argument, for: try binding(), now: 109) == .valid(id: String(token.prefix(8))))
    }

    @Test func saysWhatChangedAndDoesNotCountAfterwards() throws {
        var ledger = ledger()
        let token = try #require(ledger.issue(.argument, try binding(), now: 0))
        #expect(
            ledger.redeem(token, .argument, for: try binding(status: "stopped"), now: 1)
                == .changed("the status of VM 101 was running and is stopped"))
        #expect(ledger.redeem(token, .argument, for: try binding(), now: 1) == .used)
    }

    @Test func countsNoMoreAfterANo() throws {
        var ledger = ledger()
        let state = try #require(ledger.issue(.requestState, try binding(), now: 0))
        ledger.retire(state, .argument)
        var kept = ledger
        #expect(kept.redeem(state, .requestState, for: try binding(), now: 1) == .valid(id: String(state.prefix(8))))
        ledger.retire(state, .requestState)
        #expect(ledger.redeem(state, .requestState, for: try binding(), now: 1) == .used)
    }

    @Test func noticesEveryAlteration() throws {
        var ledger = ledger()
        let token = try #require(ledger.issue(.argument, try binding(), now: 0))
        for index in token.indices {
            for letter in ["a", "b", "-", "A", "0", "é"] where String(token[index]) != letter {
                var altered = token
                altered.replaceSubrange(index...index, with: letter)
                let verdict = ledger.redeem(altered, .argument, for: try binding(), now: 1)
                #expect(verdict == .altered || verdict == .notOurs, "\(altered)")
            }
        }
        for other in ["", "-", token + "a", "a" + token, String(token.dropLast()), token + "-" + token] {
            let verdict = ledger.redeem(other, .argument, for: try binding(), now: 1)
            #expect(verdict == .altered || verdict == .notOurs, "\(other)")
        }
        #expect(ledger.redeem(token, .argument, for: try binding(), now: 1) == .valid(id: String(token.prefix(8))))
    }

    @Test func knowsNoTokensOfAnotherProcess() throws {
        var ours = ledger()
        var theirs = ledger(key: 8)
        let token = try #require(theirs.issue(.argument, try binding(), now: 0))
        #expect(ours.redeem(token, .argument, for: try binding(), now: 1) == .notOurs)
        // The same name, sealed with another key.
        _ = ours.issue(.argument, try binding(), now: 0)
        #expect(ours.redeem(token, .argument, for: try binding(), now: 1) == .altered)
    }

    @Test func forgetsTheOldestOfTooMany() throws {
        var ledger = ledger()
        let first = try #require(ledger.issue(.argument, try binding(), now: 0))
        // The random source of these tests has 255 names, and a name that is taken is not given twice.
        var given = 0
        for _ in 0..<400 where ledger.issue(.argument, try binding(), now: 0) != nil { given += 1 }
        #expect(given > 20)
        #expect(ledger.redeem(first, .argument, for: try binding(), now: 10_000) == .expired)
    }

    @Test func givesNothingWithoutRandomness() throws {
        var ledger = ConfirmationLedger(seal: Seal(key: [1]), random: RandomSource { _ in nil }, seconds: 1)
        #expect(ledger.issue(.argument, try binding(), now: 0) == nil)
    }

    // MARK: Parts

    @Test func sealsAsTheStandardSays() throws {
        // RFC 4231, test case 2, in its framing here: the parts' lengths make other marks than the bare message.
        let seal = Seal(key: Array("Jefe".utf8))
        let mark = try #require(seal.mark(on: [Array("what do ya want ".utf8), Array("for nothing?".utf8)]))
        #expect(mark.count == 16)
        #expect(seal.admits(mark, on: [Array("what do ya want ".utf8), Array("for nothing?".utf8)]))
        #expect(!seal.admits(mark, on: [Array("what do ya want for nothing?".utf8)]))
        #expect(!seal.admits(mark, on: [Array("what do ya want f".utf8), Array("or nothing?".utf8)]))
        #expect(!seal.admits([], on: []))
        #expect(Digest(of: [])?.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(arguments: [0, 1, 2, 5, 16, 31])
    func readsTheLettersItWrites(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
        #expect(Base32.decode(Base32.encode(bytes)) == bytes)
    }

    @Test func ordersMembersInOneWay() throws {
        func canonical(_ text: String) throws -> String {
            String(decoding: CanonicalJSON.text(ofArguments: try json(text)), as: UTF8.self)
        }
        #expect(try canonical(#"{"b":1,"a":{"d":[1, 2],"c":"\u0041"}}"#) == #"{"a":{"c":"A","d":[1,2]},"b":1}"#)
        #expect(try canonical(#"{"a":{"c":"A","d":[1,2]},"b":1,"n":null}"#) == #"{"a":{"c":"A","d":[1,2]},"b":1}"#)
        #expect(try canonical(#"{"a":[2,1]}"#) != canonical(#"{"a":[1,2]}"#))
        #expect(try canonical(#"{"a":1}"#) != canonical(#"{"a":"1"}"#))
    }

    @Test func tellsRequestsApart() throws {
        let request = vmRequest(.put, "/config", ["delete": .string("net0"), "force": .bool(true)])
        var swapped = request
        swapped.parameters.reverse()
        #expect(request.digest == swapped.digest)
        for other in [
            vmRequest(.post, "/config", ["delete": .string("net0"), "force": .bool(true)]),
            vmRequest(.put, "/config", ["delete": .string("net1"), "force": .bool(true)]),
            vmRequest(.put, "/config", ["delete": .string("net0")]),
            vmRequest(.put, "/config", ["delete": .string("net0"), "force": .bool(true)], vmid: 102),
            vmRequest(.put, "/config", ["delete": .list(["net0"]), "force": .bool(true)]),
        ] { #expect(other.digest != request.digest) }
    }
}
