// The REST client: requests in, answers or failures out.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON

/// Talks to one Proxmox VE server. Used on the thread of its event loop only.
///
/// Every request passes the policy, is encoded and checked, carries the login, and is sent at most once if it writes.
/// Completions run once, on the loop's thread, never before the call that was given them has returned.
public final class Client {
    let settings: ConnectionSettings
    let loop: EventLoop
    private let policy: RequestPolicy
    private let transport: Transport
    private var counter: UInt64 = 0
    private var exchanges: [UInt64: Exchange] = [:]

    private var authorization: Authorization?
    private var login: TicketLogin?
    private var waitingForLogin: [UInt64] = []

    private var release = ReleaseState.unknown
    private var waitingForRelease: [UInt64] = []

    var guests = GuestDirectory()
    var guestWaiters: [GuestWaiter] = []
    var taskWaits: [TaskTicket: TaskFollower] = [:]
    var taskCounter: UInt64 = 0
    /// The longest time for which a wait for a task reports nothing.
    var taskReportMilliseconds = 10_000

    private enum ReleaseState {
        case unknown
        case asking
        case known(ServerVersion)
        /// The server would not say; requests go without.
        case unavailable
    }

    /// A request on its way.
    private struct Exchange {
        var request: Request
        var encoded: EncodedRequest
        let completion: (Result<Answer, Failure>) -> Void
        /// Asks for the version itself, so does not wait for it.
        var isVersion = false
        var ticket: TicketLogin.Ticket?
        var wasRepeated = false
        var hasLoggedInAgain = false
    }

    public init(settings: ConnectionSettings, policy: RequestPolicy, loop: EventLoop) {
        self.settings = settings
        self.policy = policy
        self.loop = loop
        transport = Transport(settings: settings, loop: loop)
        if case .password(_, let password) = settings.credentials { login = TicketLogin(password: password) }
    }

    /// Whether libcurl has been opened, which the first request does.
    public var isOpen: Bool { transport.isOpen }

    /// Sends a request.
    @discardableResult
    public func send(_ request: Request, completion: @escaping (Result<Answer, Failure>) -> Void) -> RequestTicket {
        send(request, isVersion: false, completion: completion)
    }

    private func send(
        _ request: Request, isVersion: Bool, completion: @escaping (Result<Answer, Failure>) -> Void
    ) -> RequestTicket {
        counter += 1
        let id = counter
        do throws(Failure) {
            let encoded = try EncodedRequest(request, base: settings.baseURL)
            exchanges[id] = Exchange(request: request, encoded: encoded, completion: completion, isVersion: isVersion)
            advance(id)
        } catch {
            loop.after(milliseconds: 0) { completion(.failure(error)) }
        }
        return RequestTicket(number: id)
    }

    /// Gives a request up; it completes as cancelled. A write that has left may be carried out all the same.
    public func cancel(_ ticket: RequestTicket) {
        let id = ticket.number
        guard let exchange = exchanges[id] else { return }
        let wasSent = transport.stop(id) && exchange.request.isWrite
        finishLater(id, .cancelled(request: exchange.request.name, sent: wasSent))
    }

    /// Gives a request up unless some of it has left; then it goes on to its end.
    public func withdraw(_ ticket: RequestTicket) {
        if !transport.hasSent(ticket.number) { cancel(ticket) }
    }

    /// Why a request would be refused before it leaves; nil when nothing is known against it. The release counts only
    /// once it is known.
    public func refusal(of request: Request) -> Failure? {
        let adapted = policy.adapt(request, release: knownRelease) ?? request
        guard let failure = policy.check(adapted, release: knownRelease) else { return nil }
        if knownRelease == nil, policy.usesRelease, case .schema = failure { return nil }
        return failure
    }

    // MARK: Steps of a request

