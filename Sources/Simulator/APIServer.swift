// From a request to its reply: faults, login, routing, permission, parameters, then the cluster.
// SPDX-License-Identifier: MIT

import Glibc
import JSON
import Synchronization

/// The simulated API daemon. Any thread may call it.
final class APIServer: Sendable {
    let validator: Validator
    let world: World
    let credentials: Credentials
    let faults: Faults
    let log: RequestLog
    /// Milliseconds a 401 is held back; 3000 on a real server.
    let loginDelay: Int
    /// Whether `/sim/faults` and `/sim/log` exist.
    let hasControl: Bool
    let sleep: @Sendable (Int) -> Void
    private let rightsCache = Mutex((revision: Int, rights: Rights)?.none)

    init(
        facts: APIFacts, world: World, credentials: Credentials, faults: Faults = Faults(),
        log: RequestLog = RequestLog(file: nil, keeps: false), loginDelay: Int = 0, hasControl: Bool = false,
        sleep: @escaping @Sendable (Int) -> Void = { usleep(UInt32(clamping: $0 * 1000)) }
    ) {
        validator = Validator(facts: facts)
        self.world = world
        self.credentials = credentials
        self.faults = faults
        self.log = log
        self.loginDelay = loginDelay
        self.hasControl = hasControl
        self.sleep = sleep
    }

    /// Answers one request.
    func handle(_ request: HTTPRequest) -> HTTPReply {
        if hasControl, request.path.hasPrefix("/sim/") { return HTTPReply(control(request)) }
        var entry = LogEntry(method: request.method, path: String(request.path), status: 0)
        guard let target = APITarget(request.path) else {
            let reason = request.path.hasPrefix("/api2") ? "no such uri" : "no such file '\(request.path)'"
            entry.status = 501
            log.add(entry)
            return HTTPReply(.plain(501, reason))
        }
        let met = faults.meet(method: request.method, path: target.parts)
        if met.latency > 0 { sleep(met.latency) }
        var reply: HTTPReply
        if met.isSilent {
            reply = HTTPReply(.plain(0, ""))
            reply.delivery = .silence
        } else if let status = met.status {
            reply = HTTPReply(faulty(status.code, status.reason, status.body))
        } else {
            let plain = answer(request, target, &entry)
            // The journal is passed on as its reader compressed it, whatever the client takes.
            let isJournal = entry.template == "/nodes/{node}/journal" && plain.status == 200
            reply = HTTPReply(plain.encoded(for: request, always: isJournal))
        }
        if met.isDropped { reply.delivery = .dropped }
        if met.isHalf { reply.delivery = .half }
        reply.endsSilently = met.endsSilently
        entry.status = reply.answer.status
        entry.faults = met.rules
        log.add(entry)
        if reply.answer.status == 401, loginDelay > 0 { sleep(loginDelay) }
        return reply
    }

    private func faulty(_ status: Int, _ reason: String?, _ body: FaultRule.Body) -> HTTPAnswer {
        let reason = reason ?? HTTPAnswer.phrase(for: status)
        switch body {
        case .json: return APIFormat.json.answer(.failure(status: status, message: reason))
        case .empty: return .plain(status, reason)
        case .html:
            let page = "<html><head><title>\(status) \(reason)</title></head><body><h1>\(reason)</h1></body></html>\n"
            return HTTPAnswer(status: status, reason: reason, contentType: "text/html", body: Array(page.utf8))
        }
    }

    private func answer(_ request: HTTPRequest, _ target: APITarget, _ entry: inout LogEntry) -> HTTPAnswer {
        let facts = validator.facts
        let found = facts.endpoint(method: request.method, path: target.parts)
        var principal: Principal?
        if found?.endpoint.isOpen != true {
            do throws(LoginError) {
                let known = try credentials.principal(of: request, isExemptFromPrevention: HTTPRules.isUpload(request))
                entry.caller = known.id
                // Disabled and expired ones are told no more than those who do not exist.
                guard world.isActive(known) else { throw LoginError(reason: "Authentication failed!") }
                principal = known
            } catch {
                return .plain(401, error.reason)
            }
        }
        var given: [String: ParameterValue]
        do throws(RequestParameters.ReadError) {
            given = try RequestParameters(request).values
        } catch {
            return .plain(500, error.message, body: error.message + "\n")
        }
        entry.parameters = given
        guard let found, let endpoint = found.endpoint as APIEndpoint? else {
            return target.format.answer(Self.notImplemented(request.method, target))
        }
        entry.template = endpoint.template
        for (name, value) in zip(endpoint.pathNames, found.values) {
            if let other = given[name], other.text != value {
                let text = "duplicate parameter (already defined in URI) with conflicting values!"
                return target.format.answer(Self.parameterFailure([(name, text)]))
            }
            given[name] = .text(value)
        }
        entry.parameters = given
        return target.format.answer(carryOut(endpoint, given, principal, request, target))
    }

