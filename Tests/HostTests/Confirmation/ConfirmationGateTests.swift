// The way of a request to its yes, step by step.
// SPDX-License-Identifier: MIT

import MCP
import Proxmox
import Testing

@testable import Host

@Suite("Confirmation gate")
struct ConfirmationGateTests {
    @Test func concernsOnlyWhatLosesSomethingOrItsProtection() {
        func concerns(_ request: Request, _ rules: String...) -> Bool {
            ConfirmationGate.concerns(
                AskedRequest(request), Protection(rules: rules.compactMap(ProtectionRule.init)))
        }
        #expect(concerns(deleteVM))
        #expect(!concerns(vmRequest(.get, "/config")))
        #expect(!concerns(vmRequest(.post, "/status/start")))
        #expect(!concerns(vmRequest(.put, "/config", ["memory": .int(512)])))
        #expect(concerns(vmRequest(.put, "/config", ["delete": .string("net0")])))
        #expect(concerns(vmRequest(.put, "/config", ["protection": .bool(false)])))
        #expect(!concerns(vmRequest(.put, "/config", ["protection": .bool(true)])))
        #expect(!concerns(vmRequest(.put, "/config", ["tags": .string("a")]), "100", "pool:x"))
        #expect(concerns(vmRequest(.put, "/config", ["tags": .string("a")]), "tag:prod"))
        let moves = Request(.put, "/pools", [.init("poolid", .string("b")), .init("vms", .string("101"))])
        #expect(!concerns(moves, "tag:prod"))
        #expect(concerns(moves, "pool:a"))
    }

    @Test func readsTheStateBeforeItAsks() throws {
        var staged = StagedGate(deleteVM, .clientAsks)
        guard case .read(let plan) = staged.handle(.begin) else { return #expect(Bool(false), "it must read") }
        #expect(plan.guest == GuestPlace(vmid: 101, kind: .qemu, node: "pve1"))
        #expect(plan.wantsSnapshots && !plan.listsGuests)
        #expect(
            staged.handle(.read(state(try web()))).question?.hasPrefix("Delete VM 101 (web, running on pve1)") == true)
    }