    private func advance(_ id: UInt64) {
        guard let exchange = exchanges[id] else { return }
        if policy.usesRelease, !exchange.isVersion, case .unknown = release { askRelease() }
        if !exchange.isVersion, case .asking = release {
            waitingForRelease.append(id)
            return
        }
        if let why = transport.open() { return finishLater(id, .noHTTP(why: why)) }
        guard let authorization = authorized(id) else { return }
        leave(id, authorization)
    }

    /// The one place where requests leave.
    private func leave(_ id: UInt64, _ authorization: Authorization) {
        guard var exchange = exchanges[id] else { return }
        if let adapted = policy.adapt(exchange.request, release: knownRelease) {
            do throws(Failure) {
                exchange.encoded = try EncodedRequest(adapted, base: settings.baseURL)
                exchange.request = adapted
            } catch {
                return finishLater(id, error)
            }
        }
        if let refusal = policy.check(exchange.request, release: knownRelease) { return finishLater(id, refusal) }
        exchange.ticket = authorization.ticket
        exchanges[id] = exchange
        let encoded = exchange.encoded
        let message = Transport.Message(
            method: encoded.method, url: encoded.url, body: encoded.body,
            headers: exchange.request.isWrite ? authorization.writes : authorization.reads,
            isFresh: exchange.wasRepeated)
        transport.start(id, message) { [weak self] outcome in self?.received(id, outcome) }
    }

    private func received(_ id: UInt64, _ outcome: Transport.Outcome) {
        guard var exchange = exchanges[id] else { return }
        let isRead = !exchange.request.isWrite
        if isRead, outcome.wasReused, outcome.end == .lost, !exchange.wasRepeated {
            // The server had closed the kept connection. Reading twice is harmless.
            exchange.wasRepeated = true
            exchanges[id] = exchange
            return advance(id)
        }
        let reader = AnswerReader(
            request: exchange.request, credentials: settings.credentials, receivedAt: loop.now(),
            release: knownRelease)
        let result = TransferReader(reader: reader, settings: settings).read(outcome)
        if case .failure(.unauthorized) = result, let ticket = exchange.ticket {
            forget(ticket)
            if isRead, !exchange.hasLoggedInAgain {
                exchange.hasLoggedInAgain = true
                exchanges[id] = exchange
                return advance(id)
            }
        }
        if case .failure(let failure) = result, failure.isMissingGuest, let vmid = exchange.request.path["vmid"] {
            Int64(vmid).map { guests.forget($0) }
        }
        if case .success = result, !isRead {
            for vmid in GuestDirectory.changed(by: exchange.request) { guests.forget(vmid) }
        }
        exchanges[id] = nil
        exchange.completion(result)
    }

    private func finishLater(_ id: UInt64, _ failure: Failure) {
        guard let exchange = exchanges.removeValue(forKey: id) else { return }
        loop.after(milliseconds: 0) { exchange.completion(.failure(failure)) }
    }

    // MARK: Login

    /// The headers for a request; nil when it has to wait for a login, or has been ended for want of one.
    private func authorized(_ id: UInt64) -> Authorization? {
        switch settings.credentials {
        case .token(let tokenID, let secret):
            if authorization == nil { authorization = Authorization(tokenID: tokenID, secret: secret) }
            return authorization
        case .password(let user, let password):
            var state = login ?? TicketLogin(password: password)
            defer { login = state }
            switch state.next(now: loop.now()) {
            case .use(let ticket):
                if authorization?.ticket != ticket { authorization = Authorization(ticket) }
                return authorization
            case .logIn(let password):
                waitingForLogin.append(id)
                startLogin(user, password)
            case .wait: waitingForLogin.append(id)
            case .refused:
                finishLater(
                    id, state.refusal ?? .unauthorized(identity: user, isToken: false, reason: "refused before"))
            }
            return nil
        }
    }

