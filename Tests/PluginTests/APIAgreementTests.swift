// Every tool asks for what the Proxmox VE API has, by its names, types, choices and bounds.
// SPDX-License-Identifier: MIT

import PluginABI
import Testing

@Suite("Tools and the API")
struct APIAgreementTests {
    /// The requests of a tool; a name in the path that is no parameter of the API stands for each of its choices.
    private func requests(of tool: DescribedTool) -> [(method: String, path: String)] {
        tool.requests.flatMap { request in
            var paths = [request.path]
            for parameter in tool.parameters where !parameter.choices.isEmpty {
                paths = paths.flatMap { path in
                    guard path.contains("{\(parameter.name)}") else { return [path] }
                    return parameter.choices.map { path.replacing("{\(parameter.name)}", with: $0) }
                }
            }
            return paths.map { (request.method, $0) }
        }
    }

    private func methods(of tool: DescribedTool, _ facts: APIFacts) throws -> [APIMethod] {
        try requests(of: tool).map { method, path in
            try #require(facts[method, path], "\(tool): no \(method) \(path) in the API")
        }
    }

    private func sent(_ tool: DescribedTool) -> [DescribedParameter] {
        tool.parameters.filter { parameter in
            parameter.role == PVE_ROLE_ARGUMENT
                && !(parameter.name == "command" && tool.name == "pve_manage_node_service")
        }
    }

    @Test(arguments: Categories.built)
    func everyParameterIsOneOfTheAPIs(category: String) throws {
        for tool in try PluginFile(category).tools() {
            let methods = try methods(of: tool, try APIFacts.release9.get())
            for parameter in sent(tool) {
                let found = methods.compactMap { $0.parameter(parameter.apiName) }
                #expect(!found.isEmpty, "\(tool): \(parameter.name)")
                for fact in found { check(parameter, fact, tool) }
            }
        }
    }

    /// What release 8.4 lacks is listed, and nothing else is.
    @Test(arguments: Categories.built)
    func everyParameterIsOneOfTheOlderAPIs(category: String) throws {
        let facts = try APIFacts.release8.get()
        for tool in try PluginFile(category).tools() {
            let isNew = requests(of: tool).contains { facts[$0.method, $0.path] == nil }
            #expect(isNew == (Categories.newTools[category]?.contains(tool.name) == true), "\(tool)")
            if isNew { continue }
            let methods = try methods(of: tool, facts)
            var lacking: Set<String> = []
            for parameter in sent(tool) {
                let found = methods.compactMap { $0.parameter(parameter.apiName) }
                if found.isEmpty { lacking.insert(parameter.apiName) }
                let newChoices = Categories.newChoices[tool.name]?[parameter.name] ?? []
                for fact in found { check(parameter, fact, tool, newChoices: newChoices) }
            }
            #expect(lacking == Categories.newParameters[tool.name] ?? [], "\(tool)")
        }
    }