    @Test func sendsAfterAYesOnlyWhatWasAskedAbout() throws {
        var staged = StagedGate(deleteVM, .clientAsks)
        _ = staged.reading(state(try web()))
        guard case .read = staged.handle(.answered(.yes)) else { return #expect(Bool(false), "it must read again") }
        #expect(staged.handle(.read(state(try web()))) == .send(.person))
    }

    @Test func asksAgainWhenTheStateChangedMeanwhile() throws {
        var staged = StagedGate(deleteVM, .clientAsks)
        _ = staged.reading(state(try web()))
        for status in ["stopped", "running"] {
            _ = staged.handle(.answered(.yes))
            let again = staged.handle(.read(state(try web(status: status))))
            #expect(again.question?.contains("and is \(status)") == true)
        }
        _ = staged.handle(.answered(.yes))
        #expect(staged.handle(.read(state(try web(digest: "d2")))).ending?.contains("at rest") == true)
    }

    @Test(arguments: [
        QuestionAnswer.no, .declined, .cancelled, .nonsense("x"), .failed("y"),
    ])
    func sendsNothingWithoutAYes(answer: QuestionAnswer) throws {
        var staged = StagedGate(deleteVM, .clientAsks)
        _ = staged.reading(state(try web()))
        #expect(staged.handle(.answered(answer)).ending?.hasPrefix("DELETE /nodes/pve1/qemu/101 was not sent") == true)
        // Nothing that comes later counts.
        #expect(staged.handle(.answered(.yes)).ending != nil)
        #expect(staged.handle(.read(state(try web()))).ending != nil)
    }

    @Test func givesATokenWhenTheClientDoesNotKnowForms() throws {
        var staged = StagedGate(deleteVM, .clientAsks)
        _ = staged.reading(state(try web()))
        guard case .read = staged.handle(.answered(.unsupported)) else {
            Issue.record("it does not look again")
            return
        }
        let end = staged.handle(.read(state(try web())))
        #expect(end.token != nil)
        #expect(end.ending?.contains("does not know how") == true)
        // What the client answers later is no yes.
        #expect(staged.handle(.answered(.yes)).ending?.contains("was not sent") == true)
    }

    @Test func needsApprovalWhenTheClientDoesNotKnowForms() throws {
        var staged = StagedGate(deleteVM, .clientAsks, mode: .person)
        _ = staged.reading(state(try web()))
        _ = staged.handle(.answered(.unsupported))
        guard case .seekApproval = staged.handle(.read(state(try web()))) else {
            Issue.record("nobody is looked for")
            return
        }
    }

    @Test func tellsChangesOfManyGuestsBriefly() throws {
        func state(_ status: String, _ count: Int64) throws -> ObjectState {
            let guests = try (0..<count).map { place in
                var guest = try web(status: status)
                guest.vmid = 1000 + place
                return guest
            }
            return ObjectState(guests: guests, hasGuestList: true)
        }
        let request = Request(.post, "/nodes/{node}/stopall", path: ["node": "pve1"])
        for (count, told) in [(20, "the status of VM 1000 was running and is stopped"), (2000, "is not as it was")] {
            var first = StagedGate(request)
            let token = try #require(first.reading(try state("running", Int64(count))).token)
            var second = StagedGate(request, token: token, ledger: first.ledger)
            let text = try #require(second.reading(try state("stopped", Int64(count))).ending)
            #expect(text.contains(told) && text.utf8.count < 2000, "\(text)")
        }
    }

    @Test func doesNotWaitForEver() throws {
        var staged = StagedGate(deleteVM, .clientAsks)
        _ = staged.reading(state(try web()))
        #expect(staged.handle(.tooLate).ending?.contains("did not answer within 5 minutes") == true)
        #expect(staged.handle(.answered(.yes)).ending != nil)
    }

    @Test func sendsWithoutAQuestionWhenNoneIsWanted() throws {
        var never = StagedGate(vmRequest(.post, "/status/stop"), .clientAsks, mode: .never)
        #expect(never.handle(.begin) == .send(.nobody))
    }

    @Test func endsWithWhatCannotBeRead() {
        var staged = StagedGate()
        _ = staged.handle(.begin)
        guard case .fail(let text) = staged.handle(.unread(.timeout(request: "GET /x", seconds: 1))) else {
            return #expect(Bool(false), "it must fail")
        }
        #expect(text.hasPrefix("DELETE /nodes/pve1/qemu/101 was not sent"))
    }

    @Test func saysThatThereIsNoSuchSnapshot() throws {
        var staged = StagedGate(
            vmRequest(.delete, "/snapshot/{snapname}", path: ["snapname": "lat"]), .token)
        let text = staged.reading(state(try web())).ending
        #expect(text == "Nothing was sent: VM 101 (web, running on pve1) has no snapshot \"lat\"; it has early, late.")
    }

    // MARK: Tokens

    @Test func takesTheTokenOfItsQuestionOnce() throws {
        var first = StagedGate()
        let token = try #require(first.reading(state(try web())).token)
        var second = StagedGate(token: token, ledger: first.ledger)
        #expect(second.reading(state(try web())) == .send(.token(String(token.prefix(8)))))
        var third = StagedGate(token: token, ledger: second.ledger)
        let again = third.reading(state(try web()))
        #expect(again.ending?.contains("has been used") == true)
        #expect(again.token != nil && again.token != token)
    }

    @Test func takesNoTokenWhereAPersonCanBeAsked() throws {
        var first = StagedGate()
        let token = try #require(first.reading(state(try web())).token)
        var asking = StagedGate(deleteVM, .clientAsks, token: token, ledger: first.ledger)
        #expect(asking.reading(state(try web())).question != nil)
        var repeating = StagedGate(deleteVM, .clientRepeats, token: token, ledger: first.ledger)
        guard case .requireInput = repeating.reading(state(try web())) else {
            return #expect(Bool(false), "it must ask")
        }
    }

    @Test func tellsAToolWithoutTheArgumentSo() throws {
        var staged = StagedGate(takesToken: false)
        let action = staged.reading(state(try web()))
        #expect(action.token == nil)
        #expect(action.ending?.contains("has no argument for a token") == true)
    }

    // MARK: Answers that a repeated call brings

    private func repeated(_ state: String, _ answer: QuestionAnswer) -> CallInput {
        CallInput(state: state, answer: answer)
    }

    @Test func takesTheStateOfItsQuestionWithAYes() throws {
        var first = StagedGate(deleteVM, .clientRepeats)
        guard case .requireInput(_, let sealed) = first.reading(state(try web())) else {
            return #expect(Bool(false), "it must ask")
        }
        var declined = StagedGate(
            deleteVM, .clientRepeats, input: repeated(sealed, .declined), ledger: first.ledger)
        #expect(declined.reading(state(try web())).ending?.contains("said no") == true)
        var agreed = StagedGate(deleteVM, .clientRepeats, input: repeated(sealed, .yes), ledger: first.ledger)
        #expect(agreed.reading(state(try web())) == .send(.person))
        var replayed = StagedGate(deleteVM, .clientRepeats, input: repeated(sealed, .yes), ledger: agreed.ledger)
        guard case .requireInput(let question, let other) = replayed.reading(state(try web())) else {
            return #expect(Bool(false), "it must ask again")
        }
        #expect(question.contains("counted already") && other != sealed)
    }

    @Test func takesNoTokenForAnAnswer() throws {
        var first = StagedGate()
        let token = try #require(first.reading(state(try web())).token)
        var staged = StagedGate(deleteVM, .clientRepeats, input: repeated(token, .yes), ledger: first.ledger)
        guard case .requireInput = staged.reading(state(try web())) else { return #expect(Bool(false), "it must ask") }
        var other = StagedGate(deleteVM, .clientRepeats)
        guard case .requireInput(_, let sealed) = other.reading(state(try web())) else {
            return #expect(Bool(false), "it must ask")
        }
        var asToken = StagedGate(token: sealed, ledger: other.ledger)
        #expect(asToken.reading(state(try web())).ending?.contains("not one that this server gave a question") == true)
    }

    // MARK: Approval

    @Test func waitsForAnApproval() throws {
        var staged = StagedGate(deleteVM, .person, mode: .person)
        guard case .seekApproval(let digest) = staged.reading(state(try web())) else {
            return #expect(Bool(false), "it must look for an approval")
        }
        guard case .register(let registered, let question) = staged.handle(.approval(nil)) else {
            return #expect(Bool(false), "it must put the question down")
        }
        #expect(registered == digest && digest.count == 64)
        #expect(question.hasPrefix("Delete VM 101"))
        #expect(staged.handle(.registered(.success("abcdefgh"))).ending?.contains("pve-mcp approve abcdefgh") == true)
        var approved = StagedGate(deleteVM, .person, mode: .person)
        #expect(approved.reading(state(try web())) == .seekApproval(digest))
        #expect(approved.handle(.approval("abcdefgh")) == .send(.approved("abcdefgh")))
        var changed = StagedGate(deleteVM, .person, mode: .person)
        #expect(changed.reading(state(try web(digest: "d2"))) != .seekApproval(digest))
    }

    @Test func saysWhyNothingCanBeApproved() throws {
        var staged = StagedGate(deleteVM, .person, mode: .person)
        _ = staged.reading(state(try web()))
        _ = staged.handle(.approval(nil))
        let action = staged.handle(.registered(.failure(ApprovalFault(message: "no room"))))
        #expect(action.ending?.hasSuffix("put down for them: no room.") == true)
    }
}