    /// The client's own exchange, not a caller's request: its path and its values come from the settings alone.
    private func startLogin(_ user: String, _ password: String) {
        let request = Request(
            .post, "/access/ticket", [.init("username", .string(user)), .init("password", .string(password))])
        let encoded: EncodedRequest
        do throws(Failure) {
            encoded = try EncodedRequest(request, base: settings.baseURL)
        } catch {
            return loginEnded(.failure(error))
        }
        let message = Transport.Message(
            method: .post, url: encoded.url, body: encoded.body, headers: Authorization.none())
        counter += 1
        transport.start(counter, message) { [weak self] outcome in
            guard let self else { return }
            let reader = AnswerReader(request: request, credentials: settings.credentials, receivedAt: loop.now())
            loginEnded(
                TransferReader(reader: reader, settings: settings).read(outcome).flatMap { ticket(in: $0, user) })
        }
    }

    private func ticket(in answer: Answer, _ user: String) -> Result<TicketLogin.Ticket, Failure> {
        if answer.data?["NeedTFA"]?.lenientBool == true { return .failure(.needsSecondFactor(user: user)) }
        guard let value = answer.data?["ticket"]?.string, let csrf = answer.data?["CSRFPreventionToken"]?.string,
            csrf.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return .failure(.badAnswer(request: "POST /access/ticket", why: "an answer without a ticket")) }
        return .success(TicketLogin.Ticket(value: value, csrf: csrf))
    }

    private func loginEnded(_ result: Result<TicketLogin.Ticket, Failure>) {
        let waiting = waitingForLogin
        waitingForLogin = []
        switch result {
        case .success(let ticket):
            login?.accepted(ticket, now: loop.now())
        case .failure(let failure):
            let wasRenewal = login?.rejected(failure, now: loop.now()) ?? false
            if !wasRenewal {
                // A login changes nothing, so what is said of lost writes would mislead.
                let shown = failure.asLogin(seconds: settings.timeoutSeconds)
                for id in waiting { finishLater(id, shown) }
                return
            }
        }
        for id in waiting { advance(id) }
    }

    private func forget(_ ticket: TicketLogin.Ticket) {
        login?.lost(ticket)
    }

    // MARK: Version

    /// The release of the server, once a request has learnt it.
    public var knownRelease: String? {
        if case .known(let version) = release { version.version } else { nil }
    }

    /// Takes over a version that somebody else has learnt of the same server, if none is known yet.
    public func assumeVersion(_ version: String) {
        if case .unknown = release { release = .known(ServerVersion(version: version, release: version)) }
    }

    /// Asks for the server's version, once; later calls are answered from memory.
    public func version(completion: @escaping (Result<ServerVersion, Failure>) -> Void) {
        if case .known(let version) = release {
            loop.after(milliseconds: 0) { completion(.success(version)) }
            return
        }
        _ = send(Request(.get, "/version"), isVersion: true) { [unowned self] result in
            completion(result.flatMap { ServerVersion.read($0) }.map { remember($0) })
        }
    }

    private func remember(_ version: ServerVersion) -> ServerVersion {
        release = .known(version)
        return version
    }

    private func askRelease() {
        release = .asking
        version { [unowned self] result in
            let waiting = waitingForRelease
            waitingForRelease = []
            switch result {
            case .success: break
            case .failure(let failure) where failure.isOfTheConnection:
                release = .unknown
                for id in waiting { finishLater(id, failure) }
                return
            case .failure: release = .unavailable
            }
            for id in waiting { advance(id) }
        }
    }
}

extension Failure {
    /// Whether every other request would fail alike.
    fileprivate var isOfTheConnection: Bool {
        switch self {
        case .noHTTP, .unreachable, .tls, .unauthorized, .needsSecondFactor: true
        default: false
        }
    }

    /// The failure of a login, for the request that needed it.
    fileprivate func asLogin(seconds: Double) -> Failure {
        if case .connectionLostAfterWrite(_, let why) = self {
            return .connectionLost(request: "the login (POST /access/ticket)", why: why)
        }
        return self
    }
}
