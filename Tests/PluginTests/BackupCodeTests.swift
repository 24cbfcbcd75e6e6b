// The tools of the category backup that are code, run from the built library.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@Suite("Code of the category backup")
struct BackupCodeTests {
    private let backup: PluginFile

    init() throws { backup = try PluginFile("backup") }

    private static let get = UInt8(PVE_METHOD_GET.rawValue)
    private static let post = UInt8(PVE_METHOD_POST.rawValue)

    private static let guests = #"""
        [{"vmid":100,"node":"pve1","type":"qemu"},{"vmid":101,"node":"pve1","type":"lxc"},{"vmid":102,"node":"pve2"}]
        """#

    private static func backup(_ parameters: [String: String]) -> SentRequest {
        SentRequest(method: post, path: "/nodes/{node}/vzdump", parameters: parameters, withArguments: true)
    }

    // MARK: At once

    @Test func leavesOlderBackupsAlone() throws {
        let call = try backup.run("pve_run_backup", #"{"node":"pve1","vmid":"100"}"#) { _ in .json(#""UPID:x""#) }
        #expect(call.requests == [Self.backup(["remove": "false"])])
        #expect(call.reply == #""UPID:x""#)
    }

    @Test(arguments: [
        #"{"remove":true}"#, #"{"remove":false}"#, #"{"prune-backups":"keep-last=3"}"#, #"{"maxfiles":1}"#,
    ])
    func prunesWhenAsked(options: String) throws {
        let call = try backup.run("pve_run_backup", #"{"node":"pve1","vmid":"100","options":\#(options)}"#) { _ in
            .json(#""UPID:x""#)
        }
        #expect(call.requests == [Self.backup([:])])
    }

    @Test func saysThatNothingWasBackedUp() throws {
        let call = try backup.run("pve_run_backup", #"{"node":"pve1","vmid":"102"}"#) { _ in .json(#""OK""#) }
        #expect(call.reply == nil)
        #expect(try #require(call.failure).hasPrefix("Nothing was backed up"))
    }

    @Test(arguments: [("100", "pve1"), ("100,101", "pve1"), ("101 100", "pve1"), ("102", "pve2")])
    func findsTheNode(vmid: String, node: String) throws {
        let call = try backup.run("pve_run_backup", #"{"vmid":"\#(vmid)"}"#) { request in
            .json(request.method == Self.get ? Self.guests : #""UPID:x""#)
        }
        #expect(
            call.requests == [
                SentRequest(method: Self.get, path: "/cluster/resources", parameters: ["type": "vm"]),
                Self.backup(["node": #""\#(node)""#, "remove": "false"]),
            ])
    }

    @Test(arguments: [
        (#"{"all":true}"#, "give node"), (#"{"vmid":","}"#, "give node"), (#"{"vmid":"100,102"}"#, "several nodes"),
        (#"{"vmid":"100,199"}"#, "no guest 199"), (#"{"vmid":"99999999999999999999"}"#, "no guest 9999999999"),
    ])
    func sendsNothingWithoutOneNode(arguments: String, reason: String) throws {
        let call = try backup.run("pve_run_backup", arguments) { _ in .json(Self.guests) }
        #expect(!call.requests.contains { $0.method == Self.post })
        let failure = try #require(call.failure)
        #expect(failure.hasPrefix("Nothing was sent"))
        #expect(failure.contains(reason))
    }

    // MARK: By schedule

    private static func job(_ parameters: [String: String]) -> SentRequest {
        SentRequest(method: post, path: "/cluster/backup", parameters: parameters, withArguments: true)
    }

    @Test(arguments: [
        ("", [:]), (#", "prune-backups":"keep-last=3""#, [:]), (#", "maxfiles":3"#, ["prune-backups": "keep-last=3"]),
        (#", "maxfiles":1"#, ["prune-backups": "keep-last=1"]), (#", "maxfiles":0"#, ["prune-backups": "keep-all=1"]),
    ])
    func sendsMaxfilesAsPruneBackups(given: String, sent: [String: String]) throws {
        let call = try backup.run("pve_create_backup_job", #"{"vmid":"100"\#(given)}"#) { _ in .json("null") }
        #expect(call.requests == [Self.job(sent)])
        #expect(call.failure == nil)
    }

    @Test func takesOneOfMaxfilesAndPruneBackups() throws {
        let call = try backup.run(
            "pve_create_backup_job", #"{"vmid":"100","maxfiles":3,"prune-backups":"keep-last=3"}"#
        ) {
            _ in
            .json("null")
        }
        #expect(call.requests.isEmpty)
        #expect(try #require(call.failure).contains("not both"))
    }

    @Test func saysWhyThereIsNoJob() throws {
        let call = try backup.run("pve_create_backup_job", "{}") { _ in
            .status(Int32(PVE_FAILED.rawValue), "vmid: missing")
        }
        #expect(call.failure == "vmid: missing")
    }
}
