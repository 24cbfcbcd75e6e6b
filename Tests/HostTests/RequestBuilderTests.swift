// From arguments to a request.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginLoader
import Proxmox
import Testing

@testable import Host

@Suite("Request builder")
struct RequestBuilderTests {
    private let config = endpoint(PVE_METHOD_PUT, "/nodes/{node}/qemu/{vmid}/config")

    private func request(
        _ arguments: String, _ parameters: [ParameterSpec], overrides: [Request.Parameter] = []
    ) throws -> Request {
        try RequestBuilder.request(
            config, tool("pve_test", parameters), try json(arguments), overrides: overrides)
    }

    @Test func putsIntoThePathWhatTheTemplateNames() throws {
        let cores = ParameterSpec("cores", PVE_TYPE_I32)
        let request = try request(#"{"node":"pve1","vmid":100,"cores":2}"#, [.node, .vmid, cores])
        #expect(request.method == .put && request.template == "/nodes/{node}/qemu/{vmid}/config")
        #expect(request.path == ["node": "pve1", "vmid": "100"])
        #expect(request.parameters == [.init("cores", .int(2))])
    }

    @Test func writesWholeNumbersInThePathPlainly() throws {
        #expect(try request(#"{"node":"pve1","vmid":100.0}"#, [.node, .vmid]).path["vmid"] == "100")
        #expect(try request(#"{"node":"pve1","vmid":1e3}"#, [.node, .vmid]).path["vmid"] == "1000")
    }

    @Test func usesTheNameThatProxmoxKnows() throws {
        let guest = ParameterSpec("guest", PVE_TYPE_I64, flags: [PVE_PARAMETER_REQUIRED], api: "vmid")
        let memory = ParameterSpec("memory_mib", PVE_TYPE_I32, api: "memory")
        let request = try request(#"{"node":"pve1","guest":100,"memory_mib":512}"#, [.node, guest, memory])
        #expect(request.path["vmid"] == "100")
        #expect(request.parameters == [.init("memory", .int(512))])
    }

    @Test func sendsWhatIsForTheApiOnly() throws {
        let local = ParameterSpec("why", PVE_TYPE_UTF8, role: PVE_ROLE_LOCAL)
        let request = try request(
            #"{"node":"n","vmid":100,"why":"x","wait":1,"fields":["a"],"limit":1,"cursor":"1"}"#,
            [.node, .vmid, local, .wait, .fields, .limit, .cursor])
        #expect(request.parameters == [])
    }

    @Test func convertsEveryKindOfValue() throws {
        let parameters = ["a", "b", "c", "d", "e"].map { ParameterSpec($0, PVE_TYPE_JSON) }
        let request = try request(
            #"{"node":"n","vmid":100,"a":true,"b":1.5,"c":"x","d":["y",1,true],"e":null}"#,
            [.node, .vmid] + parameters)
        #expect(
            request.parameters == [
                .init("a", .bool(true)), .init("b", .double(1.5)), .init("c", .string("x")),
                .init("d", .list(["y", "1", "true"])),
            ])
    }

    @Test func refusesAnArgumentThatCannotBeSent() throws {
        let tags = ParameterSpec("tags", PVE_TYPE_OBJECT)
        #expect {
            try request(#"{"node":"n","vmid":100,"tags":{"a":1}}"#, [.node, .vmid, tags])
        } throws: {
            ($0 as? ArgumentError)?.faults == [
                "argument \"tags\" cannot be sent to Proxmox as it is; "
                    + "it takes a string, number, boolean or array of strings"
            ]
        }
    }

    @Test func sendsOptionsBesideTheRest() throws {
        let request = try request(
            #"{"node":"n","vmid":100,"options":{"cores":2,"onboot":true}}"#, [.node, .vmid, .options])
        #expect(request.parameters == [.init("cores", .int(2)), .init("onboot", .bool(true))])
    }

    @Test(
        arguments: [
            (#"{"cores":1}"#, "option \"cores\" is an argument of the tool; give it as the argument \"cores\""),
            (#"{"vmid":101}"#, "option \"vmid\" is an argument of the tool; give it as the argument \"vmid\""),
            (#"{"a":1,"a":2}"#, "option \"a\" is given twice; give it once"),
            (
                #"{"net0":{"model":"virtio"}}"#,
                "option \"net0\" takes a string, number, boolean or array of strings; got an object"
            ),
        ])
    func refusesOptions(_ options: String, _ fault: String) throws {
        let cores = ParameterSpec("cores", PVE_TYPE_I32)
        #expect {
            try request(
                #"{"node":"n","vmid":100,"cores":2,"options":\#(options)}"#, [.node, .vmid, cores, .options])
        } throws: {
            ($0 as? ArgumentError)?.faults == [fault]
        }
    }

    @Test func leavesOutOptionsThatAreNull() throws {
        let arguments = #"{"node":"n","vmid":100,"options":{"net0":null,"cores":2}}"#
        #expect(try request(arguments, [.node, .vmid, .options]).parameters == [.init("cores", .int(2))])
        #expect(try request(#"{"node":"n","vmid":100,"options":null}"#, [.node, .vmid, .options]).parameters == [])
    }

    @Test func refusesOptionsThatThePathOrTheToolHolds() throws {
        let overrides = [
            Request.Parameter("node", .string("n")), .init("vmid", .int(100)), .init("force", .bool(true)),
        ]
        for (name, reason) in [("vmid", "is a value of the request's path"), ("force", "is set by the tool itself")] {
            #expect {
                try request(#"{"options":{"\#(name)":1}}"#, [.options], overrides: overrides)
            } throws: {
                ($0 as? ArgumentError)?.faults.first?.hasPrefix("option \"\(name)\" \(reason)") ?? false
            }
        }
    }

    @Test func letsOverridesWin() throws {
        let cores = ParameterSpec("cores", PVE_TYPE_I32)
        let request = try request(
            #"{"node":"n","vmid":100,"cores":2}"#, [.node, .vmid, cores],
            overrides: [.init("node", .string("m")), .init("cores", .int(4)), .init("digest", .string("d"))])
        #expect(request.path == ["node": "m", "vmid": "100"])
        #expect(request.parameters == [.init("cores", .int(4)), .init("digest", .string("d"))])
    }

    @Test func findsTheNamesOfATemplate() {
        #expect(PathTemplate.names(in: "/nodes/{node}/qemu/{vmid}/config") == ["node", "vmid"])
        #expect(PathTemplate.names(in: "/version") == [])
    }
}

@Suite("Directions of a call")
struct CallDirectionsTests {
    private let all: [ParameterSpec] = [.wait, .fields, .limit, .cursor]

    private func directions(_ arguments: String, _ parameters: [ParameterSpec]) throws -> CallDirections {
        CallDirections(tool("pve_test", parameters), try json(arguments))
    }

    @Test func areReadByTheirRoles() throws {
        let directions = try directions(#"{"wait":0,"fields":["a","b","a"],"limit":3,"cursor":"7"}"#, all)
        #expect(directions.wait == 0 && directions.limit == 3 && directions.cursor == "7")
        #expect(directions.fields == ["a", "b"])
        #expect(directions.takesCursor)
    }

    @Test func haveDefaults() throws {
        let directions = try directions("{}", [.wait])
        #expect(directions.wait == 45 && directions.fields == nil && directions.limit == nil)
        #expect(!directions.takesCursor)
        #expect(try self.directions(#"{"fields":[]}"#, all).fields == nil)
    }

    @Test func boundTheWait() throws {
        let wait = ParameterSpec("wait", PVE_TYPE_I64, role: PVE_ROLE_WAIT)
        #expect(try directions(#"{"wait":9000000000}"#, [wait]).wait == 3600)
        #expect(try directions(#"{"wait":-1}"#, [wait]).wait == 0)
    }
}
