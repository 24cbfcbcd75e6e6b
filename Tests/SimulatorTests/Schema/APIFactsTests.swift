// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct APIFactsTests {
    @Test func `Paths find their endpoints`() throws {
        let facts = try APIFacts(release: "9.2")
        let found = try #require(facts.endpoint(method: "GET", path: ["nodes", "pve1", "qemu", "100", "config"]))
        #expect(found.endpoint.template == "/nodes/{node}/qemu/{vmid}/config")
        #expect(found.endpoint.pathNames == ["node", "vmid"])
        #expect(found.values == ["pve1", "100"])
        #expect(found.endpoint.isForwarded)
        #expect(facts.endpoint(method: "GET", path: [])?.endpoint == nil)
        #expect(facts.endpoint(method: "POST", path: ["version"])?.endpoint == nil)
        #expect(facts.endpoint(method: "GET", path: ["nope"])?.endpoint == nil)
    }

    @Test func `Each release has its own endpoints`() throws {
        #expect(try APIFacts(release: "9.2").endpoints.count == 678)
        #expect(try APIFacts(release: "8.4").endpoints.count == 605)
    }

    @Test(arguments: APIFacts.releases)
    func `Every pattern of the facts is understood`(_ release: String) throws {
        let facts = try APIFacts(release: release)
        let cache = PatternCache()
        var count = 0
        func visit(_ parameter: Parameter) {
            if let pattern = parameter.pattern {
                count += 1
                #expect(cache.matches("x", pattern) != nil, "\(pattern)")
            }
            if case .properties(let format) = parameter.format { format.keys.forEach { visit($0.schema) } }
            if case .named(let name) = parameter.format {
                facts.propertyFormat(name)?.keys.forEach { visit($0.schema) }
            }
            parameter.items.map(visit)
        }
        for endpoint in facts.endpoints { endpoint.schema.parameters.forEach { visit($0.schema) } }
        #expect(count > 150)
    }

    @Test func `Indexed parameters have an end`() throws {
        let schema = try #require(
            try APIFacts(release: "9.2").endpoint(method: "PUT", path: ["nodes", "a", "qemu", "100", "config"])
        ).endpoint.schema
        for name in ["net0", "net31", "scsi30", "ide3"] { #expect(schema.parameter(name) != nil, "\(name)") }
        for name in ["net", "net[n]", "net32", "net00", "net-1", "ide4", "nets1"] {
            #expect(schema.parameter(name) == nil, "\(name)")
        }
    }
}
