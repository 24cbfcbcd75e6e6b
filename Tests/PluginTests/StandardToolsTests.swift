// The tools are the standard ones: names, titles, tiers and parameters that clients rely on.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import Testing

private struct StandardTool: Decodable {
    struct Parameter: Decodable {
        let name, type: String
        let required: Bool
        let `enum`: [String]?
    }
    let name, title, category, tier: String
    let parameters: [Parameter]

    static func all(_ category: String) throws -> [StandardTool] {
        let data = try Data(contentsOf: projectFile("Tests/Data/standard-tools.json"))
        return try JSONDecoder().decode([StandardTool].self, from: data).filter { $0.category == category }
    }
}

@Suite("Standard tools")
struct StandardToolsTests {
    @Test(arguments: [("nodes", 8), ("qemu", 20)])
    func everyToolIsThereAndNoOther(category: String, count: Int) throws {
        let tools = try PluginFile(category).tools()
        #expect(tools.count == count)
        #expect(Set(tools.map(\.name)) == Set(try StandardTool.all(category).map(\.name)))
    }

    @Test(arguments: APIAgreementTests.categories)
    func titlesAndTiersAgree(category: String) throws {
        for standard in try StandardTool.all(category) {
            let tool = try PluginFile(category).tool(standard.name)
            #expect(tool.title == standard.title, "\(tool)")
            #expect(["", "read-only", "read-execute", "full"][Int(tool.tier)] == standard.tier, "\(tool)")
        }
    }

    @Test(arguments: APIAgreementTests.categories)
    func takesWhatClientsSend(category: String) throws {
        for standard in try StandardTool.all(category) {
            let tool = try PluginFile(category).tool(standard.name)
            for wanted in standard.parameters {
                let found = tool.parameters.first { $0.name == wanted.name }
                let parameter = try #require(found, "\(tool): \(wanted.name)")
                let type = parameter.schemaType == "integer" ? "number" : parameter.schemaType
                #expect(type == wanted.type, "\(tool): \(wanted.name)")
                #expect(!parameter.isRequired || wanted.required, "\(tool): \(wanted.name) is optional")
                if let choices = wanted.enum, !parameter.choices.isEmpty {
                    #expect(Set(choices).isSubset(of: parameter.choices), "\(tool): \(wanted.name)")
                }
            }
            let required = tool.parameters.filter(\.isRequired).map(\.name)
            #expect(Set(required).isSubset(of: standard.parameters.filter(\.required).map(\.name)), "\(tool)")
        }
    }
}
