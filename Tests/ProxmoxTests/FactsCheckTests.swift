// What is said about requests that do not fit the API.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Checking requests against the API facts")
struct FactsCheckTests {
    private static let guest = ["node": "pve1", "vmid": "100"]

    private func config(_ parameters: [Request.Parameter], path: [String: String] = guest) -> [Facts.Problem] {
        Facts.newest.check(Request(.put, "/nodes/{node}/qemu/{vmid}/config", path: path, parameters))
    }

    @Test func letsPassWhatFits() {
        #expect(
            config([
                .init("memory", .string("2048")), .init("cores", .int(4)), .init("onboot", .bool(true)),
                .init("acpi", .string("0")), .init("cpulimit", .double(1.5)),
                .init("net31", .string("virtio,bridge=vmbr0")),
                .init("bios", .string("ovmf")), .init("delete", .string("scsi1")),
            ]) == [])
    }

    @Test(
        arguments: [
            ("cores", .string("many"), .wrongType, "`cores` takes an integer of 1 or more; got `many`"),
            ("cores", .int(0), .outOfBounds, "`cores` takes an integer of 1 or more; got `0`"),
            ("cores", .double(1.5), .wrongType, "`cores` takes an integer of 1 or more; got `1.5`"),
            ("cpulimit", .int(129), .outOfBounds, "`cpulimit` takes a number of 0 to 128; got `129`"),
            ("cpulimit", .string("nan"), .wrongType, "`cpulimit` takes a number of 0 to 128; got `nan`"),
            ("onboot", .string("yes"), .wrongType, "`onboot` takes true or false; got `yes`"),
            ("bios", .string("efi"), .notAChoice, "`bios` takes one of seabios, ovmf; got `efi`"),
            (
                "name", .list(["a", "b"]), .wrongType,
                "`name` takes text; got a list of 2; give one text"
            ),
            (
                "memry", .int(1), .unknownParameter,
                "`memry` is not a parameter of PUT /nodes/{node}/qemu/{vmid}/config in Proxmox VE 9.2; "
                    + "did you mean `memory`?"
            ),
            (
                "net32", .string("virtio"), .unknownParameter,
                "`net32` is not a parameter of PUT /nodes/{node}/qemu/{vmid}/config: its numbers go from net0 to net31"
            ),
            (
                "net01", .string("virtio"), .unknownParameter,
                "`net01` is not a parameter of PUT /nodes/{node}/qemu/{vmid}/config: its numbers go from net0 to net31"
            ),
            (
                "vmid", .int(101), .repeated,
                "`vmid` is in the path of PUT /nodes/{node}/qemu/{vmid}/config already; give it once"
            ),
        ] as [(String, ParameterValue, Facts.Problem.Kind, String)])
    func saysWhatIsTakenAndWhatWasGot(
        _ name: String, _ value: ParameterValue, _ kind: Facts.Problem.Kind, _ text: String
    ) throws {
        let problems = config([.init(name, value)])
        #expect(problems == [.init(kind: kind, parameter: name, text: text)])
    }

    @Test func saysWhatIsMissing() {
        let problems = Facts.newest.check(
            Request(.post, "/nodes/{node}/qemu/{vmid}/clone", path: ["node": "pve1", "vmid": "100"]))
        #expect(
            problems.map(\.text) == [
                "`newid` is missing: POST /nodes/{node}/qemu/{vmid}/clone needs it (an integer of 100 to 999999999)"
            ])
        #expect(config([], path: ["node": "pve1"]).map(\.parameter) == ["vmid"])
        #expect(config([], path: ["node": "pve1", "vmid": ""]).map(\.kind) == [.missing])
    }

    @Test func checksValuesInThePath() {
        #expect(
            config([], path: ["node": "pve1", "vmid": "7"]).map(\.text) == [
                "`vmid` takes an integer of 100 to 999999999; got `7`"
            ])
    }

    @Test func saysWhichReleaseHasAMethod() {
        let newer = Request(.get, "/cluster/ha/rules")
        #expect(Facts.release("9.2")?.check(newer) == [])
        #expect(
            Facts.release("8.4")?.check(newer).map(\.text) == [
                "GET /cluster/ha/rules needs a newer Proxmox VE, such as 9.2; this server runs 8.4. There, "
                    + "HA groups do this: /cluster/ha/groups, and `group` of an HA resource"
            ])
        let older = Request(
            .get, "/nodes/{node}/scan/glusterfs", path: ["node": "pve1"], [.init("server", .string("a"))])
        #expect(
            Facts.newest.check(older).map(\.text) == [
                "GET /nodes/{node}/scan/glusterfs is gone from newer Proxmox VE: 8.4 had it; this server runs 9.2"
            ])
        #expect(
            Facts.newest.check(Request(.delete, "/version")).map(\.text) == [
                "Proxmox VE 9.2 has no DELETE /version; there it takes GET"
            ])
        #expect(Facts.newest.check(Request(.get, "/nope")).map(\.kind) == [.unknownEndpoint])
        let pool = Request(.get, "/pools/{poolid}", path: ["poolid": "a/b"])
        #expect(
            Facts.newest.check(pool).map(\.text) == [
                "Proxmox VE 9.2 has no GET /pools/{poolid}; `poolid` holds a slash, which ends a segment of the path here"
            ])
    }

    @Test func saysWhichReleaseHasAParameter() throws {
        let request = Request(
            .get, "/nodes/{node}/qemu/{vmid}/agent/file-read", path: Self.guest,
            [.init("file", .string("/etc/hostname")), .init("offset", .int(0))])
        #expect(Facts.newest.check(request) == [])
        let text = try #require(Facts.release("8.4")?.check(request).first?.text)
        #expect(
            text == "`offset` on GET /nodes/{node}/qemu/{vmid}/agent/file-read needs a newer Proxmox VE, such as 9.2; "
                + "this server runs 8.4. There, leave it out")
    }

    @Test func saysWhatElseIsNeeded() {
        let problems = Facts.newest.check(
            Request(
                .post, "/nodes/{node}/ceph/osd", path: ["node": "pve1"],
                [.init("dev", .string("/dev/sdb")), .init("wal_dev_size", .double(0.5))]))
        #expect(
            problems.map(\.text) == ["`wal_dev` is missing: `wal_dev_size` has to be given together with it"])
    }

    @Test func takesLists() {
        let exec = { (command: ParameterValue) in
            Facts.newest.check(
                Request(.post, "/nodes/{node}/qemu/{vmid}/agent/exec", path: Self.guest, [.init("command", command)]))
        }
        #expect(exec(.list(["ls", "-l"])) == [])
        #expect(exec(.string("ls")) == [])
        let bulk = Facts.newest.check(
            Request(.post, "/cluster/bulk-action/guest/start", [.init("vms", .list(["100", "7"]))]))
        #expect(
            bulk.map(\.text) == [
                "`vms` takes a list, each element an integer of 100 to 999999999; got `7`"
            ])
        #expect(
            Facts.newest.check(
                Request(
                    .put, "/access/acl",
                    [
                        .init("path", .string("/")), .init("roles", .list(["PVEAdmin", "PVEAuditor"])),
                    ])) == [])
    }

    @Test func measuresTextInCharacters() {
        let problems = Facts.newest.check(
            Request(
                .put, "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config",
                path: ["node": "pve1", "vmid": "100", "snapname": String(repeating: "ü", count: 41)]))
        #expect(problems.map(\.kind) == [.wrongLength])
    }

    @Test func doesNotRepeatSecrets() {
        let problems = Facts.newest.check(
            Request(
                .post, "/nodes/{node}/qemu/{vmid}/agent/set-user-password", path: Self.guest,
                [.init("username", .string("root")), .init("password", .string("hush"))]))
        #expect(problems.map(\.kind) == [.wrongLength])
        #expect(problems.allSatisfy { !$0.text.contains("hush") })
    }

    @Test func refusesInOneMessage() {
        let request = Request(
            .post, "/nodes/{node}/qemu/{vmid}/status/start", path: Self.guest, [.init("froce", .bool(true))])
        let text = Facts.refusal(of: request, release: "9.2.11")
        #expect(text?.hasPrefix("not sent: `froce` is not a parameter of") == true)
        #expect(Facts.refusal(of: request, release: nil) == text)
        #expect(Facts.refusal(of: request, release: "7.4") == nil)
        let older = Request(
            .get, "/nodes/{node}/scan/glusterfs", path: ["node": "pve1"], [.init("server", .string("a"))])
        #expect(Facts.refusal(of: older, release: nil) == nil)
        #expect(Facts.refusal(of: older, release: "9.2") != nil)
    }
}
