// The client against a server that misbehaves.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON
import TestServer
import Testing

@testable import Proxmox

@Suite("Client")
struct ClientTests {
    static let token = Credentials.token(id: "root@pam!mcp", secret: "geheim")

    /// A client, its loop, and what has been answered so far.
    final class Run {
        let loop = EventLoop()
        let client: Client
        var results: [Result<Answer, Failure>] = []

        init(
            _ server: LoopbackServer, credentials: Credentials = ClientTests.token, timeout: Double = 20,
            policy: RequestPolicy = UncheckedPolicy()
        ) throws {
            var settings = ConnectionSettings(
                baseURL: try BaseURL("http://127.0.0.1:\(server.port)"), credentials: credentials)
            settings.timeoutSeconds = timeout
            client = Client(settings: settings, policy: policy, loop: loop)
        }

        /// Sends the requests at once and runs the loop until all are answered. Results are in the order of the requests.
        func send(_ requests: Request...) -> [Result<Answer, Failure>] {
            var answers = [Result<Answer, Failure>?](repeating: nil, count: requests.count)
            var left = requests.count
            for (index, request) in requests.enumerated() {
                client.send(request) { [loop] result in
                    #expect(answers[index] == nil, "completed twice")
                    answers[index] = result
                    left -= 1
                    if left == 0 { loop.stop() }
                }
            }
            loop.run()
            return answers.compactMap { $0 }
        }
    }

    func failure(_ result: Result<Answer, Failure>?) -> Failure? {
        if case .failure(let failure)? = result { failure } else { nil }
    }

    @Test("a kept connection carries one reading request after the other, with the token")
    func reusesConnections() throws {
        let server = LoopbackServer { .data("\($0.number)") }
        let run = try Run(server)
        #expect(!run.client.isOpen)
        for number in 1...3 {
            #expect(try run.send(Request(.get, "/nodes"))[0].get().data?.int == Int64(number))
        }
        #expect(run.client.isOpen)
        #expect(server.connectionCount == 1)
        let keys = server.requests.map { $0.header("Authorization") }
        #expect(keys.allSatisfy { $0 == "PVEAPIToken=root@pam!mcp=geheim" })
        #expect(server.requests.allSatisfy { $0.header("Expect") == nil })
    }

