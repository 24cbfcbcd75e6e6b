// Questions put down for a person, and what counts as their approval.
// SPDX-License-Identifier: MIT

import Foundation
import Synchronization
import Testing

@testable import Host

@Suite("Approvals")
struct ApprovalTests {
    /// A directory of the test's own, gone afterwards.
    private final class Place {
        let path = NSTemporaryDirectory() + "approvals-\(UUID().uuidString)/pve-mcp"
        init() throws { try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: parent) }
        var parent: String { (path as NSString).deletingLastPathComponent }
        func open() -> Result<ApprovalDirectory, ApprovalFault> { ApprovalDirectory.make([path]) }
    }

    private final class Clock: Sendable {
        let now = Mutex<Int64>(1_000_000)
    }

    private func approvals(_ place: Place, _ clock: Clock, names: RandomSource = countingRandom()) -> Approvals {
        Approvals(seconds: 10, random: names, now: { clock.now.withLock { $0 } }, openDirectory: { place.open() })
    }

    @Test func countsOnceAfterSomebodySaidYes() throws {
        let (place, clock) = (try Place(), Clock())
        let approvals = approvals(place, clock)
        let id = try approvals.register("d1", "Delete it?", tool: "pve_x").get()
        #expect(ApprovalNote.isID(id))
        #expect(try approvals.register("d1", "Delete it?", tool: "pve_x").get() == id)
        #expect(approvals.take("d1") == nil)
        let directory = try place.open().get()
        let note = try #require(directory.note(id))
        #expect(note.question == "Delete it?" && note.expires == 1_000_010)
        try directory.approve(note).get()
        #expect(approvals.take("d2") == nil)
        #expect(approvals.take("d1") == id)
        #expect(approvals.take("d1") == nil)
        #expect(directory.notes.isEmpty)
    }

    @Test func keepsOnlySoManyQuestions() throws {
        let (place, clock) = (try Place(), Clock())
        let next = Mutex(0)
        let names = RandomSource { count in
            let value = next.withLock { value in
                value += 1
                return value
            }
            return [UInt8](repeating: 0, count: count - 2) + [UInt8(value / 32), UInt8(value % 32)]
        }
        let approvals = approvals(place, clock, names: names)
        for number in 0..<Approvals.limit { _ = try approvals.register("d\(number)", "?", tool: "t").get() }
        guard case .failure(let fault) = approvals.register("more", "?", tool: "t") else {
            Issue.record("one more was put down")
            return
        }
        #expect(fault.message.contains("256 questions wait"))
        #expect(try place.open().get().notes.count == Approvals.limit)
        clock.now.withLock { $0 += 10 }
        _ = try approvals.register("more", "?", tool: "t").get()
    }

    @Test func expires() throws {
        let (place, clock) = (try Place(), Clock())
        let approvals = approvals(place, clock)
        let id = try approvals.register("d1", "?", tool: "t").get()
        let directory = try place.open().get()
        try directory.approve(try #require(directory.note(id))).get()
        clock.now.withLock { $0 += 10 }
        #expect(approvals.take("d1") == nil)
        #expect(try approvals.register("d1", "?", tool: "t").get() != id)
        #expect(directory.note(id) == nil)
    }

    @Test func countsForTheServerThatAskedOnly() throws {
        let (place, clock) = (try Place(), Clock())
        let names = countingRandom()
        let asked = approvals(place, clock, names: names)
        let other = approvals(place, clock, names: names)
        let id = try asked.register("d1", "?", tool: "t").get()
        let directory = try place.open().get()
        try directory.approve(try #require(directory.note(id))).get()
        #expect(other.take("d1") == nil)
        #expect(asked.take("d1") == id)
    }

    @Test func trustsNoForeignFiles() throws {
        let (place, clock) = (try Place(), Clock())
        let approvals = approvals(place, clock)
        let id = try approvals.register("d1", "?", tool: "t").get()
        let file = "\(place.path)/\(id).approval"
        try "d1".write(toFile: "\(place.parent)/elsewhere", atomically: false, encoding: .utf8)
        chmod("\(place.parent)/elsewhere", 0o600)
        symlink("\(place.parent)/elsewhere", file)
        #expect(approvals.take("d1") == nil)
        unlink(file)
        link("\(place.parent)/elsewhere", file)
        #expect(approvals.take("d1") == nil)
        unlink(file)
        try "d1".write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, 0o644)
        #expect(approvals.take("d1") == nil)
        chmod(file, 0o600)
        #expect(approvals.take("d1") == id)
    }

    @Test func trustsNoOpenDirectory() throws {
        let place = try Place()
        _ = try place.open().get()
        var status = stat()
        #expect(stat(place.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        chmod(place.path, 0o750)
        #expect(throws: ApprovalFault.self) { try place.open().get() }
        rmdir(place.path)
        mkdir("\(place.parent)/real", 0o700)
        symlink("\(place.parent)/real", place.path)
        #expect(throws: ApprovalFault.self) { try place.open().get() }
    }

    @Test func knowsItsPlaces() {
        #expect(
            ApprovalDirectory.places(["XDG_RUNTIME_DIR": "/run/x", "HOME": "/h"], home: "/h", user: 7)
                == ["/run/x/pve-mcp", "/run/user/7/pve-mcp", "/h/.local/state/pve-mcp"])
        #expect(ApprovalDirectory.places(["XDG_RUNTIME_DIR": "x"], home: nil, user: 7) == ["/run/user/7/pve-mcp"])
    }

    @Test func takesNoPathForAnId() throws {
        let directory = try Place().open().get()
        for id in ["", ".", "../../x", "abcdefg", "abcdefghi", "ABCDEFGH", "abc/efgh"] {
            #expect(!ApprovalNote.isID(id))
            #expect(directory.note(id) == nil)
        }
    }

    @Test func listsWhatStands() {
        let note = ApprovalNote(
            id: "abcdefgh", digest: "d", tool: "pve_x", question: "Delete\nit\u{1B}[0m", asked: 100, expires: 110)
        #expect(ApproveCommand.list([note], now: 110) == "Nothing waits for approval.")
        #expect(ApproveCommand.list([note], now: 109).hasPrefix("abcdefgh  pve_x  Delete it [0m\n"))
        #expect(
            ApproveCommand.text(of: note, now: 103).hasSuffix(
                "Asked by pve_x 3 s ago; the question stands for another 7 s."))
        #expect(ApprovalNote(json: note.json) == note)
        #expect(ApprovalNote(json: Array("{}".utf8)) == nil)
    }
}
