// Lenient values, the list of guests, and the start check's verdict.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Proxmox

@Suite("Values")
struct ValueTests {
    func value(_ json: String) throws -> JSONValue { try JSONDocument(json).root }

    @Test("numbers, strings and truth values stand for each other")
    func lenient() throws {
        #expect(try value(#""512""#).lenientInt == 512)
        #expect(try value("512").lenientInt == 512)
        #expect(try value(#""1e3""#).lenientInt == 1000)
        #expect(try value("true").lenientInt == 1)
        #expect(try value(#""x""#).lenientInt == nil)
        #expect(try value("null").lenientInt == nil)
        #expect(try value(#""0.25""#).lenientDouble == 0.25)
        #expect(try value(#""nan""#).lenientDouble == nil)
        for text in ["1", "true", #""1""#, #""yes""#] { #expect(try value(text).lenientBool == true) }
        for text in ["0", "false", #""0""#, #""""#] { #expect(try value(text).lenientBool == false) }
        #expect(try value(#""maybe""#).lenientBool == nil)
        #expect(try value("1.50").lenientString == "1.50")
        #expect(try value("true").lenientString == "1")
        #expect(try value("[]").lenientString == nil)
    }

    @Test("the list of guests is trusted for five seconds")
    func guests() throws {
        let list = try value(
            #"[{"vmid":100,"node":"pve1","type":"qemu","name":"web","status":"running"},"#
                + #"{"vmid":"205","node":"pve2","type":"lxc","status":"stopped"},{"id":"storage/x","type":"storage"}]"#)
        var guests = GuestDirectory()
        #expect(guests.lookup(100, now: 0) == .stale)
        guests.store(list, now: 10)
        let web = GuestLocation(vmid: 100, node: "pve1", kind: .qemu, name: "web", status: "running")
        #expect(guests.lookup(100, now: 4_000_000_000) == .found(web))
        #expect(guests.lookup(100, now: 6_000_000_000) == .stale)
        #expect(guests.lookup(101, now: 11) == .stale)
        #expect(guests.near(204).map(\.vmid) == [205, 100])
        guests.forget(100)
        #expect(guests.lookup(100, now: 11) == .stale)
    }

    @Test(
        "the words for a guest that is not there are known",
        arguments: [
            "unable to find configuration file for VM 102 on node 'pve2'",
            "unable to find configuration file for VM 102 - no such machine",
            "unable to find configuration file for CT 102 on node 'pve2'",
            "Configuration file 'nodes/pve3/qemu-server/102.conf' does not exist",
            "Configuration file 'nodes/pve3/lxc/102.conf' does not exist",
        ])
    func missing(text: String) {
        #expect(GuestDirectory.saysMissing(text))
        #expect(GuestDirectory.saysMissing(text, vmid: 102))
        #expect(!GuestDirectory.saysMissing(text, vmid: 10))
    }

    @Test(
        "other words are not",
        arguments: ["VM 102 already running", "storage 'x' does not exist", "a.conf' does not exist"])
    func present(text: String) {
        #expect(!GuestDirectory.saysMissing(text))
    }

    @Test("requests that make, move or remove guests name them")
    func changedGuests() {
        func changed(_ method: Method, _ rest: String, _ parameters: [Request.Parameter] = []) -> Set<Int64> {
            let path = ["node": "pve1", "vmid": "102"].filter { rest.contains($0.key) || $0.key == "node" }
            return GuestDirectory.changed(by: Request(method, "/nodes/{node}" + rest, path: path, parameters))
        }
        #expect(changed(.post, "/qemu", [.init("vmid", .int(104))]) == [104])
        #expect(changed(.post, "/lxc", [.init("vmid", .string("105"))]) == [105])
        #expect(changed(.delete, "/lxc/{vmid}") == [102])
        #expect(changed(.post, "/qemu/{vmid}/migrate", [.init("target", .string("pve2"))]) == [102])
        #expect(changed(.post, "/qemu/{vmid}/clone", [.init("newid", .int(103))]) == [102, 103])
        #expect(changed(.post, "/qemu/{vmid}/status/start") == [])
        #expect(changed(.delete, "/qemu/{vmid}/snapshot") == [])
        #expect(changed(.get, "/qemu") == [])
        #expect(changed(.post, "/vzdump", [.init("vmid", .string("102"))]) == [])
    }

    @Test(
        "a sentence ends once",
        arguments: [
            ("does not exist", "does not exist."), ("local node..", "local node."), ("local node.\n", "local node."),
            ("other user?", "other user?"), ("(by other user?)", "(by other user?)."), ("", ""),
        ])
    func sentences(text: String, sentence: String) {
        #expect(text.asSentence == sentence)
    }

    @Test("a server's words and what is said of them do not run together")
    func messages() {
        func rejected(_ text: String) -> String {
            Failure.rejected(request: "GET /x", status: 500, text: text).message
        }
        #expect(
            rejected("Configuration file 'nodes/a/lxc/1.conf' does not exist").contains("does not exist. It may be"))
        #expect(rejected("hostname lookup 'a' failed - not known").contains("not known. No node has"))
        #expect(rejected("(file change by other user?)").contains("other user?). The configuration"))
        #expect(rejected("no").hasSuffix("status 500: no."))
        let problems = [
            Failure.ParameterProblem(name: "a", text: "too long."),
            Failure.ParameterProblem(name: "target", text: "target is local node."),
        ]
        #expect(
            Failure.parameters(request: "POST /x", problems).message.contains(
                "a: too long; target: target is local node. Nothing was changed"))
        #expect(Failure.notImplemented(request: "GET /x", text: "no.").message.contains("GET /x: no. The path"))
    }

    @Test("an unknown guest is answered with its neighbours")
    func unknownGuest() {
        let near = GuestLocation(vmid: 100, node: "pve1", kind: .qemu, name: "web", status: "running")
        #expect(Failure.unknownGuest(vmid: 101, near: [near]).message.contains("100 (web, qemu on pve1)"))
        #expect(Failure.unknownGuest(vmid: 101, near: []).message.contains("No guests are visible"))
    }

    @Test("a verdict survives its way between processes")
    func verdict() {
        let good = StartVerdict(
            server: "https://pve1:8006", identity: "root@pam!mcp", version: "9.0.3", problem: nil, notes: ["a \"b\""])
        #expect(StartVerdict(json: good.json) == good)
        #expect(good.text == "Proxmox VE 9.0.3 at https://pve1:8006 accepts root@pam!mcp.\na \"b\"")
        let bad = StartVerdict(server: "s", identity: "i", version: nil, problem: "It is off.", notes: [])
        #expect(StartVerdict(json: bad.json) == bad)
        #expect(bad.text == "It is off.")
        #expect(!bad.isGood)
        #expect(StartVerdict(json: "{}".utf8) == nil)
    }

    @Test("a token without privileges is told about separation")
    func privilegeSeparation() throws {
        let token = Credentials.token(id: "root@pam!mcp", secret: "geheim")
        func notes(_ json: String) throws -> [String] {
            let answer = Answer(status: 200, reason: "OK", document: try JSONDocument(json))
            return StartCheck.permissions(.success(answer), token)
        }
        #expect(try notes(#"{"data":{}}"#).first?.contains("privilege separation") == true)
        #expect(try notes(#"{"data":{"/vms":{"VM.Audit":0}}}"#).first?.contains("privilege separation") == true)
        #expect(
            try notes(#"{"data":{"/":{"Sys.Audit":1,"VM.Audit":"1"},"/vms/100":{"VM.Audit":1}}}"#)
                == ["root@pam!mcp has 2 privileges on the whole cluster and more on 1 other path."])
        #expect(try notes(#"{"data":{"/vms/100":{"VM.Audit":1}}}"#).first?.contains("privileges on /vms/100") == true)
    }

    @Test("a certificate that does not fit names the fingerprint to set")
    func fingerprintMessages() throws {
        let shown = try Fingerprint(String(repeating: "0a", count: 32))
        let untrusted = Failure.tls(host: "pve1:8006", why: "self-signed", presented: shown, expected: nil)
        #expect(untrusted.message.contains("PVE_FINGERPRINT=\(shown)"))
        let changed = Failure.tls(host: "pve1:8006", why: "x", presented: shown, expected: shown)
        #expect(changed.message.contains("is not the one in PVE_FINGERPRINT"))
    }
}
