// How a request is put into an address and a body.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Request encoding")
struct EncodedRequestTests {
    let base: BaseURL

    init() throws {
        base = try BaseURL("https://pve1:8006")
    }

    func target(_ request: Request) throws -> String {
        String(try EncodedRequest(request, base: base).url.dropFirst("https://pve1:8006".count))
    }

    @Test("path values stay inside their segment")
    func encodesPath() throws {
        let request = Request(
            .get, "/nodes/{node}/storage/{storage}/content/{volume}",
            path: ["node": "pve1", "storage": "local", "volume": "local:backup/a%2e b;ü?#.zst"])
        #expect(
            try target(request)
                == "/api2/json/nodes/pve1/storage/local/content/local%3Abackup%2Fa%252e%20b%3B%C3%BC%3F%23.zst")
    }

    @Test("values that would lead to another object are refused", arguments: ["", ".", "..", "a\0b", "a\nb", "\u{7F}"])
    func refusesPathValue(value: String) {
        let request = Request(.delete, "/nodes/{node}/qemu/{vmid}", path: ["node": "pve1", "vmid": value])
        let failure = #expect(throws: Failure.self) { try EncodedRequest(request, base: base) }
        guard case .invalidPathValue("vmid", value, _)? = failure else {
            Issue.record("got \(String(describing: failure))")
            return
        }
        #expect(failure?.message.contains("vmid cannot be") == true)
        #expect(failure?.message.utf8.contains(0) == false)
    }

    @Test("a template must fit its values")
    func refusesTemplate() {
        let wrong = [
            Request(.get, "nodes"), Request(.get, "/nodes/{node}"), Request(.get, "/nodes", path: ["node": "pve1"]),
            Request(.get, "/nodes/../access"), Request(.get, "/nodes//x"), Request(.get, "/nodes?x=1"),
            Request(.get, "/a/{b}{c}", path: ["b": "x"]), Request(.get, "/nodes/%2e%2e"), Request(.get, "/nodes/"),
            Request(.get, "/.{b}", path: ["b": "."]),
        ]
        for request in wrong {
            #expect(throws: Failure.self, "\(request.template)") { try EncodedRequest(request, base: base) }
        }
    }

    @Test("dots that two pieces of one segment form together are refused")
    func refusesCombinedDots() {
        let request = Request(.get, "/nodes/.{name}", path: ["name": "a"])
        #expect(throws: Never.self) { try EncodedRequest(request, base: base) }
    }

    @Test("GET and DELETE carry their parameters in the address, POST and PUT in the body")
    func placesParameters() throws {
        let parameters: [Request.Parameter] = [
            .init("purge", .bool(true)), .init("skip", .bool(false)), .init("n", .int(-3)), .init("d", .double(1.5)),
            .init("whole", .double(2)), .init("command", .list(["ls", "-l /;a"])), .init("net[n]", .string("a=b&c+d")),
            .init("none", .list([])),
        ]
        let pairs = "purge=1&skip=0&n=-3&d=1.5&whole=2&command=ls&command=-l%20%2F%3Ba&net%5Bn%5D=a%3Db%26c%2Bd"
        for method in [Method.get, .delete] {
            let encoded = try EncodedRequest(Request(method, "/x", parameters), base: base)
            #expect(encoded.url.hasSuffix("/api2/json/x?" + pairs))
            #expect(encoded.body == nil)
        }
        for method in [Method.post, .put] {
            let encoded = try EncodedRequest(Request(method, "/x", parameters), base: base)
            #expect(encoded.url.hasSuffix("/api2/json/x"))
            #expect(encoded.body == Array(pairs.utf8))
        }
        #expect(try EncodedRequest(Request(.post, "/x"), base: base).body == [])
    }

    @Test("an address over 7 KiB and a body over 512 KiB are refused with their size")
    func limitsSizes() {
        let long = [Request.Parameter("q", .string(String(repeating: "x", count: 7200)))]
        let address = #expect(throws: Failure.self) { try EncodedRequest(Request(.get, "/x", long), base: base) }
        #expect(address?.message.contains("7168") == true)
        #expect(throws: Never.self) { try EncodedRequest(Request(.post, "/x", long), base: base) }
        let huge = [Request.Parameter("q", .string(String(repeating: "x", count: 600_000)))]
        let body = #expect(throws: Failure.self) { try EncodedRequest(Request(.put, "/x", huge), base: base) }
        #expect(body?.message.contains("524288") == true)
    }

    @Test("a NUL and a number that is none are refused")
    func refusesValues() {
        for value in [ParameterValue.string("a\0b"), .double(.nan), .list(["a", "\0"])] {
            #expect(throws: Failure.self) { try EncodedRequest(Request(.post, "/x", [.init("p", value)]), base: base) }
        }
    }

    @Test("a NUL goes where the API has it between elements")
    func keepsNUL() throws {
        func request(_ name: String) -> Request {
            Request(
                .put, "/nodes/{node}/lxc/{vmid}/config", path: ["node": "a", "vmid": "100"],
                [.init(name, .string("A=1\0B=2"))])
        }
        let encoded = try EncodedRequest(request("env"), base: base)
        #expect(encoded.body.map { String(decoding: $0, as: UTF8.self) } == "env=A%3D1%00B%3D2")
        #expect(throws: Failure.self) { try EncodedRequest(request("tags"), base: base) }
    }

    @Test("the name of a request shows its values")
    func names() {
        let request = Request(.post, "/nodes/{node}/qemu/{vmid}/status/start", path: ["node": "pve1", "vmid": "1\n0"])
        #expect(request.name == "POST /nodes/pve1/qemu/1?0/status/start")
    }

    @Test("a prefix of a proxy stands in front")
    func keepsPrefix() throws {
        let encoded = try EncodedRequest(Request(.get, "/version"), base: BaseURL("https://proxy:443/pve"))
        #expect(encoded.url == "https://proxy:443/pve/api2/json/version")
    }
}
