// Which tools are offered, and what is said about the others.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginLoader
import Proxmox
import Testing

@testable import Host

@Suite("Registry")
struct RegistryTests {
    private func settings(
        _ tier: Tier = .full, whitelist: [String]? = nil, blacklist: [String] = []
    ) throws -> Settings {
        var settings = try Settings(SettingSource(flags: [:], environment: [:], file: nil))
        settings.tier = tier
        settings.whitelist = whitelist
        settings.blacklist = blacklist
        return settings
    }

    private let tools = [
        tool("pve_read", tier: PVE_TIER_READ_ONLY),
        tool(
            "pve_start", [], PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/status/start", tier: PVE_TIER_READ_EXECUTE),
        tool("pve_change", [], PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/snapshot"),
    ]

    private func names(_ settings: Settings) throws -> [String] {
        try Registry(inventory(tools), settings).entries.map(\.tool.name)
    }

    @Test func offersWhatTheTierAdmits() throws {
        #expect(try names(settings(.readOnly)) == ["pve_read"])
        #expect(try names(settings(.readExecute)) == ["pve_read", "pve_start"])
        #expect(try names(settings(.full)) == ["pve_read", "pve_start", "pve_change"])
        let registry = try Registry(inventory(tools), settings(.readOnly))
        #expect(registry["pve_start"] == nil && registry["pve_read"] != nil)
        #expect(registry.omissions.map(\.reason) == [.aboveTier, .aboveTier])
    }

    @Test func followsTheLists() throws {
        #expect(try names(settings(whitelist: ["pve_start"])) == ["pve_start"])
        #expect(try names(settings(blacklist: ["pve_start"])) == ["pve_read", "pve_change"])
        #expect(try names(settings(whitelist: ["pve_start"], blacklist: ["pve_start"])) == [])
    }

    @Test func refusesNamesThatNoToolHas() throws {
        #expect {
            try names(settings(blacklist: ["pve_strat"]))
        } throws: {
            ($0 as? SettingError)?.message
                == "PVE_TOOL_BLACKLIST: no loaded plugin has a tool \"pve_strat\"; did you mean \"pve_start\"?"
        }
        #expect {
            try names(settings(whitelist: ["something_else"]))
        } throws: {
            ($0 as? SettingError)?.message
                == "PVE_TOOL_WHITELIST: no loaded plugin has a tool \"something_else\"; see pve-mcp tools"
        }
    }

    @Test func admitsListedNamesAboveTheTier() throws {
        #expect(try names(settings(.readOnly, blacklist: ["pve_change"])) == ["pve_read"])
    }

    @Test(
        arguments: [
            (
                tool("pve_x", [], PVE_METHOD_DELETE, "/nodes/{node}/qemu/{vmid}", tier: PVE_TIER_READ_ONLY),
                "it declares tier read-only, but its request DELETE /nodes/{node}/qemu/{vmid} is full"
            ),
            (
                tool("pve_x", [], PVE_METHOD_DELETE, "/nodes/{node}/qemu/{vmid}"),
                "its request DELETE /nodes/{node}/qemu/{vmid} is destructive, and the tool does not say so"
            ),
            (
                tool(
                    "pve_x", [], PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/snapshot",
                    annotations: [PVE_ANNOTATION_READ_ONLY]),
                "it says that it changes nothing, but its request POST /nodes/{node}/qemu/{vmid}/snapshot does"
            ),
            (
                tool(
                    "pve_x", [.vmid, ParameterSpec("force_stop", PVE_TYPE_BOOL, api: "forceStop")], PVE_METHOD_POST,
                    "/nodes/{node}/qemu/{vmid}/status/shutdown", tier: PVE_TIER_READ_EXECUTE),
                "\"forceStop\" makes its request POST /nodes/{node}/qemu/{vmid}/status/shutdown destructive, "
                    + "and the tool does not say so"
            ),
            (
                tool("pve_x", [.node, .options], PVE_METHOD_POST, "/nodes/{node}/qemu"),
                "\"force\" makes its request POST /nodes/{node}/qemu destructive, and the tool does not say so"
            ),
            (
                tool("pve_x", [], PVE_METHOD_GET, "/not/known/yet", tier: PVE_TIER_READ_EXECUTE),
                "it declares tier read-execute, but its request GET /not/known/yet is full"
            ),
            (
                tool("pve_x", [], PVE_METHOD_POST, "/not/known/yet"),
                "its request POST /not/known/yet is destructive, and the tool does not say so"
            ),
            (
                tool(
                    "pve_x",
                    sends: [
                        endpoint(PVE_METHOD_GET, "/version"), endpoint(PVE_METHOD_DELETE, "/nodes/{node}/qemu/{vmid}"),
                    ], tier: PVE_TIER_READ_EXECUTE
                ) { _ in },
                "it declares tier read-execute, but its request DELETE /nodes/{node}/qemu/{vmid} is full"
            ),
        ] as [(Tool, String)])
    func refusesAToolThatClaimsLessThanItsRequestsDo(_ understated: Tool, _ why: String) throws {
        let registry = try Registry(inventory([understated]), settings())
        #expect(registry.entries.isEmpty)
        #expect(registry.omissions.map(\.reason) == [.understated(why)])
    }

