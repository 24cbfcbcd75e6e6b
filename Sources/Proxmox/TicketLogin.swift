// When to log in with a user and password, and what to send with requests afterwards.
// SPDX-License-Identifier: MIT

/// The life of a login ticket as a state machine: it says what to do next and is told what came of it.
///
/// A ticket lives two hours (POST /access/ticket) and is renewed before, by posting it in place of the password.
struct TicketLogin {
    /// What a login gave: the cookie's value and what writes carry beside it.
    struct Ticket: Equatable {
        let value: String
        let csrf: String
    }

    enum Step: Equatable {
        case use(Ticket)
        /// Post this as the password. The caller reports ``accepted(_:now:)`` or ``rejected(_:now:)``.
        case logIn(password: String)
        /// A login is under way; ask again when it has ended.
        case wait
        /// The password was refused a moment ago; another try would only delay everybody, or lock the user out.
        case refused
    }

    private enum State {
        case none
        case asking(isRenewal: Bool)
        case held(Ticket, since: UInt64)
        case refused(Failure, until: UInt64)
    }

    /// Nanoseconds after which a ticket is renewed.
    static let renewAfter: UInt64 = 90 * 60 * 1_000_000_000
    /// Nanoseconds after which it is worth nothing, with a margin.
    static let lifetime: UInt64 = 118 * 60 * 1_000_000_000
    /// Nanoseconds for which a refused password is not tried again.
    static let pause: UInt64 = 10 * 1_000_000_000

    private let password: String
    private var state = State.none

    init(password: String) {
        self.password = password
    }

    /// Why the last login was refused, while that holds.
    var refusal: Failure? {
        if case .refused(let failure, _) = state { failure } else { nil }
    }

    mutating func next(now: UInt64) -> Step {
        switch state {
        case .none: break
        case .asking: return .wait
        case .held(let ticket, let since):
            let age = now &- since
            if age < TicketLogin.renewAfter { return .use(ticket) }
            if age < TicketLogin.lifetime { return renew(ticket) }
        case .refused(_, let until): if now < until { return .refused }
        }
        state = .asking(isRenewal: false)
        return .logIn(password: password)
    }

    private mutating func renew(_ ticket: Ticket) -> Step {
        state = .asking(isRenewal: true)
        return .logIn(password: ticket.value)
    }

    mutating func accepted(_ ticket: Ticket, now: UInt64) {
        state = .held(ticket, since: now)
    }

    /// The login failed. Returns true when it was a renewal: then the next step is a login with the password.
    mutating func rejected(_ failure: Failure, now: UInt64) -> Bool {
        defer {
            switch failure {
            case .unauthorized, .needsSecondFactor: break
            // Not the password's fault, so the next request may try.
            default: state = .none
            }
        }
        if case .asking(isRenewal: true) = state {
            state = .none
            return true
        }
        state = .refused(failure, until: now + TicketLogin.pause)
        return false
    }

    /// A request with `ticket` was answered 401: it is worth nothing any more.
    mutating func lost(_ ticket: Ticket) {
        if case .held(ticket, _) = state { state = .none }
    }
}
