// Users, tokens, groups, roles and rights that are made at run time count at once.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated access")
struct AccessTests {
    private func data(_ reply: HTTPReply) -> JSONValue? { (try? JSONDocument(reply.answer.body))?.root["data"] }

    /// A fixture with the user jo@pve, password secret123, and its token t, whose secret is answered.
    private func fixture(privsep: Int = 0) throws -> (Fixture, [(String, String)]) {
        let fixture = try Fixture()
        #expect(fixture.send("POST", "/access/users", form: "userid=jo@pve&password=secret123").status == 200)
        let made = fixture.send("POST", "/access/users/jo@pve/token/t1", form: "privsep=\(privsep)")
        let secret = try #require(data(made)?["value"]?.string)
        return (fixture, [("Authorization", "PVEAPIToken=jo@pve!t1=\(secret)")])
    }

    private func allow(_ fixture: Fixture, _ form: String) {
        let reply = fixture.send("PUT", "/access/acl", form: form)
        #expect(reply.status == 200, "\(reply.reason)")
    }

    @Test func aNewUserLogsInAndSeesWhatIsAllowed() throws {
        let (fixture, header) = try fixture()
        func guests() -> Int? {
            data(fixture.send("GET", "/nodes/pve1/qemu", token: nil, headers: header))?.count
        }
        #expect(guests() == 0)
        allow(fixture, "path=/vms/100&users=jo@pve&roles=PVEVMUser")
        #expect(guests() == 1)
        let start = fixture.send("POST", "/nodes/pve1/qemu/100/status/start", token: nil, headers: header)
        #expect(start.status == 200)
        let other = fixture.send("POST", "/nodes/pve1/qemu/101/status/stop", token: nil, headers: header)
        #expect(other.reason == "Permission check failed (/vms/101, VM.PowerMgmt)")
        allow(fixture, "path=/vms/100&users=jo@pve&roles=PVEVMUser&delete=1")
        #expect(guests() == 0)
        let login = fixture.send(
            "POST", "/access/ticket", token: nil, form: "username=jo@pve&password=secret123")
        #expect(data(login)?["username"]?.string == "jo@pve")
    }

    @Test func aChangedRoleChangesRights() throws {
        let (fixture, header) = try fixture()
        #expect(fixture.send("POST", "/access/roles", form: "roleid=Ops&privs=VM.Audit").status == 200)
        allow(fixture, "path=/vms&users=jo@pve&roles=Ops")
        func stop() -> Int {
            fixture.send("POST", "/nodes/pve1/qemu/100/status/stop", token: nil, headers: header).status
        }
        #expect(stop() == 403)
        #expect(fixture.send("PUT", "/access/roles/Ops", form: "privs=VM.PowerMgmt&append=1").status == 200)
        #expect(stop() == 200)
        #expect(fixture.send("DELETE", "/access/roles/Ops").status == 200)
        #expect(stop() == 403)
    }

    @Test func groupsGiveRightsToTheirMembers() throws {
        let (fixture, header) = try fixture()
        #expect(fixture.send("POST", "/access/groups", form: "groupid=ops").status == 200)
        allow(fixture, "path=/vms&groups=ops&roles=PVEVMAdmin")
        let path = "/nodes/pve1/qemu/100/config"
        #expect(fixture.send("GET", path, token: nil, headers: header).status == 403)
        #expect(fixture.send("PUT", "/access/users/jo@pve", form: "groups=ops").status == 200)
        #expect(fixture.send("GET", path, token: nil, headers: header).status == 200)
    }

    @Test func aSeparatedTokenHasWhatItAndItsUserHave() throws {
        let (fixture, header) = try fixture(privsep: 1)
        allow(fixture, "path=/vms/100&users=jo@pve&roles=PVEVMUser")
        let path = "/nodes/pve1/qemu/100/config"
        #expect(fixture.send("GET", path, token: nil, headers: header).status == 403)
        allow(fixture, "path=/vms&tokens=jo@pve!t1&roles=PVEVMAdmin")
        #expect(fixture.send("GET", path, token: nil, headers: header).status == 200)
        let config = fixture.send("PUT", path, token: nil, form: "name=x", headers: header)
        #expect(config.reason == "Permission check failed (/vms/100, VM.Config.Options)")
        #expect(fixture.send("GET", "/nodes/pve1/qemu/101/config", token: nil, headers: header).status == 403)
        #expect(fixture.send("PUT", "/access/users/jo@pve/token/t1", form: "privsep=0").status == 200)
        #expect(fixture.send("DELETE", "/access/users/jo@pve/token/t1").status == 200)
        #expect(fixture.send("GET", path, token: nil, headers: header).reason == "Authentication failed!")
    }