    @Test func admitsWhatIsHonest() throws {
        let honest = [
            tool(
                "pve_ping", [], PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/agent/ping", tier: PVE_TIER_READ_EXECUTE,
                annotations: [PVE_ANNOTATION_READ_ONLY]),
            tool(
                "pve_delete", [], PVE_METHOD_DELETE, "/nodes/{node}/qemu/{vmid}",
                annotations: [PVE_ANNOTATION_DESTRUCTIVE]),
            tool("pve_new", [], PVE_METHOD_GET, "/not/known/yet"),
            tool("pve_create", [.node], PVE_METHOD_POST, "/nodes/{node}/qemu"),
            tool(
                "pve_start", [.vmid, .options], PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/status/start",
                tier: PVE_TIER_READ_EXECUTE),
            tool(
                "pve_shutdown", [.vmid, ParameterSpec("forceStop", PVE_TYPE_BOOL)], PVE_METHOD_POST,
                "/nodes/{node}/qemu/{vmid}/status/shutdown", tier: PVE_TIER_READ_EXECUTE,
                annotations: [PVE_ANNOTATION_DESTRUCTIVE]),
        ]
        #expect(try Registry(inventory(honest), settings()).omissions.isEmpty)
    }

    @Test func asksForAPersonWhereSomethingMayBeLost() {
        let destructive = tool(
            "pve_delete", [], PVE_METHOD_DELETE, "/nodes/{node}/qemu/{vmid}", annotations: [PVE_ANNOTATION_DESTRUCTIVE])
        let meta = destructive.definition().meta.map { String(decoding: $0, as: UTF8.self) }
        #expect(meta == #"{"anthropic/requiresUserInteraction":true}"#)
        #expect(tools[0].definition().meta == nil)
    }
}

@Suite("Instructions")
struct InstructionsTests {
    private func text(_ categories: [(name: String, count: Int, summary: String)]) -> String {
        Instructions.text(target: "https://pve:8006", tier: "full", categories: categories)
    }

    @Test func beginWithWhereAndWhatIsAllowed() {
        let text = text([("nodes", 8, "State of nodes.")])
        #expect(text.hasPrefix("Runs Proxmox VE at https://pve:8006. Access tier: full. Guests are named by vmid"))
        #expect(text.hasSuffix("Tools by category:\nnodes (8): State of nodes."))
    }

    @Test func stayShortAndNameEveryCategory() {
        let categories = (1...40).map {
            (name: "category-\($0)", count: 9, summary: String(repeating: "s", count: 120))
        }
        let text = text(categories)
        #expect(text.utf8.count <= Instructions.limit)
        for category in categories { #expect(text.contains("\n\(category.name) (9)")) }
        #expect(text.contains("category-1 (9): sss"))
    }

    @Test func nameCategoriesThatOfferSomething() throws {
        var settings = try Settings(SettingSource(flags: [:], environment: [:], file: nil))
        settings.tier = .readOnly
        var found = inventory([tool("pve_read", tier: PVE_TIER_READ_ONLY)], category: "reads", summary: "Reads.")
        found.plugins += inventory([tool("pve_change")], category: "changes").plugins
        let text = Instructions.text(
            for: found, try Registry(found, settings), settings, target: "a simulated cluster")
        #expect(text.contains("a simulated cluster. Access tier: read-only."))
        #expect(text.hasSuffix("\nreads (1): Reads."))
    }
}
