// What is said of, and done about, what a server's release has not got.
// SPDX-License-Identifier: MIT

import JSON
import TestServer
import Testing

@testable import Proxmox

@Suite("Gaps between releases")
struct ReleaseGapTests {
    private static let pull = Request(
        .post, "/nodes/{node}/storage/{storage}/oci-registry-pull", path: ["node": "pve1", "storage": "local"],
        [.init("reference", .string("docker.io/library/nginx:latest"))])
    private static func resource(_ name: String, _ value: ParameterValue) -> Request {
        Request(.post, "/cluster/ha/resources", [.init("sid", .string("vm:100")), .init(name, value)])
    }

    @Test("a request of a newer release is refused with the release and what does it instead")
    func newerMethod() {
        #expect(
            Facts.refusal(of: Self.pull, release: "8.4.5")
                == "not sent: POST /nodes/{node}/storage/{storage}/oci-registry-pull needs a newer Proxmox VE, such as 9.2; "
                + "this server runs 8.4.5. There, containers are made from templates: download one with POST "
                + "/nodes/{node}/aplinfo, or POST /nodes/{node}/storage/{storage}/download-url with content=vztmpl")
        #expect(Facts.refusal(of: Self.pull, release: "9.2.3") == nil)
        #expect(Facts.refusal(of: Self.pull, release: nil) == nil)
    }

    @Test(
        "each method that 9.2 has and 8.4 has not, and that the tools use, has a substitute",
        arguments: [
            (Method.post, "/cluster/bulk-action/guest/start", "startall"),
            (.post, "/cluster/bulk-action/guest/shutdown", "stopall"),
            (.post, "/cluster/bulk-action/guest/suspend", "suspendall"),
            (.post, "/cluster/bulk-action/guest/migrate", "migrateall"),
            (.get, "/cluster/ha/rules", "/cluster/ha/groups"),
            (.put, "/cluster/ha/rules/{rule}", "/cluster/ha/groups"), (.post, "/cluster/ha/status/arm-ha", "started"),
            (.post, "/cluster/ha/status/disarm-ha", "ignored"),
        ])
    func substitutes(_ method: Method, _ template: String, _ instead: String) throws {
        let old = try #require(Facts.release("8.4"))
        let text = try #require(
            ReleaseGap(methodOf: Request(method, template, path: ["rule": "a"]), release: "8.4.5")?.text)
        #expect(old.endpoint(method, template) == nil)
        #expect(text.contains("; this server runs 8.4.5. There, ") && text.contains(instead))
    }

    @Test("substitutes are in the API of the release they are for")
    func substitutesExist() throws {
        let old = try #require(Facts.release("8.4"))
        let templates = [
            "/cluster/ha/rules", "/cluster/ha/status/arm-ha", "/cluster/bulk-action/guest/start",
            "/cluster/bulk-action/guest/shutdown", "/cluster/bulk-action/guest/suspend",
            "/cluster/bulk-action/guest/migrate", "/nodes/{node}/storage/{storage}/oci-registry-pull",
        ]
        var named = 0
        for phrase in templates.compactMap(Substitute.method) + [
            Substitute.parameter("ha-managed", "/nodes/{node}/lxc")
        ] {
            for word in phrase.split(whereSeparator: { " ,;()".contains($0) }).map(String.init) {
                guard word.hasPrefix("/") else { continue }
                let path = word.hasSuffix(":") ? String(word.dropLast()) : word
                #expect(Method.allCases.contains { old.endpoint($0, path) != nil }, "\(path)")
                named += 1
            }
        }
        #expect(named == 9)
    }

    @Test(
        "a parameter of another release is refused by name",
        arguments: [
            (
                "8.4.5", "failback", ParameterValue.bool(false),
                "needs a newer Proxmox VE, such as 9.2; this server runs 8.4.5. There, `nofailback`"
            ),
            ("8.4.5", "nonsense", .int(1), "is not a parameter of POST /cluster/ha/resources in Proxmox VE 8.4"),
        ])
    func parameters(_ release: String, _ name: String, _ value: ParameterValue, _ text: String) {
        let refusal = Facts.refusal(of: Self.resource(name, value), release: release)
        #expect(refusal?.contains("`\(name)`") == true && refusal?.contains(text) == true, "\(refusal ?? "")")
    }

    @Test("a parameter that went with the old release is refused by name")
    func goneParameter() {
        let job = Request(.post, "/cluster/backup", [.init("maxfiles", .int(3))])
        #expect(Facts.refusal(of: job, release: "8.4.5") == nil)
        #expect(
            Facts.refusal(of: job, release: "9.2.3")
                == "not sent: `maxfiles` on POST /cluster/backup is gone from newer Proxmox VE: 8.4 had it; "
                + "this server runs 9.2.3. There, `prune-backups` says it, such as keep-last=3")
    }

    @Test("what says nothing is left out where it is not known, and nothing else is")
    func adapts() {
        let adapted = { (name: String, value: ParameterValue, release: String?) in
            Facts.adaptation(of: Self.resource(name, value), release: release)?.parameters.map(\.name)
        }
        for value in [ParameterValue.bool(true), .int(1), .string("1")] {
            #expect(adapted("failback", value, "8.4.5") == ["sid"])
        }
        #expect(adapted("failback", .bool(false), "8.4.5") == nil)
        #expect(adapted("failback", .bool(true), "9.2.3") == nil)
        #expect(adapted("failback", .bool(true), nil) == nil)
        #expect(adapted("nonsense", .bool(true), "8.4.5") == nil)
        let job = Request(.post, "/cluster/backup", [.init("maxfiles", .int(1))])
        #expect(Facts.adaptation(of: job, release: "9.2.3") == nil)
    }

    @Test("the table knows what truth values are by default")
    func defaults() throws {
        let resources = try #require(Facts.newest.endpoint(.post, "/cluster/ha/resources"))
        #expect(resources.parameter("failback")?.defaultTruth == true)
        #expect(resources.parameter("state")?.defaultTruth == nil)
        let create = try #require(Facts.newest.endpoint(.post, "/nodes/{node}/qemu"))
        #expect(create.parameter("ha-managed")?.defaultTruth == false)
    }

    private struct Adapting: RequestPolicy {
        func check(_ request: Request, release: String?) -> Failure? { nil }
        func adapt(_ request: Request, release: String?) -> Request? {
            Facts.adaptation(of: request, release: release)
        }
    }

    @Test("a client sends the request as the server's release takes it")
    func clientAdapts() throws {
        let server = LoopbackServer { $0.line.contains("/version") ? .data(#"{"version":"8.4.5"}"#) : .data("null") }
        let run = try ClientTests.Run(server, policy: Adapting())
        _ = try run.send(Self.resource("failback", .bool(true)))[0].get()
        #expect(server.requests.last?.body == "sid=vm%3A100")
    }

    @Test("a server that says 501 is answered with the same words")
    func notImplemented() {
        let read = { (release: String?) in
            AnswerReader(request: Self.pull, credentials: ClientTests.token, release: release)
                .read(status: 501, reason: "Method 'POST /nodes/pve1/x' not implemented", body: ResponseBody(""))
        }
        guard case .failure(let old) = read("9.0.3"), case .failure(let unknown) = read(nil),
            case .failure(let same) = read("9.2.3")
        else {
            Issue.record("501 passed for an answer")
            return
        }
        #expect(
            old.message.contains("needs a newer Proxmox VE, such as 9.2; this server runs 9.0.3. There, containers"))
        #expect(
            unknown.message.contains("is not in every Proxmox VE: 9.2 has it, this server's may not. There, containers")
        )
        #expect(same.message.hasSuffix("The path is wrong, or the server's version lacks it."))
    }

    @Test("a server that does not know a parameter is answered with the release that does")
    func unknownParameter() {
        let said = "property is not defined in schema and the schema does not allow additional properties"
        let body = #"{"data":null,"errors":{"failback":"\#(said)","x":"\#(said)"}}"#
        let result = AnswerReader(
            request: Self.resource("failback", .bool(false)), credentials: ClientTests.token, release: "8.4.5"
        ).read(status: 400, reason: "Parameter verification failed.", body: ResponseBody(body))
        guard case .failure(let failure) = result else {
            Issue.record("400 passed for an answer")
            return
        }
        #expect(failure.message.contains("failback: \(said); `failback` on POST /cluster/ha/resources needs a newer"))
        #expect(failure.message.contains("; x: \(said). Nothing was changed"))
    }
}
