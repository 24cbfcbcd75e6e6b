// The tools are the standard ones: names, titles, tiers and parameters that clients rely on.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
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
    @Test func theCategoriesAreStandardOnesInTheirOrder() {
        let standard = CategorySelection.standardCategories
        #expect(Categories.built.count >= 2)
        #expect(Categories.built == standard.filter(Categories.built.contains))
    }

    @Test(arguments: Categories.built)
    func everyToolIsThereAndNoOther(category: String) throws {
        let tools = try PluginFile(category).tools()
        let standard = try StandardTool.all(category)
        #expect(tools.count == standard.count)
        #expect(Set(tools.map(\.name)) == Set(standard.map(\.name)))
    }

    @Test(arguments: Categories.built)
    func titlesAndTiersAgree(category: String) throws {
        for standard in try StandardTool.all(category) {
            let tool = try PluginFile(category).tool(standard.name)
            #expect(tool.title == standard.title, "\(tool)")
            #expect(["", "read-only", "read-execute", "full"][Int(tool.tier)] == standard.tier, "\(tool)")
        }
    }

    @Test(arguments: Categories.built)
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
