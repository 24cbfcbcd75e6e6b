// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite struct APIServerTests {
    @Test func `Unknown paths and verbs are not implemented`() throws {
        let fixture = try Fixture()
        #expect(fixture.send("GET", "/nope").status == 501)
        #expect(fixture.send("GET", "/nope").reason == "Method 'GET /nope' not implemented")
        #expect(fixture.send("POST", "/version").reason == "Method 'POST /version' not implemented")
    }

    @Test func `Doubled and trailing slashes do not count`() throws {
        #expect(try Fixture().send("GET", "//version/").status == 200)
    }

    @Test func `Wrong parameters are all named`() throws {
        let reply = try Fixture().send("POST", "/nodes/pve1/qemu", form: "bogus=1&cores=x&net0=bridge%3Dvmbr0")
        #expect(reply.status == 400)
        #expect(reply.reason == "Parameter verification failed.")
        #expect(reply.error("vmid") == "property is missing and it is not optional")
        #expect(
            reply.error("bogus")
                == "property is not defined in schema and the schema does not allow additional properties")
        #expect(reply.error("cores") == "type check ('integer') failed - got 'x'")
        #expect(
            reply.error("net0")
                == "invalid format - format error\nnet0.model: property is missing and it is not optional\n")
    }

    @Test func `A parameter of the path cannot be given another value`() throws {
        let fixture = try Fixture()
        let conflict = fixture.send("GET", "/nodes/pve1/qemu/100/config?vmid=101")
        #expect(conflict.error("vmid") == "duplicate parameter (already defined in URI) with conflicting values!")
        #expect(fixture.send("GET", "/nodes/pve1/qemu/100/config?vmid=100").status != 400)
    }

    @Test func `Variant endpoints name the variant`() throws {
        let reply = try Fixture().send(
            "POST", "/cluster/ha/rules", form: "rule=r1&type=node-affinity&resources=vm:100&affinity=positive")
        #expect(reply.error("oneOf[node-affinity].nodes") == "property is missing and it is not optional")
        #expect(reply.error("oneOf[node-affinity].affinity") != nil)
    }

    @Test func `A parameter can need another`() throws {
        let reply = try Fixture().send("PUT", "/nodes/pve1/qemu/100/config", form: "force=1")
        #expect(reply.error("delete") == "missing property - 'force' requires this property")
    }

    @Test func `Malformed JSON is a plain 500`() throws {
        let reply = try Fixture().send("POST", "/nodes/pve1/qemu", json: "{")
        #expect(reply.status == 500)
        #expect(reply.answer.contentType == "text/plain")
    }

    @Test func `Nodes can be away or unknown`() throws {
        let fixture = try Fixture(offline: ["pve2"])
        let away = fixture.send("GET", "/nodes/pve2/status")
        #expect(away.status == 595)
        #expect(away.reason == "No route to host")
        #expect(away.body == "")
        let unknown = fixture.send("GET", "/nodes/nope/status")
        #expect(unknown.status == 500)
        #expect(unknown.reason.hasPrefix("hostname lookup 'nope' failed - "))
    }

    @Test func `The format for the web interface always succeeds`() throws {
        let fixture = try Fixture()
        var request = HTTPRequest(method: "GET", target: "/api2/extjs/nope")
        request.headers = [("Authorization", "PVEAPIToken=root@pam!demo=s3cret")]
        let reply = fixture.api.handle(request)
        #expect(reply.status == 200)
        let root = try JSONDocument(reply.answer.body).root
        #expect(root["success"]?.int == 0)
        #expect(root["status"]?.int == 501)
        request.target = "/api2/xml/version"
        #expect(fixture.api.handle(request).reason == "no such uri")
    }

    @Test func `The log says who did what, and no secrets`() throws {
        let fixture = try Fixture(control: true)
        _ = fixture.send("GET", "/nodes/pve1/storage/local/content?content=iso&_dc=1")
        _ = fixture.send("POST", "/access/ticket", token: nil, form: "username=root@pam&password=pve-sim")
        let reply = fixture.send("GET", "/sim/log")
        #expect(!reply.body.contains("pve-sim"))
        #expect(!reply.body.contains("s3cret"))
        let lines = try JSONDocument(reply.answer.body).root.elements.map { $0 }
        #expect(lines[0]["template"]?.string == "/nodes/{node}/storage/{storage}/content")
        #expect(lines[0]["parameters"]?.rawText == #"{"content":"iso","node":"pve1","storage":"local"}"#)
        #expect(lines[0]["caller"]?.string == "root@pam!demo")
        #expect(lines[1]["parameters"]?["password"]?.string == "***")
        #expect(lines[1]["status"]?.int == 200)
    }
}
