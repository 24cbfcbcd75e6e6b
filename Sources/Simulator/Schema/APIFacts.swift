// The endpoints and formats of one release of Proxmox VE.
// SPDX-License-Identifier: MIT

import JSON
import SimulatorFacts

/// The API as data: finds the endpoint of a path, and the keys of named property strings.
final class APIFacts: Sendable {
    /// The releases there are facts for.
    static let releases = ["9.2", "8.4"]

    /// Places in the tree of path templates.
    private struct Place {
        var literals: [String: Int] = [:]
        var anything: Int?
        var endpoints: [String: APIEndpoint] = [:]
    }

    private let places: [Place]
    private let formats: [String: PropertyFormat]
    let release: String

    /// Facts that cannot be read.
    struct ReadError: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the facts of a release in ``releases``.
    init(release: String) throws(ReadError) {
        let endpoints: JSONValue
        let formats: JSONValue
        do {
            endpoints = try Self.document(release == "8.4" ? simulator_facts_8() : simulator_facts_9())
            formats = try Self.document(simulator_facts_formats())
        } catch {
            throw ReadError(description: "the built-in API facts cannot be read: \(error)")
        }
        self.release = release
        var places = [Place()]
        for endpoint in endpoints["endpoints"]?.elements ?? endpoints.elements {
            guard let method = endpoint["method"]?.string, let template = endpoint["path"]?.string else { continue }
            var place = 0
            for part in template.split(separator: "/") {
                let known = part.hasPrefix("{") ? places[place].anything : places[place].literals[String(part)]
                if let known {
                    place = known
                    continue
                }
                places.append(Place())
                if part.hasPrefix("{") {
                    places[place].anything = places.count - 1
                } else {
                    places[place].literals[String(part)] = places.count - 1
                }
                place = places.count - 1
            }
            places[place].endpoints[method] = APIEndpoint(endpoint, method: method, template: template)
        }
        self.places = places
        let strings = formats.members.filter { $0.value["kind"]?.string == "property-string" }
        self.formats = Dictionary(
            strings.compactMap { member in member.value["properties"].map { (member.name, PropertyFormat($0)) } },
            uniquingKeysWith: { $1 })
    }

    private static func document(_ facts: simulator_facts) throws(JSONError) -> JSONValue {
        try JSONDocument(UnsafeBufferPointer(start: facts.bytes, count: facts.count)).root
    }

    /// The endpoint of a verb on a decoded path, with the values of its path parameters in order.
    func endpoint(method: String, path: [String]) -> (endpoint: APIEndpoint, values: [String])? {
        var place = 0
        var values: [String] = []
        for part in path {
            if let next = places[place].literals[part] {
                place = next
            } else if let next = places[place].anything {
                values.append(part)
                place = next
            } else {
                return nil
            }
        }
        return places[place].endpoints[method].map { ($0, values) }
    }

    /// The keys of a property string registered under a name; nil when the format is of another sort.
    func propertyFormat(_ name: String) -> PropertyFormat? { formats[name] }

    /// Every endpoint, in no order.
    var endpoints: [APIEndpoint] { places.flatMap { $0.endpoints.values } }
}
