// What a look at the cluster adds to a refusal, and what is said of the common ones without it.
// SPDX-License-Identifier: MIT

import TestServer
import Testing

@testable import Proxmox

@Suite("Explanations")
struct ExplanationTests {
    private static let nodes =
        #"[{"node":"pve2","status":"offline"},{"node":"pve1","status":"online"},{"node":"pve3","status":"online"}]"#
    private static let status = Request(.get, "/nodes/{node}/status", path: ["node": "pve2"])

    /// The message after one look at a cluster that answers so, and how often it was looked at.
    private func explained(
        _ failure: Failure, _ request: Request = status, looks: LoopbackServer.Reply = .data(nodes)
    ) throws -> (message: String, looks: [String]) {
        let server = LoopbackServer { _ in looks }
        let run = try ClientTests.Run(server)
        var message = ""
        run.client.explain(failure, of: request) { failure in
            message = failure.message
            run.loop.stop()
        }
        if message.isEmpty { run.loop.run() }
        return (message, server.lines)
    }

    private func rejected(_ text: String) -> Failure { .rejected(request: "GET /x", status: 500, text: text) }

    @Test(
        "a node that does not exist is answered with those that do",
        arguments: ["hostname lookup 'pve9' failed - no", "no such cluster node 'pve9'", "node 'pve9' does not exist"])
    func unknownNode(_ text: String) throws {
        let answer = try explained(rejected(text))
        #expect(
            answer.message
                == "GET /x failed with status 500: \(text). No node is called pve9; did you mean pve1 or pve2 "
                + "or pve3? There are pve1 (online), pve2 (offline), pve3 (online).")
        #expect(answer.looks == ["GET /api2/json/nodes"])
    }

    @Test("a node that cannot be reached is answered with its state")
    func unreachableNode() throws {
        let off = Failure.nodeUnreachable(request: "GET /x", node: "pve2", reason: "No route to host")
        #expect(
            try explained(off).message == "GET /x failed: node pve2 cannot be reached from the node that answered "
                + "(No route to host). The cluster lists it as offline; online are pve1, pve3.")
        let on = Failure.nodeUnreachable(request: "GET /x", node: "pve1", reason: "Connection refused")
        #expect(try explained(on).message.hasSuffix("so the way between the nodes may be cut; try again."))
        let broken = Failure.proxyFailed(request: "GET /x", status: 596, reason: "Broken pipe", isWrite: false)
        #expect(try explained(broken).message.hasSuffix("The cluster lists it as offline; online are pve1, pve3."))
        let online = Request(.get, "/nodes/{node}/status", path: ["node": "pve1"])
        #expect(try explained(broken, online).message == broken.message)
    }

    @Test(
        "a storage that does not exist is answered with those that do",
        arguments: [
            Failure.rejected(request: "GET /x", status: 500, text: "storage 'locl' does not exist"),
            .parameters(request: "GET /x", [.init(name: "storage", text: "storage 'locl' does not exist")]),
        ])
    func unknownStorage(_ failure: Failure) throws {
        let answer = try explained(failure, looks: .data(#"[{"storage":"nfs"},{"storage":"local"}]"#))
        #expect(answer.message.hasSuffix("No storage is called locl; did you mean local? There are local, nfs."))
        #expect(answer.looks == ["GET /api2/json/storage"])
    }

    @Test("what nothing can be added to is as it was")
    func asItWas() throws {
        for (failure, looks) in [
            (rejected("VM is locked (backup)"), LoopbackServer.Reply.data(Self.nodes)),
            (rejected("hostname lookup 'pve9' failed"), .answer(403, "no", "")),
            (rejected("hostname lookup 'pve9' failed"), .data("[]")), (rejected("node ''"), .data(Self.nodes)),
            (rejected("storage 'a' does not exist"), .data(#"[{"storage":"a"}]"#)), (.refused("no"), .close),
        ] {
            #expect(try explained(failure, looks: looks).message == failure.message)
        }
    }

    @Test("long lists are cut")
    func longLists() throws {
        let many = "[" + (10..<40).map { #"{"node":"n\#($0)","status":"online"}"# }.joined(separator: ",") + "]"
        let message = try explained(rejected("hostname lookup 'zzzz' failed"), looks: .data(many)).message
        #expect(message.hasSuffix("n20 (online), n21 (online) and 18 more."))
    }

    // MARK: Words

    @Test(
        "common refusals come with a way out",
        arguments: [
            ("VM is locked (backup)", "wait for that task to end"),
            ("CT is locked (disk)", "wait for that task to end"),
            ("can't lock file '/var/lock/x' - got timeout", "try again"),
            ("checksum mismatch (file change by other user?)", "use its digest"),
            ("detected modified configuration - file changed by other user? Try again.", "use its digest"),
            ("create pool failed: pool 'dev' already exists", "Choose another id or name"),
            ("cannot allocate: No space left on device", "The storage is full"),
            ("user 'x@pve' does not exist", "List what there is"), ("no such user ('x@pve')", "List what there is"),
            ("cluster not ready - no quorum?", "Too few nodes"),
        ])
    func hints(_ text: String, _ way: String) {
        #expect(rejected(text).message.contains(way))
    }

    @Test("an error without any words says so, and where to look")
    func bareErrors() {
        let read = { (status: Int) -> String in
            let result = AnswerReader(request: Self.status, credentials: ClientTests.token)
                .read(status: status, reason: "", body: ResponseBody(""))
            if case .failure(let failure) = result { return failure.message }
            return "answered"
        }
        #expect(
            read(500) == "GET /nodes/pve2/status failed with status 500: no reason given. Proxmox VE did not say why: "
                + "the node's system log and its task list may.")
        for status in [400, 401, 403, 404, 424, 501, 503, 595, 596, 599] {
            #expect(read(status).contains("no reason given"), "\(status)")
        }
    }

    @Test("401 and 403 say what to look at")
    func authorization() {
        let read = { (status: Int, reason: String, credentials: Credentials) -> String in
            let result = AnswerReader(request: Self.status, credentials: credentials)
                .read(status: status, reason: reason, body: ResponseBody(""))
            if case .failure(let failure) = result { return failure.message }
            return "answered"
        }
        let user = Credentials.password(user: "root@pam", password: "geheim")
        let wrong = read(401, "invalid token value!", ClientTests.token)
        #expect(wrong.contains("Token or secret is wrong") && wrong.contains("PVE_TOKEN_ID is user@realm!name"))
        #expect(read(401, "no", user).contains("PVE_USERNAME is name@realm"))
        let denied = read(403, "Permission check failed (/nodes/pve2, Sys.Audit)", ClientTests.token)
        for part in [
            "lacks the privilege Sys.Audit on /nodes/pve2", "--tokens 'root@pam!mcp'", "privilege separation",
        ] {
            #expect(denied.contains(part))
        }
        #expect(!read(403, "Permission check failed (/, Sys.Audit)", user).contains("separation"))
        #expect(!(wrong + denied).contains("geheim"))
    }
}
