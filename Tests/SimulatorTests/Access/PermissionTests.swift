// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite struct PermissionTests {
    private func denial(
        _ method: String, _ path: [String], as id: String, _ rights: Rights, _ values: [String: String] = [:]
    ) throws -> String? {
        let facts = try APIFacts(release: "9.2")
        let found = try #require(facts.endpoint(method: method, path: path))
        let named = Dictionary(zip(found.endpoint.pathNames, found.values), uniquingKeysWith: { $1 })
        let principal = try #require(Principal(id))
        return PermissionCheck(principal: principal, rights: rights, values: named.merging(values) { $1 })
            .denial(of: found.endpoint)
    }

    private func rights(_ entries: [Rights.Entry], separated: Set<String> = []) -> Rights {
        var rights = Rights()
        rights.entries = entries
        rights.roles = BuiltInRoles.privileges
        rights.separatedTokens = separated
        return rights
    }

    private func entry(
        _ path: String, _ subject: String, _ kind: Rights.Kind, _ role: String, propagates: Bool = true
    ) -> Rights.Entry {
        Rights.Entry(path: path, subject: subject, kind: kind, role: role, propagates: propagates)
    }

    @Test func `Root may do everything, its token what has permissions`() throws {
        #expect(try denial("POST", ["cluster", "config"], as: "root@pam", rights([])) == nil)
        #expect(
            try denial("POST", ["cluster", "config"], as: "root@pam!demo", rights([]))
                == "Permission check failed (user != root@pam)")
        #expect(try denial("DELETE", ["nodes", "pve1", "qemu", "100"], as: "root@pam!demo", rights([])) == nil)
    }

    @Test func `Some methods are closed to tokens`() throws {
        let text = try denial("PUT", ["access", "password"], as: "root@pam!demo", rights([]), ["userid": "root@pam"])
        #expect(text?.hasPrefix("Permission check failed") == true)
    }

    @Test func `The missing privilege is named`() throws {
        let none = rights([])
        #expect(
            try denial("DELETE", ["nodes", "pve1", "qemu", "100"], as: "jo@pve", none)
                == "Permission check failed (/vms/100, VM.Allocate)")
        #expect(
            try denial("GET", ["nodes", "pve1", "storage", "local"], as: "jo@pve", none)
                == "Permission check failed (/storage/local, Datastore.Audit|Datastore.AllocateSpace)")
        #expect(
            try denial(
                "POST", ["nodes", "pve1", "qemu", "100", "clone"], as: "jo@pve",
                rights([entry("/vms/100", "jo@pve", .user, "PVEVMAdmin")]), ["newid": "200"])
                == "Permission check failed")
    }

    @Test func `Entries further down replace those further up`() throws {
        let rights = rights([
            entry("/", "jo@pve", .user, "PVEVMAdmin"), entry("/vms/100", "jo@pve", .user, "NoAccess"),
            entry("/vms/101", "jo@pve", .user, "PVEAuditor"),
            entry("/vms", "eve@pve", .user, "PVEVMAdmin", propagates: false),
        ])
        let config = { (vmid: String, id: String) in
            try denial("GET", ["nodes", "pve1", "qemu", vmid, "config"], as: id, rights)
        }
        #expect(try config("99", "jo@pve") == nil)
        #expect(try config("100", "jo@pve") == "Permission check failed (/vms/100, VM.Audit)")
        #expect(try config("101", "jo@pve") == nil)
        #expect(try denial("DELETE", ["nodes", "pve1", "qemu", "101"], as: "jo@pve", rights) != nil)
        #expect(try config("99", "eve@pve") != nil)
    }

    @Test func `A separated token has what it and its user both have`() throws {
        let rights = rights(
            [entry("/", "jo@pve", .user, "PVEAuditor"), entry("/", "jo@pve!ci", .token, "Administrator")],
            separated: ["jo@pve!ci", "jo@pve!no"])
        #expect(try denial("GET", ["nodes", "pve1", "qemu", "1", "config"], as: "jo@pve!ci", rights) == nil)
        #expect(try denial("DELETE", ["nodes", "pve1", "qemu", "1"], as: "jo@pve!ci", rights) != nil)
        #expect(try denial("GET", ["nodes", "pve1", "qemu", "1", "config"], as: "jo@pve!no", rights) != nil)
        #expect(try denial("GET", ["nodes", "pve1", "qemu", "1", "config"], as: "jo@pve!full", rights) == nil)
    }

    @Test func `Groups and pools give rights`() throws {
        var rights = rights([entry("/pool/dev", "ops", .group, "PVEVMAdmin")])
        rights.groups["jo@pve"] = ["ops"]
        rights.pools["/vms/100"] = ["dev"]
        #expect(try denial("DELETE", ["nodes", "pve1", "qemu", "100"], as: "jo@pve", rights) == nil)
        #expect(try denial("DELETE", ["nodes", "pve1", "qemu", "101"], as: "jo@pve", rights) != nil)
    }

    @Test func `Effective permissions are listed`() throws {
        let fixture = try Fixture()
        let own = try JSONDocument(fixture.send("GET", "/access/permissions", token: "auditor@pve!ro").answer.body).root
        #expect(own["data"]?["/vms"]?["VM.Audit"]?.int == 1)
        #expect(own["data"]?["/vms"]?["VM.Allocate"] == nil)
        let none = try JSONDocument(fixture.send("GET", "/access/permissions", token: "root@pam!nothing").answer.body)
            .root
        #expect(none["data"]?.count == 0)
    }

    @Test func `Options for root alone are refused to its tokens`() throws {
        let reply = try Fixture().send("POST", "/nodes/pve1/qemu/100/status/start", form: "skiplock=1")
        #expect(reply.status == 400)
        #expect(reply.error("skiplock") == "Only root may use this option.")
    }
}