    private func carryOut(
        _ endpoint: APIEndpoint, _ given: [String: ParameterValue], _ principal: Principal?, _ request: HTTPRequest,
        _ target: APITarget
    ) -> APIAnswer {
        var given = given
        if let principal {
            let values = given.compactMapValues { $0.text }
            let check = PermissionCheck(principal: principal, rights: rights(for: principal), values: values)
            if let denial = check.denial(of: endpoint) { return .failure(status: 403, message: denial) }
        }
        if let node = given["node"]?.text, endpoint.pathNames.contains("node") {
            if node == "localhost" {
                given["node"] = .text("pve1")
            } else if endpoint.isForwarded, let failure = unreachable(node) {
                return failure
            }
        }
        let size = given.removeValue(forKey: "#size")?.text
        let (checked, errors) = validator.check(given, of: endpoint)
        if !errors.isEmpty { return Self.parameterFailure(errors.texts) }
        var call = APICall(
            method: endpoint.method, template: endpoint.template, values: checked.values, lists: checked.lists,
            caller: principal?.id ?? "")
        if let size { call.values["#size"] = size }
        if let refusal = RootOnly.refusal(of: call) { return refusal }
        if let own = accessAnswer(call, principal) { return own }
        guard world.knows(method: call.method, template: call.template) else {
            return Self.notImplemented(request.method, target)
        }
        let answer = world.answer(call)
        guard case .data(let json, let total) = answer else { return answer }
        if call.method != "GET" { noteChange(call, json) }
        if let principal, let rows = VisibleRows(call.template, principal: principal, rights: rights(for: principal)) {
            return .data(json: rows.filtered(json), total: total)
        }
        return answer
    }

    private func unreachable(_ node: String) -> APIAnswer? {
        switch world.nodeState(node) {
        case .online: return nil
        case .offline: return .failure(status: 595, message: "No route to host")
        case .unknown:
            let reason = "failed to get address info for: \(node): Name or service not known"
            return .failure(status: 500, message: "hostname lookup '\(node)' failed - \(reason)")
        }
    }

    private static func notImplemented(_ method: String, _ target: APITarget) -> APIAnswer {
        .failure(status: 501, message: "Method '\(method) /\(target.parts.joined(separator: "/"))' not implemented")
    }

    static func parameterFailure(_ errors: [(parameter: String, text: String)]) -> APIAnswer {
        .failure(status: 400, message: "Parameter verification failed.", errors: errors)
    }
}

extension APIServer {
    /// The rights in force.
    func rights(for principal: Principal) -> Rights {
        rightsCache.withLock { cache in
            if let newer = world.rights(since: cache?.revision) { cache = newer }
            return cache?.rights ?? Rights()
        }
    }

    /// Follows what a successful write changed about passwords and secrets.
    private func noteChange(_ call: APICall, _ json: [UInt8]) {
        let user = call.values["userid"] ?? ""
        switch (call.method, call.template) {
        case ("POST", "/access/users"):
            if let password = call.values["password"] { credentials.setPassword(password, ofUser: user) }
        case ("DELETE", "/access/users/{userid}"):
            credentials.removeUser(user)
        case ("POST", "/access/users/{userid}/token/{tokenid}"), ("PUT", "/access/users/{userid}/token/{tokenid}"):
            if let answer = try? JSONDocument(json).root, let secret = answer["value"]?.string {
                credentials.setSecret(secret, ofToken: "\(user)!\(call.values["tokenid"] ?? "")")
            }
        case ("DELETE", "/access/users/{userid}/token/{tokenid}"):
            credentials.removeToken("\(user)!\(call.values["tokenid"] ?? "")")
        default: break
        }
    }
}