    @Test("requests that are cancelled while their connection is being made leave the others alone")
    func cancelsWhileConnecting() throws {
        let server = LoopbackServer { .data("\"\($0.line)\"") }
        let run = try Run(server)
        var failures: [Failure] = []
        var left = 48
        let tickets = (0..<48).map { index in
            run.client.send(Request(.get, "/n/{i}", path: ["i": "\(index)"])) { [loop = run.loop] result in
                switch result {
                case .success, .failure(.cancelled): break
                case .failure(let failure): failures.append(failure)
                }
                left -= 1
                if left == 0 { loop.stop() }
            }
        }
        // One after the other, from the loop, so that some are given up between the call to connect and its success.
        var odd = tickets.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)[...]
        func cancelNext() {
            guard let ticket = odd.popFirst() else { return }
            run.client.cancel(ticket)
            run.loop.after(milliseconds: 0, cancelNext)
        }
        cancelNext()
        run.loop.run()
        #expect(failures.isEmpty)
    }

    @Test("forty requests at once share eight connections and are all answered")
    func queues() throws {
        let server = LoopbackServer { .data("\"\($0.line)\"") }
        let run = try Run(server)
        var answers: [String] = []
        for index in 0..<40 {
            run.client.send(Request(.get, "/n/{i}", path: ["i": "\(index)"])) { [loop = run.loop] result in
                if let text = try? result.get().data?.string { answers.append(text) }
                if answers.count == 40 { loop.stop() }
            }
        }
        run.loop.run()
        #expect(Set(answers).count == 40)
        #expect(server.connectionCount <= 8)
    }

    @Test("the path arrives as it was encoded")
    func keepsPath() throws {
        let server = LoopbackServer { _ in .data("null") }
        let run = try Run(server)
        _ = run.send(Request(.get, "/storage/{v}", path: ["v": "local:a/../b"], [.init("full", .bool(true))]))
        #expect(server.lines == ["GET /api2/json/storage/local%3Aa%2F..%2Fb?full=1"])
    }

    @Test("each write opens a connection of its own and has its values in the body")
    func writesFresh() throws {
        let server = LoopbackServer { _ in .data("null") }
        let run = try Run(server)
        _ = run.send(Request(.get, "/a"))
        _ = run.send(Request(.post, "/b", [.init("x", .string("1 2"))]))
        _ = run.send(Request(.put, "/c", [.init("y", .int(3))]))
        _ = run.send(Request(.post, "/d"))
        _ = run.send(Request(.delete, "/e", [.init("purge", .bool(true))]))
        #expect(
            server.lines == [
                "GET /api2/json/a", "POST /api2/json/b", "PUT /api2/json/c", "POST /api2/json/d",
                "DELETE /api2/json/e?purge=1",
            ])
        #expect(Set(server.requests.map(\.connection)).count == 5)
        #expect(server.requests.map(\.body) == ["", "x=1%202", "y=3", "", ""])
        #expect(server.requests[1].header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(server.requests[3].header("Content-Length") == "0")
        #expect(server.requests[4].header("Content-Length") == nil)
        #expect(server.requests.allSatisfy { $0.header("Expect") == nil && $0.header("Transfer-Encoding") == nil })
    }

    @Test(
        "a write whose connection ends is sent once and reported as unknown", arguments: [Method.post, .put, .delete])
    func sendsWritesOnce(method: Method) throws {
        let server = LoopbackServer { $0.line.hasPrefix("GET") ? .data("1") : .close }
        let run = try Run(server)
        _ = run.send(Request(.get, "/a"))
        let result = run.send(Request(method, "/b"))[0]
        guard case .connectionLostAfterWrite? = failure(result) else {
            Issue.record("got \(result)")
            return
        }
        #expect(failure(result)?.message.contains("It may have been carried out") == true)
        #expect(server.lines.filter { !$0.hasPrefix("GET") }.count == 1)
    }

    @Test("a reading request is repeated when a kept connection turns out to be dead")
    func repeatsReads() throws {
        let server = LoopbackServer { $0.number == 2 ? .close : .data("\($0.number)") }
        let run = try Run(server)
        _ = run.send(Request(.get, "/a"))
        #expect(try run.send(Request(.get, "/b"))[0].get().data?.int == 3)
        #expect(server.lines == ["GET /api2/json/a", "GET /api2/json/b", "GET /api2/json/b"])
    }

    @Test("a reading request on a new connection is not repeated")
    func repeatsOnlyReused() throws {
        let server = LoopbackServer { _ in .close }
        let run = try Run(server)
        guard case .connectionLost? = failure(run.send(Request(.get, "/a"))[0]) else { return #expect(Bool(false)) }
        #expect(server.lines.count == 1)
    }

    @Test("half a body is no answer")
    func halfABody() throws {
        let server = LoopbackServer { _ in
            .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":[")
        }
        let run = try Run(server)
        #expect(failure(run.send(Request(.get, "/a"))[0])?.message.contains("in the middle of the answer") == true)
        guard case .connectionLostAfterWrite? = failure(run.send(Request(.post, "/b"))[0]) else {
            return #expect(Bool(false))
        }
    }

    @Test("silence ends in a timeout, of unknown outcome for a write")
    func silence() throws {
        let server = LoopbackServer { _ in .silence }
        let run = try Run(server, timeout: 0.2)
        let results = run.send(Request(.get, "/a"), Request(.post, "/b"))
        guard case .timeout? = failure(results[0]), case .connectionLostAfterWrite? = failure(results[1]) else {
            Issue.record("got \(results)")
            return
        }
    }

    @Test("status lines, bodies and reason phrases become failures")
    func failures() throws {
        let server = LoopbackServer { request in
            switch request.line {
            case "GET /api2/json/html": .answer(200, "OK", "<html></html>")
            case "GET /api2/json/nodes/pve9": .answer(595, "No route to host", "")
            case "GET /api2/json/401": .answer(401, "No ticket", "")
            case "GET /api2/json/junk": .rawThenClose("SSH-2.0-OpenSSH_9.2\r\n")
            default: .answer(501, "Method 'GET /x' not implemented", "")
            }
        }
        let run = try Run(server)
        let results = run.send(
            Request(.get, "/html"), Request(.get, "/nodes/{node}", path: ["node": "pve9"]), Request(.get, "/401"),
            Request(.get, "/x"), Request(.get, "/junk"))
        guard case .badAnswer? = failure(results[0]),
            case .nodeUnreachable(_, "pve9", "No route to host")? = failure(results[1]),
            case .unauthorized(_, _, "No ticket")? = failure(results[2]), case .notImplemented? = failure(results[3]),
            case .badAnswer? = failure(results[4])
        else {
            Issue.record("got \(results.map { failure($0)?.message ?? "" })")
            return
        }
    }

    @Test("nobody listening is unreachable, and nothing was sent, even for a write")
    func unreachable() throws {
        var server: LoopbackServer? = LoopbackServer { _ in .close }
        let run = try Run(server!)
        server = nil
        guard case .unreachable? = failure(run.send(Request(.post, "/a"))[0]) else { return #expect(Bool(false)) }
    }

    @Test("a cancelled request completes as cancelled, and says when it was a write that had left")
    func cancels() throws {
        let server = LoopbackServer { _ in .silence }
        let run = try Run(server)
        var messages: [String] = []
        var tickets: [RequestTicket] = []
        for method in [Method.get, .post] {
            tickets.append(
                run.client.send(Request(method, "/a")) { [loop = run.loop] result in
                    if case .failure(let failure) = result { messages.append(failure.message) }
                    if messages.count == 2 { loop.stop() }
                })
        }
        // Once both have arrived; the server does not answer, so the loop has nothing else to do.
        func cancelWhenArrived() {
            if server.lines.count == 2 { return tickets.forEach(run.client.cancel) }
            run.loop.after(milliseconds: 1) { cancelWhenArrived() }
        }
        cancelWhenArrived()
        run.loop.run()
        #expect(messages.count == 2)
        #expect(messages.contains("GET /api2/json/a was cancelled.") || messages.contains("GET /a was cancelled."))
        #expect(messages.contains { $0.contains("it may have been carried out") })
    }

    @Test("a user logs in once before the first request; writes carry the CSRF token")
    func logsIn() throws {
        let server = LoopbackServer { request in
            request.line == "POST /api2/json/access/ticket"
                ? .data(#"{"ticket":"PVE:root@pam:65::a+b/=","CSRFPreventionToken":"65:csrf","username":"root@pam"}"#)
                : .data("1")
        }
        let run = try Run(server, credentials: .password(user: "root@pam", password: "p&=w"))
        let results = run.send(Request(.get, "/a"), Request(.get, "/b"), Request(.post, "/c"))
        #expect(results.allSatisfy { failure($0) == nil })
        #expect(server.lines.first == "POST /api2/json/access/ticket")
        #expect(server.requests.first?.body == "username=root%40pam&password=p%26%3Dw")
        #expect(server.lines.filter { $0.contains("ticket") }.count == 1)
        let cookie = "PVEAuthCookie=PVE%3Aroot%40pam%3A65%3A%3Aa%2Bb%2F%3D"
        #expect(server.requests.dropFirst().allSatisfy { $0.header("Cookie") == cookie })
        let write = server.requests.first { $0.line == "POST /api2/json/c" }
        #expect(write?.header("CSRFPreventionToken") == "65:csrf")
    }

    @Test("a ticket that is not accepted any more is replaced once")
    func logsInAgain() throws {
        let server = LoopbackServer { request in
            switch request.line {
            case "POST /api2/json/access/ticket": .data(#"{"ticket":"t\#(request.number)","CSRFPreventionToken":"c"}"#)
            case "GET /api2/json/a" where request.header("Cookie") == "PVEAuthCookie=t3": .data("1")
            case "GET /api2/json/a": .answer(401, "No ticket", "")
            default: .answer(401, "No ticket", "")
            }
        }
        let run = try Run(server, credentials: .password(user: "root@pam", password: "x"))
        #expect(failure(run.send(Request(.get, "/a"))[0]) == nil)
        guard case .unauthorized? = failure(run.send(Request(.get, "/b"))[0]) else { return #expect(Bool(false)) }
        #expect(
            server.lines.filter { $0.hasPrefix("GET") } == ["GET /api2/json/a", "GET /api2/json/a"] + [
                "GET /api2/json/b", "GET /api2/json/b",
            ])
    }

    @Test("a second factor and a wrong password end the requests that waited")
    func loginFails() throws {
        let tfa = LoopbackServer { _ in .data(#"{"ticket":"PVE:!tfa!","CSRFPreventionToken":"c","NeedTFA":1}"#) }
        let run = try Run(tfa, credentials: .password(user: "root@pam", password: "geheim"))
        let results = run.send(Request(.get, "/a"), Request(.post, "/b"))
        for result in results { #expect(failure(result)?.message.contains("API token") == true) }

        let wrong = LoopbackServer { _ in .answer(401, "authentication failure", #"{"data":null}"#) }
        let other = try Run(wrong, credentials: .password(user: "root@pam", password: "geheim"))
        for _ in 0..<2 {
            let message = failure(other.send(Request(.get, "/a"))[0])?.message
            #expect(message?.contains("authentication failure") == true)
            #expect(message?.contains("geheim") == false)
        }
        #expect(wrong.lines == ["POST /api2/json/access/ticket"])
    }

    /// Notes what it was asked and refuses deletions.
    final class NotingPolicy: RequestPolicy {
        var asked: [String] = []
        func check(_ request: Request, release: String?) -> Failure? {
            asked.append("\(request.name) \(release ?? "-")")
            return request.method == .delete ? .refused("no deletions") : nil
        }
    }

    @Test("the policy sees every request, with the release, before it leaves")
    func policy() throws {
        let server = LoopbackServer { _ in .data(#"{"version":"9.0.3","release":"9.0"}"#) }
        let policy = NotingPolicy()
        let run = try Run(server, policy: policy)
        let results = run.send(Request(.get, "/a"), Request(.delete, "/b"))
        #expect(failure(results[1])?.message == "no deletions")
        #expect(policy.asked == ["GET /version -", "GET /a 9.0.3", "DELETE /b 9.0.3"])
        #expect(server.lines == ["GET /api2/json/version", "GET /api2/json/a"])
        #expect(run.client.knownRelease == "9.0.3")
    }

    @Test("a server that says no to the version still gets the requests, one that is not there does not")
    func policyWithoutRelease() throws {
        let server = LoopbackServer { $0.line.hasSuffix("version") ? .answer(500, "oops", "") : .data("1") }
        let policy = NotingPolicy()
        let run = try Run(server, policy: policy)
        #expect(failure(run.send(Request(.get, "/a"))[0]) == nil)
        #expect(policy.asked == ["GET /version -", "GET /a -"])
    }
}