    @Test func disabledAndExpiredUsersStayOut() throws {
        let (fixture, header) = try fixture()
        func status() -> Int { fixture.send("GET", "/version", token: nil, headers: header).status }
        #expect(status() == 200)
        #expect(fixture.send("PUT", "/access/users/jo@pve", form: "enable=0").status == 200)
        #expect(status() == 401)
        #expect(fixture.send("PUT", "/access/users/jo@pve", form: "enable=1&expire=1").status == 200)
        #expect(status() == 401)
        #expect(fixture.send("PUT", "/access/users/jo@pve", form: "expire=0").status == 200)
        #expect(fixture.send("PUT", "/access/users/jo@pve/token/t1", form: "expire=1").status == 200)
        #expect(status() == 401)
        let login = fixture.send("POST", "/access/ticket", token: nil, form: "username=jo@pve&password=secret123")
        #expect(login.status == 200)
    }

    @Test func regeneratingASecretEndsTheOldOne() throws {
        let (fixture, header) = try fixture()
        let again = fixture.send("PUT", "/access/users/jo@pve/token/t1", form: "regenerate=1")
        let secret = try #require(data(again)?["value"]?.string)
        #expect(data(again)?["full-tokenid"]?.string == "jo@pve!t1")
        #expect(fixture.send("GET", "/version", token: nil, headers: header).status == 401)
        let new = [("Authorization", "PVEAPIToken=jo@pve!t1=\(secret)")]
        #expect(fixture.send("GET", "/version", token: nil, headers: new).status == 200)
        #expect(data(fixture.send("GET", "/access/users/jo@pve/token/t1"))?["value"] == nil)
    }

    @Test func passwordsAreForUsersNotForTokens() throws {
        let (fixture, header) = try fixture()
        let token = fixture.send(
            "PUT", "/access/password", token: nil, form: "userid=jo@pve&password=other12345", headers: header)
        #expect(token.status == 403)
        let (ticket, prevention) = fixture.credentials.issueTicket(for: "jo@pve")
        let cookie = [("Cookie", "PVEAuthCookie=\(ticket)"), ("CSRFPreventionToken", prevention)]
        func change(_ form: String) -> HTTPReply {
            fixture.send("PUT", "/access/password", token: nil, form: form, headers: cookie)
        }
        let bare = change("userid=jo@pve&password=other12345")
        #expect(bare.error("confirmation-password") != nil)
        #expect(change("userid=jo@pve&password=other12345&confirmation-password=secret123").status == 200)
        #expect(fixture.credentials.isPassword("other12345", ofUser: "jo@pve"))
    }

