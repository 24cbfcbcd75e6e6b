// The questions that this server has put down for a person, and their approvals.
// SPDX-License-Identifier: MIT

import Glibc

/// Why a question cannot be put down, or an approval not be given.
struct ApprovalFault: Error, Equatable {
    let message: String
}

/// Remembers which question stands for which call: an approval counts for a question of this process only, however it got
/// into the directory.
final class Approvals {
    private struct Entry {
        let id: String
        /// Seconds since 1970.
        let expires: Int64
    }

    /// Questions that may wait for a person at the same time.
    static let limit = 256

    private let seconds: Int
    private let random: RandomSource
    private let openDirectory: () -> Result<ApprovalDirectory, ApprovalFault>
    private let now: () -> Int64
    private var entries: [String: Entry] = [:]

    init(
        seconds: Int, random: RandomSource, now: @escaping () -> Int64 = Approvals.clock,
        openDirectory: @escaping () -> Result<ApprovalDirectory, ApprovalFault> = { ApprovalDirectory.make() }
    ) {
        self.seconds = seconds
        self.random = random
        self.now = now
        self.openDirectory = openDirectory
    }

    /// Seconds since 1970, which other processes know too.
    static func clock() -> Int64 { Int64(time(nil)) }

    /// The id of the approval for a call, which is used up by that.
    func take(_ digest: String) -> String? {
        let now = now()
        guard let entry = entries[digest], now < entry.expires, case .success(let directory) = openDirectory(),
            directory.takeApproval(entry.id, digest)
        else { return nil }
        entries[digest] = nil
        return entry.id
    }

    /// Puts a question down; one that stands already keeps its id.
    func register(_ digest: String, _ question: String, tool: String) -> Result<String, ApprovalFault> {
        let now = now()
        entries = entries.filter { now < $0.value.expires }
        if let entry = entries[digest] { return .success(entry.id) }
        guard entries.count < Approvals.limit else {
            let text = "\(entries.count) questions wait for a person already; answer them, or let them expire"
            return .failure(ApprovalFault(message: text))
        }
        guard let id = random.name() else {
            return .failure(ApprovalFault(message: "the system gives no randomness"))
        }
        let note = ApprovalNote(
            id: id, digest: digest, tool: tool, question: question, asked: now, expires: now + Int64(seconds))
        return openDirectory().flatMap { directory in
            directory.removeExpired(now)
            return directory.write(note).map { _ in
                entries[digest] = Entry(id: id, expires: note.expires)
                return id
            }
        }
    }
}
