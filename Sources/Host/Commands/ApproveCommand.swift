// pve-mcp approve [ID]: a person says yes to what a call would lose (PVE_CONFIRM=person).
// SPDX-License-Identifier: MIT

import Glibc

enum ApproveCommand {
    /// Lists the questions, or shows one and asks. 1 when there is no such question, or no yes.
    static func run(_ operands: [String], yes: Bool) -> Int32 {
        let directories = openDirectories()
        guard let id = operands.first else {
            print(list(directories.flatMap(\.notes), now: Approvals.clock()))
            return 0
        }
        guard operands.count == 1 else {
            Log.error("approve takes one id; see pve-mcp approve for the questions that stand")
            return 2
        }
        guard let (directory, note) = find(id, directories), Approvals.clock() < note.expires else {
            Log.error(
                "no question \(quoted(shown(id))) stands here; it may have expired. pve-mcp approve lists what stands")
            return 1
        }
        print(text(of: note, now: Approvals.clock()))
        if directory.isApproved(id) {
            print("It has been approved already; the call has to be repeated now.")
            return 0
        }
        guard yes || isConfirmed() else { return 1 }
        // Answering takes time.
        guard Approvals.clock() < note.expires else {
            Log.error("the question has expired meanwhile; the call has to be made again")
            return 1
        }
        if case .failure(let fault) = directory.approve(note) {
            Log.error("the approval cannot be written: \(fault.message)")
            return 1
        }
        print("Approved. It counts once, when the call is repeated as it was.")
        return 0
    }

    /// What stands, a line each.
    static func list(_ notes: [ApprovalNote], now: Int64) -> String {
        let standing = notes.filter { now < $0.expires }
        if standing.isEmpty { return "Nothing waits for approval." }
        return standing.map { "\($0.id)  \($0.tool)  \(printable($0.question))" }.joined(separator: "\n")
            + "\npve-mcp approve ID approves one of them."
    }

    /// A question as the person reads it.
    static func text(of note: ApprovalNote, now: Int64) -> String {
        "\(printable(note.question))\nAsked by \(note.tool) \(max(0, now - note.asked)) s ago; "
            + "the question stands for another \(max(0, note.expires - now)) s."
    }

    /// Nothing that a terminal would take for a command.
    private static func printable(_ text: String) -> String {
        text.withoutControls
    }

    private static func isConfirmed() -> Bool {
        guard isatty(0) == 1 else {
            Log.error("approve asks on a terminal, and standard input is none: a person runs it where they can answer")
            return false
        }
        print("Do it? [y/N] ", terminator: "")
        fflush(nil)
        let answer = readLine()?.lowercased()
        if answer == "y" || answer == "yes" { return true }
        print("Not approved.")
        return false
    }

    private static func openDirectories() -> [ApprovalDirectory] {
        ApprovalDirectory.places.compactMap { place in
            switch ApprovalDirectory.open(place) {
            case .success(let directory): return directory
            case .failure(let fault):
                if access(place, F_OK) == 0 { Log.warning("not looked at: \(fault.message)") }
                return nil
            }
        }
    }

    private static func find(_ id: String, _ directories: [ApprovalDirectory]) -> (ApprovalDirectory, ApprovalNote)? {
        for directory in directories { if let note = directory.note(id) { return (directory, note) } }
        return nil
    }
}
