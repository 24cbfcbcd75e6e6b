// The tools of the category qemu that are code, run from the built library.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@Suite("Code of the category qemu")
struct QEMUCodeTests {
    private let qemu: PluginFile

    init() throws { qemu = try PluginFile("qemu") }

    private static let get = UInt8(PVE_METHOD_GET.rawValue)
    private static let post = UInt8(PVE_METHOD_POST.rawValue)

    @Test func listsTheVMsOfTheCluster() throws {
        let call = try qemu.run("pve_list_qemu_vms", "{}") { _ in
            .json(
                #"[{"type":"qemu","vmid":100,"node":"pve1","name":"web"},{"type":"lxc","vmid":101},{"type":"qemu","vmid":"102"}]"#
            )
        }
        #expect(
            call.requests == [SentRequest(method: Self.get, path: "/cluster/resources", parameters: ["type": "vm"])])
        #expect(call.reply == #"[{"type":"qemu","vmid":100,"node":"pve1","name":"web"},{"type":"qemu","vmid":"102"}]"#)
    }

    @Test func listsTheVMsOfANodeByTheSameNames() throws {
        let call = try qemu.run("pve_list_qemu_vms", #"{"node":"pve1","full":true}"#) { _ in
            .json(#"[{"vmid":100,"cpus":4,"status":"running","tags":"a;b","name":null,"other":1}]"#)
        }
        let parameters = ["node": #""pve1""#, "full": "true"]
        #expect(call.requests == [SentRequest(method: Self.get, path: "/nodes/{node}/qemu", parameters: parameters)])
        #expect(
            call.reply == #"[{"node":"pve1","maxcpu":4,"vmid":100,"status":"running","tags":"a;b","template":false}]"#)
    }

    @Test func doesNotTakeLocalhostForANodesName() throws {
        let call = try qemu.run("pve_list_qemu_vms", #"{"node":"localhost"}"#) { _ in
            .json(#"[{"vmid":100,"template":1}]"#)
        }
        #expect(call.reply == #"[{"vmid":100,"template":1}]"#)
    }

    @Test func listsNothing() throws {
        #expect(try qemu.run("pve_list_qemu_vms", "{}") { _ in .json("[]") }.reply == "[]")
        #expect(try qemu.run("pve_list_qemu_vms", #"{"node":"pve1"}"#) { _ in .json("[]") }.reply == "[]")
    }

    @Test(arguments: ["{}", #"{"node":"pve9"}"#])
    func saysWhyItCannotList(arguments: String) throws {
        let call = try qemu.run("pve_list_qemu_vms", arguments) { _ in
            .status(Int32(PVE_FAILED.rawValue), "no such node")
        }
        #expect(call.failure == "no such node")
        #expect(call.requests.count == 1)
    }

    @Test func createsWithTheIDGiven() throws {
        let call = try qemu.run("pve_create_qemu_vm", #"{"node":"pve1","vmid":100}"#) { _ in .json(#""UPID:x""#) }
        #expect(call.requests == [SentRequest(method: Self.post, path: "/nodes/{node}/qemu", withArguments: true)])
        #expect(call.reply == #""UPID:x""#)
    }

    @Test func createsWithTheNextFreeID() throws {
        let call = try qemu.run("pve_create_qemu_vm", #"{"node":"pve1"}"#) { request in
            .json(request.method == Self.get ? #""105""# : #""UPID:x""#)
        }
        #expect(
            call.requests == [
                SentRequest(method: Self.get, path: "/cluster/nextid"),
                SentRequest(
                    method: Self.post, path: "/nodes/{node}/qemu", parameters: ["vmid": #""105""#], withArguments: true),
            ])
        #expect(call.reply == #""UPID:x""#)
    }

    @Test func triesAnotherIDWhenTheFreeOneWasTaken() throws {
        var free = 104
        let call = try qemu.run("pve_create_qemu_vm", #"{"node":"pve1"}"#) { request in
            if request.method == Self.get {
                free += 1
                return .json("\(free)")
            }
            if free == 105 {
                return .status(
                    Int32(PVE_FAILED.rawValue), "unable to create VM 105 - VM 105 already exists on node 'pve2'")
            }
            return .json(#""UPID:x""#)
        }
        #expect(call.requests.filter { $0.method == Self.post }.map { $0.parameters["vmid"] } == ["105", "106"])
        #expect(call.reply == #""UPID:x""#)
    }

    @Test func givesUpAfterThreeIDs() throws {
        let call = try qemu.run("pve_create_qemu_vm", #"{"node":"pve1"}"#) { request in
            request.method == Self.get ? .json("105") : .status(Int32(PVE_FAILED.rawValue), "VM 105 already exists")
        }
        #expect(call.requests.filter { $0.method == Self.post }.count == 3)
        #expect(call.failure == "VM 105 already exists")
    }

    @Test(arguments: [
        (#"{"node":"pve1"}"#, PVE_FAILED, "storage 'nope' does not exist"),
        (
            #"{"node":"pve1"}"#, PVE_REFUSED,
            "VM 105 already exists in the list of protected guests? no: refused by tier"
        ),
        (#"{"node":"pve1","vmid":105}"#, PVE_FAILED, "VM 105 already exists"),
    ])
    func sendsTheCreationOnceOtherwise(arguments: String, status: pve_status, message: String) throws {
        let call = try qemu.run("pve_create_qemu_vm", arguments) { request in
            request.method == Self.get ? .json("105") : .status(Int32(status.rawValue), message)
        }
        #expect(call.requests.filter { $0.method == Self.post }.count == 1)
        #expect(call.failure == message)
    }
}