    @Test func deletingAUserLeavesNothingOfIt() {
        let lab = WorldLab.furnished()
        _ = lab.call(
            "PUT", "/access/acl", ["path": "/", "tokens": "alice@pve!full", "roles": "PVEAuditor"])
        #expect(
            lab.call("GET", "/access/acl").json?.elements.count { $0["ugid"]?.string?.hasPrefix("alice") == true } == 2)
        #expect(lab.call("DELETE", "/access/users/{userid}", ["userid": "alice@pve"]).status == 200)
        #expect(
            lab.call("GET", "/access/acl").json?.elements.count { $0["ugid"]?.string?.hasPrefix("alice") == true } == 0)
        let gone = lab.call("GET", "/access/users/{userid}", ["userid": "alice@pve"])
        #expect(gone.message == "no such user ('alice@pve')")
    }

    @Test(arguments: [
        ("POST", "/access/users", ["userid": "alice@pve"], "create user failed: user 'alice@pve' already exists"),
        ("POST", "/access/users", ["userid": "x@nope"], "create user failed: auth domain 'nope' does not exist"),
        ("POST", "/access/users", ["userid": "x@pve", "groups": "no"], "create user failed: no such group 'no'"),
        ("PUT", "/access/users/{userid}", ["userid": "x@pve"], "update user failed: no such user ('x@pve')"),
        ("POST", "/access/groups", ["groupid": "ops"], "create group failed: group 'ops' already exists"),
        ("DELETE", "/access/groups/{groupid}", ["groupid": "x"], "delete group failed: group 'x' does not exist"),
        ("PUT", "/access/roles/{roleid}", ["roleid": "PVEAdmin"], "auto-generated role 'PVEAdmin' cannot be modified"),
        (
            "DELETE", "/access/roles/{roleid}", ["roleid": "NoAccess"],
            "auto-generated role 'NoAccess' cannot be deleted"
        ),
        ("POST", "/access/roles", ["roleid": "R1"], "create role failed: role 'R1' already exists"),
        (
            "PUT", "/access/acl", ["path": "/", "users": "x@pve", "roles": "R1"],
            "ACL update failed: user 'x@pve' does not exist"
        ),
        (
            "PUT", "/access/acl", ["path": "/", "users": "alice@pve", "roles": "X"],
            "ACL update failed: role 'X' does not exist"
        ),
        (
            "PUT", "/access/acl", ["path": "/", "tokens": "alice@pve!x", "roles": "R1"],
            "ACL update failed: no such token 'x' for user 'alice@pve'"
        ),
        (
            "POST", "/access/domains", ["realm": "pam", "type": "pam"],
            "add auth server failed: domain 'pam' already exists"
        ),
        (
            "POST", "/access/domains", ["realm": "corp", "type": "ldap", "server1": "a", "user_attr": "uid"],
            "add auth server failed: missing value for required option 'base_dn'"
        ),
        (
            "DELETE", "/access/domains/{realm}", ["realm": "x"],
            "delete auth server failed: authentication domain 'x' does not exist"
        ),
    ])
    func refusals(method: String, template: String, values: [String: String], message: String) {
        let answer = WorldLab.furnished().call(method, template, values)
        #expect(answer.status == 500)
        #expect(answer.message == message)
    }

    @Test func parametersAreRefusedByName() {
        let lab = WorldLab.furnished()
        let acl = { (values: [String: String]) in lab.call("PUT", "/access/acl", values).errors }
        #expect(acl(["path": "/vms", "roles": "R1"]).keys.sorted() == ["groups", "tokens", "users"])
        #expect(acl(["path": "/nope", "roles": "R1", "users": "alice@pve"])["path"] == "invalid ACL path '/nope'")
        let role = lab.call("POST", "/access/roles", ["roleid": "pveMine"])
        #expect(role.errors["roleid"]?.hasPrefix("cannot use role ID starting with") == true)
        let privilege = lab.call("POST", "/access/roles", ["roleid": "R2", "privs": "VM.Fly"])
        #expect(privilege.errors["privs"] == "invalid format - invalid privilege 'VM.Fly'\n")
        let token = lab.call(
            "POST", "/access/users/{userid}/token/{tokenid}", ["userid": "alice@pve", "tokenid": "full"])
        #expect(token.errors["tokenid"] == "Token already exists.")
    }

    @Test func realmsComeChangeAndGo() {
        let lab = WorldLab()
        let realm = ["realm": "corp", "type": "ldap", "server1": "192.0.2.5", "base_dn": "dc=x", "user_attr": "uid"]
        #expect(
            lab.call("POST", "/access/domains", realm.merging(["password": "p", "default": "1"]) { $1 }).status == 200)
        let read = { lab.call("GET", "/access/domains/{realm}", ["realm": "corp"]).json }
        #expect(read()?["password"] == nil)
        let digest = read()?["digest"]?.string ?? ""
        let put = { (values: [String: String]) in
            lab.call("PUT", "/access/domains/{realm}", values.merging(["realm": "corp"]) { $1 })
        }
        #expect(put(["comment": "LDAP", "digest": digest]).status == 200)
        let stale = put(["comment": "again", "digest": digest])
        #expect(stale.message.hasPrefix("update auth server failed: detected modified configuration"))
        #expect(put(["delete": "comment"]).status == 200)
        #expect(read()?["comment"] == nil)
        #expect(lab.call("GET", "/access/domains").json?.count == 3)
        #expect(lab.call("DELETE", "/access/domains/{realm}", ["realm": "corp"]).status == 200)
        #expect(lab.call("GET", "/access/domains").json?.count == 2)
    }

    @Test func everybodySeesTheirOwnAndTheAuditorAll() throws {
        let (fixture, header) = try fixture()
        #expect(data(fixture.send("GET", "/access/users", token: nil, headers: header))?.count == 0)
        let (ticket, _) = fixture.credentials.issueTicket(for: "jo@pve")
        let own = fixture.send("GET", "/access/users", token: nil, headers: [("Cookie", "PVEAuthCookie=\(ticket)")])
        #expect(data(own)?.elements.compactMap { $0["userid"]?.string } == ["jo@pve"])
        #expect(data(fixture.send("GET", "/access/users", token: "auditor@pve!ro"))?.count == 3)
        #expect(data(fixture.send("GET", "/access/acl", token: nil, headers: header))?.count == 0)
        let denied = fixture.send("POST", "/access/users", token: "auditor@pve!ro", form: "userid=a@pve")
        #expect(denied.status == 403)
    }
}
