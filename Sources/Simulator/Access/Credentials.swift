// Passwords, token secrets and tickets.
// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// What proves who somebody is. Any thread may use it.
final class Credentials: Sendable {
    private struct State {
        var secrets: [String: String] = [:]
        var passwords: [String: String] = [:]
        var tickets: [String: (user: String, madeAt: Int)] = [:]
        var preventionTokens: [String: String] = [:]
    }

    /// Tickets end after two hours.
    static let ticketLifetime = 7200

    private let state = Mutex(State())
    private let now: @Sendable () -> Int

    /// `now` gives seconds since 1970.
    init(now: @escaping @Sendable () -> Int = { time(nil) }) {
        self.now = now
    }

    func setSecret(_ secret: String, ofToken id: String) { state.withLock { $0.secrets[id] = secret } }

    func setPassword(_ password: String, ofUser user: String) { state.withLock { $0.passwords[user] = password } }

    func removeToken(_ id: String) { state.withLock { $0.secrets[id] = nil } }

    /// Forgets a user's password, tokens and tickets.
    func removeUser(_ user: String) {
        state.withLock { state in
            state.passwords[user] = nil
            state.secrets = state.secrets.filter { !$0.key.hasPrefix(user + "!") }
            state.tickets = state.tickets.filter { $0.value.user != user }
        }
    }

    func isSecret(_ secret: String, ofToken id: String) -> Bool {
        state.withLock { state in state.secrets[id].map { Self.equal($0, secret) } ?? false }
    }

    /// Whether `password` is the user's password, or a ticket of the user that still holds.
    func isPassword(_ password: String, ofUser user: String) -> Bool {
        if self.user(ofTicket: password) == user { return true }
        return state.withLock { state in state.passwords[user].map { Self.equal($0, password) } ?? false }
    }

    /// A new ticket and the token that guards its writes against forged requests.
    func issueTicket(for user: String) -> (ticket: String, preventionToken: String) {
        let madeAt = now()
        let stamp = Self.hex(madeAt)
        let ticket = "PVE:\(user):\(stamp)::\(Self.random(bytes: 48))"
        let preventionToken = "\(stamp):\(Self.random(bytes: 24))"
        state.withLock { state in
            state.tickets = state.tickets.filter { madeAt - $0.value.madeAt < Self.ticketLifetime }
            state.tickets[ticket] = (user, madeAt)
            state.preventionTokens = state.preventionTokens.filter { state.tickets[$0.value] != nil }
            state.preventionTokens[preventionToken] = ticket
        }
        return (ticket, preventionToken)
    }

    /// The user a ticket was made for; nil when it is unknown or too old.
    func user(ofTicket ticket: String) -> String? {
        let now = now()
        return state.withLock { state in
            state.tickets[ticket].flatMap { now - $0.madeAt < Self.ticketLifetime ? $0.user : nil }
        }
    }

    /// Whether the token was given out to this user, with any ticket.
    func isPreventionToken(_ token: String, ofUser user: String) -> Bool {
        state.withLock { state in
            state.preventionTokens[token].flatMap { state.tickets[$0]?.user } == user
        }
    }

    private static func equal(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func hex(_ number: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }

    /// Random hex digits from the system.
    static func random(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let byte = UInt8.random(in: 0...255, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// A random secret in the notation of a UUID, as Proxmox makes them.
    static func newSecret() -> String {
        let digits = Array(random(bytes: 16))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}
