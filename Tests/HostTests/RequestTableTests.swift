// pve.request/1, used as a plugin would.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI
import PluginLoader
import Proxmox
import Testing

@testable import Host

@Suite("pve.request/1")
struct RequestTableTests {
    private let version = endpoint(PVE_METHOD_GET, "/version")
    private let config = endpoint(PVE_METHOD_PUT, "/nodes/{node}/qemu/{vmid}/config")

    @Test func sendsADeclaredRequest() throws {
        let call = try StagedCall(sends: [version], proxmox: { _ in .success(#"{"version":"9.0"}"#) }) { plugin in
            let (status, answer) = plugin.send(PVE_METHOD_GET, "/version")
            #expect(status == PVE_OK.code)
            #expect(answer == #"{"version":"9.0"}"#)
        }
        #expect(call.requests == [Request(.get, "/version")])
    }

    @Test func answersNothingWithNoValue() throws {
        var wanted = pve_request()
        wanted.struct_size = UInt32(MemoryLayout<pve_request>.size)
        wanted.method = UInt8(PVE_METHOD_GET.rawValue)
        wanted.path = UnsafePointer(strdup("/version"))
        let request = Wanted(request: wanted)
        _ = try StagedCall(sends: [version]) { plugin in
            var wanted = request.request
            var answer: pve_value = 7
            #expect(plugin.request.send(plugin.call, &wanted, &answer) == PVE_OK.code)
            #expect(plugin.json.kind(plugin.call, answer) == Int32(PVE_KIND_NULL.rawValue))
        }
    }

    @Test(arguments: [(PVE_METHOD_GET, "/nodes"), (PVE_METHOD_POST, "/version"), (PVE_METHOD_GET, "/version/")])
    func refusesWhatTheToolDoesNotDeclare(_ method: pve_method, _ path: String) throws {
        let call = try StagedCall(sends: [version]) { plugin in
            let (status, answer) = plugin.send(method, path)
            #expect(status == PVE_REFUSED.code)
            #expect(answer == "The plugin's code asked for \(path), a request that the tool does not declare.")
        }
        #expect(call.requests == [])
    }

    @Test func putsParametersWhereTheyBelong() throws {
        let call = try StagedCall(sends: [config]) { plugin in
            let values = [("node", "pve1"), ("vmid", "100"), ("cores", "2")]
            #expect(plugin.send(PVE_METHOD_PUT, "/nodes/{node}/qemu/{vmid}/config", values).status == PVE_OK.code)
        }
        #expect(call.requests.map(\.path) == [["node": "pve1", "vmid": "100"]])
        #expect(call.requests.map(\.parameters) == [[.init("cores", .string("2"))]])
    }

    @Test func sendsTheArgumentsToo() throws {
        let memory = ParameterSpec("memory", PVE_TYPE_I32)
        let call = try StagedCall(
            #"{"node":"pve1","vmid":100,"memory":512,"options":{"cores":2}}"#,
            parameters: [.node, .vmid, memory, .options], sends: [config]
        ) { plugin in
            let path = "/nodes/{node}/qemu/{vmid}/config"
            #expect(plugin.send(PVE_METHOD_PUT, path, [("vmid", "101")], withArguments: true).status == PVE_OK.code)
            let (status, answer) = plugin.send(PVE_METHOD_PUT, path, [("cores", "4")], withArguments: true)
            #expect(status == PVE_FAILED.code)
            #expect(answer?.contains("option \"cores\" is set by the tool itself") == true)
        }
        #expect(call.requests.map(\.path) == [["node": "pve1", "vmid": "101"]])
        #expect(call.requests.map(\.parameters) == [[.init("memory", .int(512)), .init("cores", .int(2))]])
    }

    @Test(
        arguments: [
            (Failure.refused("Not in this tier."), PVE_REFUSED), (.schema("No such parameter."), PVE_FAILED),
            (.rejected(request: "GET /version", status: 500, text: "broken"), PVE_FAILED),
        ])
    func saysWhyARequestFailed(_ failure: Failure, _ expected: pve_status) throws {
        _ = try StagedCall(sends: [version], proxmox: { _ in .failure(failure) }) { plugin in
            let (status, answer) = plugin.send(PVE_METHOD_GET, "/version")
            #expect(status == expected.code)
            #expect(answer == failure.message)
        }
    }

    @Test func tellsARequestThatWasCancelled() throws {
        _ = try StagedCall(
            sends: [version], proxmox: { _ in .failure(.cancelled(request: "GET /version", sent: false)) }
        ) { plugin in
            let (status, answer) = plugin.send(PVE_METHOD_GET, "/version")
            #expect(status == PVE_CANCELLED.code && answer == nil)
        }
    }

    /// Each is a request with one thing wrong.
    @Test(
        arguments: [
            { $0.struct_size = 8 }, { $0.path = nil }, { $0.parameter_count = 1 },
            { $0 = withParameter($0, nil) }, { $0 = withParameter($0, pve_request_parameter()) },
            {
                var nameless = pve_request_parameter()
                nameless.type = UInt8(PVE_TYPE_BOOL.rawValue)
                $0 = withParameter($0, nameless)
            },
            {
                var odd = pve_request_parameter()
                odd.name = UnsafePointer(strdup("x"))
                odd.type = UInt8(PVE_TYPE_STATUS.rawValue)
                $0 = withParameter($0, odd)
            },
        ] as [@Sendable (inout pve_request) -> Void])
    func refusesAMalformedRequest(_ spoil: @Sendable (inout pve_request) -> Void) throws {
        var wanted = pve_request()
        wanted.struct_size = UInt32(MemoryLayout<pve_request>.size)
        wanted.method = UInt8(PVE_METHOD_GET.rawValue)
        wanted.path = UnsafePointer(strdup("/version"))
        spoil(&wanted)
        let request = Wanted(request: wanted)
        let call = try StagedCall(sends: [version]) { plugin in
            #expect(plugin.send(request.request).status == PVE_INVALID.code)
            var whole = request.request
            var answer: pve_value = 0
            #expect(plugin.request.send(plugin.call, nil, &answer) == PVE_INVALID.code)
            #expect(plugin.request.send(plugin.call, &whole, nil) == PVE_INVALID.code)
        }
        #expect(call.requests == [])
    }

    @Test func refusesValuesThatCannotBeSent() throws {
        let call = try StagedCall(#"{"x":{}}"#, sends: [version]) { plugin in
            var object = pve_request_parameter()
            object.name = UnsafePointer(strdup("x"))
            object.type = UInt8(PVE_TYPE_JSON.rawValue)
            object.value = plugin.member(plugin.arguments, "x")
            var infinite = pve_request_parameter()
            infinite.name = UnsafePointer(strdup("x"))
            infinite.type = UInt8(PVE_TYPE_F64.rawValue)
            infinite.f64 = .infinity
            for parameter in [object, infinite] {
                var wanted = pve_request()
                wanted.struct_size = UInt32(MemoryLayout<pve_request>.size)
                wanted.method = UInt8(PVE_METHOD_GET.rawValue)
                wanted.path = UnsafePointer(strdup("/version"))
                let (status, answer) = plugin.send(withParameter(wanted, parameter))
                #expect(status == PVE_FAILED.code)
                #expect(answer?.contains("gives \"x\" of /version a value that cannot be sent") == true)
            }
        }
        #expect(call.requests == [])
    }
}

/// Carries a request into a plugin's code; what it points to is never freed.
private struct Wanted: @unchecked Sendable {
    let request: pve_request
}

private func withParameter(_ request: pve_request, _ parameter: pve_request_parameter?) -> pve_request {
    let list = UnsafeMutablePointer<UnsafePointer<pve_request_parameter>?>.allocate(capacity: 1)
    list.initialize(to: nil)
    if let parameter {
        let pointer = UnsafeMutablePointer<pve_request_parameter>.allocate(capacity: 1)
        pointer.initialize(to: parameter)
        list.pointee = UnsafePointer(pointer)
    }
    var request = request
    request.parameters = UnsafePointer(list)
    request.parameter_count = 1
    return request
}
