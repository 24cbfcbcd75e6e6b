// The risk of requests.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("The risk of a request")
struct RiskTests {
    private static let guest = ["node": "pve1", "vmid": "100", "snapname": "before", "upid": "UPID:x", "id": "100-0"]

    private func risk(_ method: Method, _ template: String, _ parameters: [Request.Parameter] = []) -> Risk {
        Risk.of(Request(method, template, path: Self.guest, parameters))
    }

    @Test(
        arguments: [
            (.get, "/nodes/{node}/qemu/{vmid}/config", .readOnly, false),
            (.get, "/nodes/{node}/qemu/{vmid}/agent/file-read", .full, false),
            (.post, "/nodes/{node}/qemu/{vmid}/agent/ping", .readExecute, false),
            (.post, "/nodes/{node}/qemu/{vmid}/agent/exec", .full, true),
            (.post, "/nodes/{node}/qemu/{vmid}/status/start", .readExecute, false),
            (.post, "/nodes/{node}/qemu/{vmid}/status/shutdown", .readExecute, false),
            (.post, "/nodes/{node}/qemu/{vmid}/status/stop", .readExecute, true),
            (.post, "/nodes/{node}/qemu/{vmid}/status/reset", .readExecute, true),
            (.post, "/nodes/{node}/qemu/{vmid}/migrate", .readExecute, false),
            (.post, "/nodes/{node}/qemu/{vmid}/vncproxy", .readExecute, false),
            (.post, "/nodes/{node}/vncshell", .full, false),
            (.post, "/nodes/{node}/qemu/{vmid}/snapshot", .full, false),
            (.post, "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback", .full, true),
            (.post, "/nodes/{node}/qemu/{vmid}/clone", .full, false),
            (.put, "/nodes/{node}/qemu/{vmid}/config", .full, false),
            (.delete, "/nodes/{node}/qemu/{vmid}", .full, true),
            (.delete, "/nodes/{node}/tasks/{upid}", .readExecute, true),
            (.put, "/nodes/{node}/disks/wipedisk", .full, true),
        ] as [(Method, String, Tier, Bool)])
    func followsTheMethod(_ method: Method, _ template: String, _ tier: Tier, _ isDestructive: Bool) throws {
        let risk = risk(method, template)
        #expect(risk.tier == tier && risk.isDestructive == isDestructive)
        #expect(risk.raisedBy == [])
        #expect(try #require(Risk.of(method: method, template: template)) == risk)
    }

    @Test(
        arguments: [
            (.post, "/nodes/{node}/qemu/{vmid}/migrate", "force", .bool(true), .full, false),
            (.post, "/nodes/{node}/qemu/{vmid}/status/start", "skiplock", .string("1"), .full, false),
            (.post, "/nodes/{node}/qemu/{vmid}/status/shutdown", "forceStop", .int(1), .readExecute, true),
            (.post, "/nodes/{node}/qemu", "force", .bool(true), .full, true),
            (.put, "/nodes/{node}/qemu/{vmid}/config", "delete", .string("unused0"), .full, true),
            (.put, "/nodes/{node}/qemu/{vmid}/config", "revert", .string("memory"), .full, true),
            (.post, "/nodes/{node}/vzdump", "remove", .bool(true), .full, true),
            (.post, "/nodes/{node}/vzdump", "remove", .string("1\n"), .full, true),
            (.put, "/cluster/replication/{id}", "remove_job", .string("full"), .full, true),
            (.post, "/cluster/ha/resources", "state", .string("stopped"), .full, true),
            (.post, "/cluster/ha/resources", "state", .string("disabled"), .full, true),
            (.post, "/nodes/{node}/vzdump", "prune-backups", .string("keep-last=1"), .full, true),
            (.post, "/nodes/{node}/vzdump", "maxfiles", .int(1), .full, true),
            (.post, "/nodes/{node}/vzdump", "stop", .string("yes"), .full, true),
            (.post, "/cluster/backup", "maxfiles", .int(1), .full, true),
            (.post, "/cluster/backup", "script", .string("/root/x"), .full, true),
            (.put, "/storage/{storage}", "maxfiles", .int(1), .full, true),
            (.get, "/cluster/acme/tos", "directory", .string("https://a/"), .readExecute, false),
            (.post, "/nodes/{node}/qemu/{vmid}/move_disk", "delete", .bool(true), .full, true),
        ] as [(Method, String, String, ParameterValue, Tier, Bool)])
    func isRaisedByAParameter(
        _ method: Method, _ template: String, _ name: String, _ value: ParameterValue, _ tier: Tier,
        _ isDestructive: Bool
    ) {
        let risk = risk(method, template, [.init(name, value)])
        #expect(risk.tier == tier && risk.isDestructive == isDestructive)
        #expect(risk.raisedBy.map(\.parameter) == [name])
        #expect(risk.raisedBy.first?.tier == tier)
    }

