// Who may do what with guests, volumes and backups, by way of the whole server; and what 8.4 lacks.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Rights over simulated guests")
struct GuestRightsTests {
    private func fixture(_ grants: [(path: String, role: String)]) throws -> Fixture {
        let fixture = try Fixture()
        #expect(fixture.send("POST", "/access/users", form: "userid=jo@pve").status == 200)
        let made = fixture.send("POST", "/access/users/jo@pve/token/t1", form: "privsep=0")
        #expect(made.status == 200)
        fixture.credentials.setSecret("s3cret", ofToken: "jo@pve!t1")
        for (path, role) in grants {
            let form = "path=\(path)&users=jo@pve&roles=\(role)"
            #expect(fixture.send("PUT", "/access/acl", form: form).status == 200)
        }
        return fixture
    }

    private let template = "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"

    @Test func creationNeedsTheGuestAndTheStorage() throws {
        let form = "vmid=200&ostemplate=\(template)&storage=local-lvm"
        let nothing = try fixture([]).send("POST", "/nodes/pve1/lxc", token: "jo@pve!t1", form: form)
        #expect(nothing.reason == "Permission check failed (/vms/200, VM.Allocate)")
        let guest = try fixture([("/vms/200", "PVEVMAdmin"), ("/storage/local", "PVEDatastoreUser")])
        let half = guest.send("POST", "/nodes/pve1/lxc", token: "jo@pve!t1", form: form)
        #expect(half.reason == "Permission check failed (/storage/local-lvm, Datastore.AllocateSpace)")
        let both = try fixture([("/vms/200", "PVEVMAdmin"), ("/storage", "PVEDatastoreUser")])
        #expect(both.send("POST", "/nodes/pve1/lxc", token: "jo@pve!t1", form: form).status == 200)
    }

    @Test func removalOfABackupNeedsTheRightToMakeIt() throws {
        let found = { (fixture: Fixture) throws -> String in
            let body = fixture.send("GET", "/nodes/pve1/storage/shared/content?content=backup").answer.body
            let id = try JSONDocument(body).root["data"]?.elements.compactMap { $0["volid"]?.string }.first
            return (id ?? "").replacing("/", with: "%2F")
        }
        let storage = try fixture([("/storage/shared", "PVEDatastoreUser")])
        let path = "/nodes/pve1/storage/shared/content/\(try found(storage))"
        #expect(
            storage.send("DELETE", path, token: "jo@pve!t1").reason
                == "Permission check failed (/vms/101, VM.Backup)")
        let both = try fixture([("/storage/shared", "PVEDatastoreUser"), ("/vms/101", "PVEVMUser")])
        #expect(
            both.send("DELETE", "/nodes/pve1/storage/shared/content/\(try found(both))", token: "jo@pve!t1").status
                == 200)
        let image = "/nodes/pve1/storage/local/content/local:iso%2Fdebian-13.1.0-amd64-netinst.iso"
        #expect(
            both.send("DELETE", image, token: "jo@pve!t1").reason
                == "Permission check failed (/storage/local, Datastore.Allocate)")
    }

    @Test func optionsOfABackupNeedMore() throws {
        let fixture = try fixture([("/storage", "PVEDatastoreUser"), ("/vms", "PVEVMUser")])
        let dump = { (form: String) in fixture.send("POST", "/nodes/pve1/vzdump", token: "jo@pve!t1", form: form) }
        let base = "vmid=100&storage=shared"
        #expect(dump(base).status == 200)
        #expect(
            dump("\(base)&prune-backups=keep-last%3D1").reason
                == "Permission check failed (/storage/shared, Datastore.Allocate)")
        #expect(dump("\(base)&bwlimit=10").reason == "Permission check failed (/, Sys.Modify)")
        #expect(dump("\(base)&tmpdir=/tmp").error("tmpdir") == "Only root may set this option.")
    }

    @Test func optionsOfAContainerNeedTheirPrivilege() throws {
        let fixture = try fixture([("/vms/111", "PVEVMUser")])
        let put = { (form: String) in
            fixture.send("PUT", "/nodes/pve2/lxc/111/config", token: "jo@pve!t1", form: form).reason
        }
        #expect(put("memory=1024").hasPrefix("Permission check failed (/vms/111, "))
    }

    @Test func maxfilesIsUnknownIn9AndTakenIn8() throws {
        let nine = try fixture([]).send("POST", "/cluster/backup", form: "schedule=daily&vmid=100&maxfiles=3")
        #expect(nine.error("maxfiles")?.hasPrefix("property is not defined in schema") == true)
        var options = WorldOptions()
        options.release = "8.4"
        let credentials = Credentials(now: { 1_000_000 })
        credentials.setSecret("s3cret", ofToken: "root@pam!demo")
        let api = APIServer(
            facts: try APIFacts(release: "8.4"), world: World(options: options), credentials: credentials)
        let send = { (method: String, path: String, form: String?) in
            var request = HTTPRequest(method: method, target: "/api2/json" + path)
            request.headers.append(("Authorization", "PVEAPIToken=root@pam!demo=s3cret"))
            if let form {
                request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
                request.body = Array(form.utf8)
            }
            return api.handle(request)
        }
        #expect(send("POST", "/cluster/backup", "id=j1&schedule=daily&vmid=100&maxfiles=3").status == 200)
        let job = send("GET", "/cluster/backup/j1", nil).body
        #expect(job.contains(#""prune-backups":{"keep-last":"3"}"#))
        #expect(send("POST", "/cluster/bulk-action/guest/start", "").status == 501)
        #expect(send("POST", "/nodes/pve1/storage/local/oci-registry-pull", "reference=a:1").status == 501)
        #expect(send("POST", "/nodes/pve1/lxc", "vmid=200&ostemplate=x&env=A%3D1").error("env") != nil)
        #expect(!send("GET", "/nodes/pve3/lxc/110/status/current", nil).body.contains("pressure"))
    }
}