    /// `newChoices` are those that the release of `fact` does not have.
    private func check(
        _ parameter: DescribedParameter, _ fact: [String: Any], _ tool: DescribedTool, newChoices: Set<String> = []
    ) {
        let place: Comment = "\(tool): \(parameter.name)"
        let type = fact["type"] as? String ?? "?"
        if parameter.schemaType == "integer", type == "string" {
            // A property string whose bare value is a number, such as memory.
            let format = fact["format"] as? [String: [String: Any]] ?? [:]
            let bare = format.values.first { $0["default_key"] != nil }
            #expect(bare?["type"] as? String == "integer", place)
            #expect(bare?["minimum"] as? Int == parameter.minimum, place)
            return
        }
        if Categories.switches[tool.name]?.contains(parameter.name) == true {
            #expect(parameter.schemaType == "boolean" && type == "integer" && fact["maximum"] == nil, place)
            return
        }
        #expect(type == parameter.schemaType || (type == "number" && parameter.schemaType == "integer"), place)
        if let choices = fact["enum"] as? [String], !parameter.choices.isEmpty {
            #expect(Set(parameter.choices) == Set(choices).union(newChoices), place)
        }
        if !parameter.choices.isEmpty { #expect(fact["enum"] != nil, place) }
        // The server takes a limit of 0 for its default, so none of ours is.
        let least = parameter.name == "limit" ? 1 : fact["minimum"] as? Int
        #expect(least == parameter.minimum, place)
        // Upper bounds may be left to the host's check against the API; one that is said is the API's.
        if let maximum = parameter.maximum { #expect(fact["maximum"] as? Int == maximum, place) }
        #expect(parameter.maximumLength == 0 || parameter.maximumLength == fact["maxLength"] as? Int, place)
        if let preset = parameter.preset, let known = fact["default"] { checkDefault(preset, known, type, place) }
        if let pattern = parameter.pattern, let known = fact["pattern"] as? String { #expect(pattern == known, place) }
    }

    private func checkDefault(_ preset: String, _ known: Any, _ type: String, _ place: Comment) {
        switch type {
        case "boolean": #expect(preset == ("\(known)" == "1" ? "true" : "false"), place)
        case "string": #expect(preset == "\"\(known)\"", place)
        default: #expect(preset == "\(known)", place)
        }
    }

    /// A client that fills in defaults would set what its caller did not name.
    @Test(arguments: Categories.built)
    func whatAltersHasNoDefaults(category: String) throws {
        for tool in try PluginFile(category).tools() where tool.requests.contains(where: { $0.method == "PUT" }) {
            for parameter in sent(tool) { #expect(parameter.preset == nil, "\(tool): \(parameter.name)") }
        }
    }

    @Test(arguments: Categories.built)
    func whatTheAPIDemandsIsDemanded(category: String) throws {
        for tool in try PluginFile(category).tools() where tool.call == nil {
            for method in try methods(of: tool, try APIFacts.release9.get()) {
                for (name, fact) in method.parameters where fact["optional"] as? Int != 1 {
                    let parameter = tool.parameters.first { $0.apiName == name }
                    #expect(parameter?.isRequired == true || parameter?.isFoundNode == true, "\(tool): \(name)")
                }
            }
        }
    }

    @Test(arguments: Categories.built)
    func everyParameterOfTheAPICanBeGiven(category: String) throws {
        for tool in try PluginFile(category).tools()
        where !tool.parameters.contains(where: { $0.role == PVE_ROLE_OPTIONS }) {
            for method in try methods(of: tool, try APIFacts.release9.get()) {
                let given = Set(
                    tool.parameters.filter { [PVE_ROLE_ARGUMENT, PVE_ROLE_LOCAL, PVE_ROLE_LIMIT].contains($0.role) }
                        .map(\.apiName))
                let missing = Set(method.parameters.keys).subtracting(given).subtracting(
                    Categories.withheld[tool.name] ?? [])
                #expect(missing.isEmpty, "\(tool)")
            }
        }
    }

    @Test(arguments: Categories.built)
    func everyFieldIsOneOfTheAPIs(category: String) throws {
        for tool in try PluginFile(category).tools() where tool.result.shape != PVE_SHAPE_SERIES {
            let methods = try methods(of: tool, try APIFacts.release9.get())
            for field in tool.result.fields where Categories.unlisted[tool.name]?.contains(field.name) != true {
                let types = Set(methods.compactMap { $0.fields[field.name]?["type"] as? String })
                #expect(!types.isEmpty, "\(tool): \(field.name)")
                let taken: Set<String> =
                    switch field.type {
                    case PVE_TYPE_BOOL where Categories.switches[tool.name]?.contains(field.name) == true: ["integer"]
                    case PVE_TYPE_BOOL: ["boolean"]
                    case PVE_TYPE_I64: ["integer"]
                    case PVE_TYPE_F64: ["number", "integer"]
                    case PVE_TYPE_UTF8: ["string"]
                    case PVE_TYPE_UTF8_LIST: ["array"]
                    case PVE_TYPE_JSON: types
                    default: ["object"]
                    }
                #expect(types.isSubset(of: taken), "\(tool): \(field.name)")
            }
        }
    }

    @Test(arguments: Categories.built)
    func theShapeIsWhatTheAPIReturns(category: String) throws {
        for tool in try PluginFile(category).tools() {
            let types = Set(try methods(of: tool, try APIFacts.release9.get()).map(\.returnType))
            let wanted: String =
                switch tool.result.shape {
                case PVE_SHAPE_NONE: "null"
                case PVE_SHAPE_OBJECT: Categories.reshaped[tool.name] ?? "object"
                case PVE_SHAPE_TASK: "string"
                default: "array"
                }
            #expect(types.contains(wanted), "\(tool)")
            // What names a task can be followed too.
            let namesTask =
                tool.result.shape == PVE_SHAPE_TASK
                || (tool.result.shape == PVE_SHAPE_OBJECT && tool.result.fields.contains { $0.name == "upid" })
            #expect(namesTask == tool.parameters.contains { $0.role == PVE_ROLE_WAIT }, "\(tool)")
            let isArray = tool.result.shape != PVE_SHAPE_OBJECT && wanted == "array"
            #expect((tool.result.name != nil) == isArray, "\(tool)")
        }
    }
}
