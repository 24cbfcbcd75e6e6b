// The tools of the categories cluster, pools, network and ha that are code, run from the built libraries.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@Suite("Code of the categories cluster, pools, network and ha")
struct ConfigurationCodeTests {
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
        let call = try PluginFile("cluster").run("pve_get_next_vmid", "{}") { _ in .json(answer) }
        #expect(call.requests == [Self.get("/cluster/nextid", withArguments: true)])
        #expect(call.reply == #"{"vmid":100}"#)
    }

    @Test func saysThatAnIDIsTaken() throws {
        let call = try PluginFile("cluster").run("pve_get_next_vmid", #"{"vmid":100}"#) { _ in
            .status(Int32(PVE_FAILED.rawValue), "vmid: VM 100 already exists")
        }
        #expect(call.failure == "vmid: VM 100 already exists")
    }

    @Test(arguments: ["null", #""none""#])
    func doesNotMakeUpAnID(answer: String) throws {
        let call = try PluginFile("cluster").run("pve_get_next_vmid", "{}") { _ in .json(answer) }
        #expect(call.reply == nil)
        #expect(call.failure == "Proxmox named no free guest ID.")
    }

    // MARK: One pool

    @Test func answersThePoolOfTheList() throws {
        let call = try PluginFile("pools").run("pve_get_pool", #"{"poolid":"dev/web","type":"qemu"}"#) { _ in
            .json(#"[{"poolid":"dev/web","members":[{"id":"qemu/100"}]}]"#)
        }
        #expect(call.requests == [Self.get("/pools", withArguments: true)])
        #expect(call.reply == #"{"poolid":"dev/web","members":[{"id":"qemu/100"}]}"#)
    }

    @Test func namesThePoolThatIsNotThere() throws {
        let call = try PluginFile("pools").run("pve_get_pool", #"{"poolid":"nope"}"#) { _ in .json("[]") }
        #expect(
            call.failure == "Pool 'nope' is not there, or may not be seen. pve_list_pools names those that are.")
    }

    @Test func passesOnWhatProxmoxSaysOfAPool() throws {
        let call = try PluginFile("pools").run("pve_get_pool", #"{"poolid":"nope"}"#) { _ in
            .status(Int32(PVE_FAILED.rawValue), "pool 'nope' does not exist")
        }
        #expect(call.failure == "pool 'nope' does not exist")
    }

    // MARK: What an interface keeps

    private static let interface = "/nodes/{node}/network/{iface}"

    /// Changes an interface that is now as `present` says, and returns what was sent beside the arguments.
    private func update(_ present: String, _ arguments: String = #""mtu":9000"#) throws -> [String: String]? {
        let given = #"{"node":"pve1","iface":"vmbr1",\#(arguments)}"#
        let call = try PluginFile("network").run("pve_update_network", given) { request in
            .json(request.method == Self.get ? present : "null")
        }
        try #require(call.requests.first == Self.get(Self.interface, ["node": #""pve1""#, "iface": #""vmbr1""#]))
        guard call.requests.count == 2, let change = call.requests.last else { return nil }
        #expect((change.method, change.path) == (Self.put, Self.interface))
        #expect(change.withArguments)
        #expect(call.reply == "null")
        return change.parameters
    }

    @Test func keepsTypeAndAddressesOfAnInterface() throws {
        let present =
            #"{"type":"bridge","cidr":"10.0.0.2/24","address":"10.0.0.2","netmask":"24","method":"static","method6":"manual"}"#
        #expect(try update(present) == ["type": #""bridge""#, "cidr": #""10.0.0.2/24""#])
        let both = #"{"type":"bridge","cidr":"10.0.0.2/24","cidr6":"2001:db8::2/64"}"#
        #expect(try update(both, #""type":"OVSBridge""#) == ["cidr": #""10.0.0.2/24""#, "cidr6": #""2001:db8::2/64""#])
        let split = #"{"type":"eth","address":"10.0.0.2","netmask":"255.0.0.0"}"#
        #expect(
            try update(split) == ["type": #""eth""#, "address": #""10.0.0.2""#, "netmask": #""255.0.0.0""#])
        #expect(try update(#"{"type":"bond"}"#) == ["type": #""bond""#])
    }

    @Test(arguments: [
        #""cidr":"10.0.0.3/24""#, #""address":"10.0.0.3","netmask":"255.0.0.0""#, #""delete":"cidr""#,
        #""delete":"gateway,address""#, #""delete":"gateway; cidr""#,
    ])
    func letsGoOfAnAddressThatTheCallerNames(arguments: String) throws {
        let present = #"{"type":"bridge","cidr":"10.0.0.2/24","cidr6":"2001:db8::2/64"}"#
        #expect(try update(present, arguments) == ["type": #""bridge""#, "cidr6": #""2001:db8::2/64""#])
    }

    @Test(arguments: [#""options":{"address6":"2001:db8::3","netmask6":64}"#, #""delete":"cidr6""#])
    func letsGoOfTheOtherAddress(arguments: String) throws {
        let present = #"{"type":"bridge","cidr":"10.0.0.2/24","cidr6":"2001:db8::2/64"}"#
        #expect(try update(present, arguments) == ["type": #""bridge""#, "cidr": #""10.0.0.2/24""#])
    }

    @Test(arguments: [#""method":"dhcp""#, #""method":"manual","method6":"auto""#])
    func doesNotEndDHCPUnasked(method: String) throws {
        let call = try PluginFile("network").run("pve_update_network", #"{"node":"pve1","iface":"vmbr1","mtu":9000}"#) {
            _ in
            .json(#"{"type":"bridge",\#(method)}"#)
        }
        #expect(call.requests.count == 1)
        #expect(call.failure?.contains("/etc/network/interfaces") == true)
        let arguments = #""delete":"cidr,cidr6""#
        #expect(try update(#"{"type":"bridge",\#(method)}"#, arguments) == ["type": #""bridge""#])
    }

    @Test func changesNoInterfaceThatIsNotThere() throws {
        let call = try PluginFile("network").run("pve_update_network", #"{"node":"pve1","iface":"vmbr9"}"#) { _ in
            .status(Int32(PVE_FAILED.rawValue), "iface: interface does not exist")
        }
        #expect(call.requests.count == 1)
        #expect(call.failure == "iface: interface does not exist")
    }

    @Test func changesNoInterfaceOfUnknownType() throws {
        let call = try PluginFile("network").run("pve_update_network", #"{"node":"pve1","iface":"vmbr1"}"#) { _ in
            .json("{}")
        }
        #expect(call.requests.count == 1)
        #expect(call.failure?.contains(#"argument "type""#) == true)
    }

    // MARK: The type of a rule

    private static let rule = "/cluster/ha/rules/{rule}"

    @Test func keepsTheTypeOfARule() throws {
        let call = try PluginFile("ha").run("pve_update_ha_rule", #"{"rule":"r1","comment":"new"}"#) { request in
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
        let call = try PluginFile("ha").run("pve_update_ha_rule", #"{"rule":"r9"}"#) { _ in
            guard let refusal else { return .json("{}") }
            return .status(Int32(refusal.status.rawValue), refusal.text)
        }
        #expect(call.requests.count == 1)
        #expect(call.reply == nil)
        #expect(call.failure?.isEmpty == false)
    }
}
