// The tools of the categories cluster, pools, network and ha that are code, run from the built libraries.
// SPDX-License-Identifier: MIT

import FakeHost
import PluginABI
import Testing

@Suite("Code of the categories cluster, pools, network and ha")
struct ConfigurationCodeTests {
    private func run(
        _ category: String, _ tool: String, _ arguments: String, _ answer: @escaping (SentRequest) -> FakeAnswer
    ) throws -> FakeCall {
        let call = try FakeCall(arguments: arguments, answer: answer)
        call.run(try #require(PluginFile(category).tool(tool).call))
        return call
    }

    private static let get = UInt8(PVE_METHOD_GET.rawValue)
    private static let put = UInt8(PVE_METHOD_PUT.rawValue)

    private static func get(_ path: String, _ parameters: [String: String] = [:], withArguments: Bool = false)
        -> SentRequest
    {
        SentRequest(method: get, path: path, parameters: parameters, withArguments: withArguments)
    }

    // MARK: The next free ID

    @Test(arguments: ["100", #""100""#])
    func namesTheNextFreeIDAsANumber(answer: String) throws {
        let call = try run("cluster", "pve_get_next_vmid", "{}") { _ in .json(answer) }
        #expect(call.requests == [Self.get("/cluster/nextid", withArguments: true)])
        #expect(call.reply == #"{"vmid":100}"#)
    }

    @Test func saysThatAnIDIsTaken() throws {
        let call = try run("cluster", "pve_get_next_vmid", #"{"vmid":100}"#) { _ in
            .status(Int32(PVE_FAILED.rawValue), "vmid: VM 100 already exists")
        }
        #expect(call.failure == "vmid: VM 100 already exists")
    }

    @Test(arguments: ["null", #""none""#])
    func doesNotMakeUpAnID(answer: String) throws {
        let call = try run("cluster", "pve_get_next_vmid", "{}") { _ in .json(answer) }
        #expect(call.reply == nil)
        #expect(call.failure == "Proxmox named no free guest ID.")
    }

    // MARK: One pool

    @Test func answersThePoolOfTheList() throws {
        let call = try run("pools", "pve_get_pool", #"{"poolid":"dev/web","type":"qemu"}"#) { _ in
            .json(#"[{"poolid":"dev/web","members":[{"id":"qemu/100"}]}]"#)
        }
        #expect(call.requests == [Self.get("/pools", withArguments: true)])
        #expect(call.reply == #"{"poolid":"dev/web","members":[{"id":"qemu/100"}]}"#)
    }

    @Test func namesThePoolThatIsNotThere() throws {
        let call = try run("pools", "pve_get_pool", #"{"poolid":"nope"}"#) { _ in .json("[]") }
        #expect(
            call.failure == "Pool 'nope' is not there, or may not be seen. pve_list_pools names those that are.")
    }

    @Test func passesOnWhatProxmoxSaysOfAPool() throws {
        let call = try run("pools", "pve_get_pool", #"{"poolid":"nope"}"#) { _ in
            .status(Int32(PVE_FAILED.rawValue), "pool 'nope' does not exist")
        }
        #expect(call.failure == "pool 'nope' does not exist")
    }

    // MARK: The type of an interface

    private static let interface = "/nodes/{node}/network/{iface}"

    @Test func keepsTheTypeOfAnInterface() throws {
        let call = try run("network", "pve_update_network", #"{"node":"pve1","iface":"vmbr1","mtu":9000}"#) { request in
            .json(request.method == Self.get ? #"{"type":"bridge","autostart":1}"# : "null")
        }
        #expect(
            call.requests == [
                Self.get(Self.interface, ["node": #""pve1""#, "iface": #""vmbr1""#]),
                SentRequest(
                    method: Self.put, path: Self.interface, parameters: ["type": #""bridge""#], withArguments: true),
            ])
        #expect(call.reply == "null")
    }

    @Test func asksForNothingWhenTheTypeIsGiven() throws {
        let arguments = #"{"node":"pve1","iface":"vmbr1","type":"OVSBridge"}"#
        let call = try run("network", "pve_update_network", arguments) { _ in .json("null") }
        #expect(
            call.requests == [
                SentRequest(
                    method: Self.put, path: Self.interface, parameters: ["type": #""OVSBridge""#], withArguments: true)
            ])
    }

    @Test func changesNoInterfaceThatIsNotThere() throws {
        let call = try run("network", "pve_update_network", #"{"node":"pve1","iface":"vmbr9"}"#) { _ in
            .status(Int32(PVE_FAILED.rawValue), "iface: interface does not exist")
        }
        #expect(call.requests.count == 1)
        #expect(call.failure == "iface: interface does not exist")
    }

    @Test func changesNoInterfaceOfUnknownType() throws {
        let call = try run("network", "pve_update_network", #"{"node":"pve1","iface":"vmbr1"}"#) { _ in .json("{}") }
        #expect(call.requests.count == 1)
        #expect(call.failure?.contains(#"argument "type""#) == true)
    }

    // MARK: The type of a rule

    private static let rule = "/cluster/ha/rules/{rule}"

    @Test func keepsTheTypeOfARule() throws {
        let call = try run("ha", "pve_update_ha_rule", #"{"rule":"r1","comment":"new"}"#) { request in
            .json(request.method == Self.get ? #"{"rule":"r1","type":"resource-affinity"}"# : "null")
        }
        #expect(
            call.requests == [
                Self.get(Self.rule, ["rule": #""r1""#]),
                SentRequest(
                    method: Self.put, path: Self.rule, parameters: ["type": #""resource-affinity""#],
                    withArguments: true),
            ])
        #expect(call.reply == "null")
    }

    @Test(arguments: [nil, (PVE_FAILED, "no such ha rule 'r9'"), (PVE_CANCELLED, "cancelled")])
    func changesNoRuleOfUnknownType(refusal: (status: pve_status, text: String)?) throws {
        let call = try run("ha", "pve_update_ha_rule", #"{"rule":"r9"}"#) { _ in
            guard let refusal else { return .json("{}") }
            return .status(Int32(refusal.status.rawValue), refusal.text)
        }
        #expect(call.requests.count == 1)
        #expect(call.reply == nil)
        #expect(call.failure?.isEmpty == false)
    }
}