@Suite struct VisibleRowsTests {
    private func rows(_ template: String, _ json: String, as id: String, _ entries: [Rights.Entry]) throws -> String? {
        var rights = Rights()
        rights.entries = entries
        rights.roles = BuiltInRoles.privileges
        rights.separatedTokens = ["root@pam!nothing"]
        let rows = VisibleRows(template, principal: try #require(Principal(id)), rights: rights)
        return rows.map { String(decoding: $0.filtered(Array(json.utf8)), as: UTF8.self) }
    }

    private let auditor = [Rights.Entry(path: "/vms/100", subject: "jo@pve", kind: .user, role: "PVEAuditor")]

    @Test func `Guests are listed for those who may look at them`() throws {
        let list = #"[{"vmid":100},{"vmid":"101"}]"#
        #expect(try rows("/nodes/{node}/qemu", list, as: "jo@pve", auditor) == #"[{"vmid":100}]"#)
        #expect(try rows("/nodes/{node}/qemu", list, as: "root@pam!nothing", auditor) == "[]")
        #expect(try rows("/nodes/{node}/qemu", list, as: "root@pam!demo", auditor) == nil)
    }

    @Test func `Nodes are listed without their figures`() throws {
        let list = #"[{"node":"pve1","status":"online","mem":1}]"#
        #expect(try rows("/nodes", list, as: "jo@pve", auditor) == #"[{"node":"pve1","status":"online"}]"#)
    }

    @Test func `Tasks are listed for their owners`() throws {
        let list = #"[{"upid":"a","node":"pve1","user":"jo@pve"},{"upid":"b","node":"pve1","user":"root@pam"}]"#
        #expect(
            try rows("/nodes/{node}/tasks", list, as: "jo@pve", auditor)
                == #"[{"upid":"a","node":"pve1","user":"jo@pve"}]"#)
    }

    @Test func `What the code checks is checked`() throws {
        let fixture = try Fixture()
        let create = fixture.send("POST", "/nodes/pve1/qemu", token: "root@pam!nothing", form: "vmid=900")
        #expect(create.reason == "Permission check failed (/vms/900, VM.Allocate)")
        let upid = "UPID:pve1:00000001:00000001:00000001:qmstart:100:root@pam:"
        let task = fixture.send("GET", "/nodes/pve1/tasks/\(upid)/status", token: "auditor@pve!ro")
        #expect(task.status != 403)
        let stop = fixture.send("DELETE", "/nodes/pve1/tasks/\(upid)", token: "auditor@pve!ro")
        #expect(stop.reason == "Permission check failed (/nodes/pve1, Sys.Modify)")
        let backup = fixture.send("POST", "/nodes/pve1/vzdump", token: "auditor@pve!ro", form: "vmid=100,101")
        #expect(backup.reason == "Permission check failed (/vms/100, VM.Backup)")
    }
}
