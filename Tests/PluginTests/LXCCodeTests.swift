// The tools of the category lxc that are code, run from the built library.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@Suite("Code of the category lxc")
struct LXCCodeTests {
    private let lxc: PluginFile

    init() throws { lxc = try PluginFile("lxc") }

    private static let get = UInt8(PVE_METHOD_GET.rawValue)
    private static let post = UInt8(PVE_METHOD_POST.rawValue)

    @Test func listsTheContainersOfTheCluster() throws {
        let call = try lxc.run("pve_list_lxc_containers", "{}") { _ in
            .json(#"[{"type":"qemu","vmid":100},{"type":"lxc","vmid":101,"node":"pve1","name":"dns"}]"#)
        }
        #expect(
            call.requests == [SentRequest(method: Self.get, path: "/cluster/resources", parameters: ["type": "vm"])])
        #expect(call.reply == #"[{"type":"lxc","vmid":101,"node":"pve1","name":"dns"}]"#)
    }

    @Test func listsTheContainersOfANodeByTheSameNames() throws {
        let call = try lxc.run("pve_list_lxc_containers", #"{"node":"pve1"}"#) { _ in
            .json(#"[{"vmid":"101","cpus":2,"status":"running","disk":5,"maxdisk":10,"swap":0,"other":1}]"#)
        }
        #expect(
            call.requests
                == [SentRequest(method: Self.get, path: "/nodes/{node}/lxc", parameters: ["node": #""pve1""#])])
        #expect(
            call.reply
                == #"[{"node":"pve1","maxcpu":2,"vmid":"101","status":"running","disk":5,"maxdisk":10,"template":false}]"#
        )
    }

    @Test func passesOnWhatACallerNames() throws {
        let call = try lxc.run("pve_list_lxc_containers", #"{"node":"pve1","fields":["swap"]}"#) { _ in
            .json(#"[{"vmid":101,"swap":7}]"#)
        }
        #expect(call.reply == #"[{"node":"pve1","vmid":101,"swap":7,"template":false}]"#)
    }

    @Test func createsWithTheNextFreeID() throws {
        let call = try lxc.run("pve_create_lxc_container", #"{"node":"pve1","ostemplate":"local:vztmpl/x.tar.zst"}"#) {
            .json($0.method == Self.get ? #""105""# : #""UPID:x""#)
        }
        #expect(
            call.requests == [
                SentRequest(method: Self.get, path: "/cluster/nextid"),
                SentRequest(
                    method: Self.post, path: "/nodes/{node}/lxc", parameters: ["vmid": #""105""#], withArguments: true),
            ])
        #expect(call.reply == #""UPID:x""#)
    }

    @Test func triesAnotherIDWhenTheFreeOneWasTaken() throws {
        var free = 104
        let call = try lxc.run("pve_create_lxc_container", #"{"node":"pve1","env":["A=1"]}"#) { request in
            if request.method == Self.get {
                free += 1
                return .json("\(free)")
            }
            if free == 105 {
                return .status(
                    Int32(PVE_FAILED.rawValue), "unable to create CT 105 - CT 105 already exists on node 'pve2'")
            }
            return .json(#""UPID:x""#)
        }
        let sent = call.requests.filter { $0.method == Self.post }.map(\.parameters)
        #expect(sent == [["vmid": "105", "env": "A=1"], ["vmid": "106", "env": "A=1"]])
        #expect(call.reply == #""UPID:x""#)
    }

    @Test func sendsNoVariablesWhenThereAreNone() throws {
        let call = try lxc.run("pve_create_lxc_container", #"{"node":"pve1","vmid":105,"env":[]}"#) { _ in
            .json(#""UPID:x""#)
        }
        #expect(call.requests == [SentRequest(method: Self.post, path: "/nodes/{node}/lxc", withArguments: true)])
    }

    @Test(arguments: [
        (#"["A=1"]"#, "A=1"), (#"["A=1","B=x y","C="]"#, "A=1\0B=x y\0C="),
    ])
    func putsNULBetweenVariables(variables: String, sent: String) throws {
        let call = try lxc.run("pve_create_lxc_container", #"{"node":"pve1","vmid":105,"env":\#(variables)}"#) { _ in
            .json(#""UPID:x""#)
        }
        #expect(
            call.requests == [
                SentRequest(
                    method: Self.post, path: "/nodes/{node}/lxc", parameters: ["env": sent], withArguments: true)
            ])
    }
}