    @Test(arguments: [ParameterValue.bool(false), .int(0), .string("0"), .string(""), .list([])])
    func isNotRaisedByWhatIsOff(_ value: ParameterValue) {
        let risk = risk(
            .post, "/nodes/{node}/qemu/{vmid}/migrate", [.init("force", value), .init("target", .string("b"))])
        #expect(risk.tier == .readExecute && risk.raisedBy.isEmpty)
    }

    @Test func isTheWorstForWhatIsNotKnown() {
        #expect(risk(.get, "/nope").tier == .full)
        #expect(risk(.delete, "/version").isDestructive)
        #expect(Risk.of(method: .get, template: "/nope") == nil)
        let newParameter = risk(.get, "/version", [.init("shiny", .bool(true))])
        #expect(newParameter.tier == .full && newParameter.raisedBy.map(\.parameter) == ["shiny"])
    }

    @Test func isThatOfThePathTheServerSees() {
        let smuggled = Request(
            .get, "/nodes/{node}/qemu/{vmid}", path: ["node": "pve1", "vmid": "100/agent/file-read"])
        #expect(Risk.of(smuggled).tier == .full)
        #expect(Risk.of(Request(.get, "/nodes/{node}/qemu/100/agent/file-read", path: Self.guest)).tier == .full)
        #expect(Risk.of(Request(.get, "/nodes/{node}/%71emu", path: Self.guest)).tier == .full)
        let service = Request(
            .post, "/nodes/{node}/services/{service}/{command}",
            path: ["node": "pve1", "service": "cron", "command": "stop"])
        #expect(Risk.of(service).tier == .readExecute)
    }

    @Test func ofATemplateWithANameOfItsOwnIsTheWorstItMayBecome() throws {
        let service = try #require(Risk.of(method: .post, template: "/nodes/{node}/services/{service}/{command}"))
        #expect(service.tier == .readExecute && !service.isDestructive)
        let power = try #require(Risk.of(method: .post, template: "/nodes/{node}/qemu/{vmid}/status/{action}"))
        #expect(power.tier == .readExecute && power.isDestructive)
        let either = try #require(Risk.of(method: .delete, template: "/nodes/{node}/{kind}/{id}"))
        #expect(either.tier == .full && either.isDestructive)
        #expect(Risk.of(method: .delete, template: "/nodes/{node}/services/{service}/{command}") == nil)
    }

    @Test func namesTheParametersThatRaise() {
        let shutdown =
            Risk.declared(method: .post, template: "/nodes/{node}/qemu/{vmid}/status/shutdown")?.raisers ?? []
        #expect(shutdown.map(\.parameter) == ["forceStop", "skiplock"])
        #expect(shutdown.map(\.isDestructive) == [true, false])
        #expect(shutdown.map(\.tier) == [.readExecute, .full])
        let power = Risk.declared(method: .post, template: "/nodes/{node}/qemu/{vmid}/status/{action}")?.raisers ?? []
        #expect(power.contains { $0.parameter == "overrule-shutdown" && $0.tier == .full })
        #expect(Risk.declared(method: .get, template: "/version")?.raisers.isEmpty ?? true)
        #expect(Risk.declared(method: .get, template: "/nope")?.raisers.isEmpty ?? true)
    }

    @Test func refusesAndSaysTheWayOut() {
        let start = Request(.post, "/nodes/{node}/qemu/{vmid}/status/start", path: Self.guest)
        #expect(
            Risk.refusal(of: start, allowed: .readOnly)
                == "POST /nodes/{node}/qemu/{vmid}/status/start needs tier read-execute (PVE_ACCESS_TIER=read-execute); "
                + "this server runs as read-only. It starts a guest")
        #expect(Risk.refusal(of: start, allowed: .readExecute) == nil)
        var migrate = Request(
            .post, "/nodes/{node}/qemu/{vmid}/migrate", path: Self.guest, [.init("force", .bool(true))])
        #expect(
            Risk.refusal(of: migrate, allowed: .readExecute)
                == "`force` on POST /nodes/{node}/qemu/{vmid}/migrate needs tier full (PVE_ACCESS_TIER=full); "
                + "this server runs as read-execute. Leave it out to send the rest")
        #expect(Risk.refusal(of: migrate, allowed: .readOnly)?.hasPrefix("POST /nodes") == true)
        #expect(Risk.refusal(of: migrate, allowed: .full) == nil)
        migrate.parameters = []
        #expect(Risk.refusal(of: migrate, allowed: .readExecute) == nil)
        let socket = Request(.get, "/nodes/{node}/vncwebsocket", path: Self.guest)
        #expect(Risk.refusal(of: socket, allowed: .full)?.contains("in any tier: it is a websocket") == true)
    }
}
