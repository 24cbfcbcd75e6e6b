// Where plugins are looked for, and whose they are.
// SPDX-License-Identifier: MIT

import PluginLoader
import Testing

@testable import Host

@Suite("Plugin places")
struct PluginPlacesTests {
    private func places(beside own: String, home: String? = "/home/me", named: [String] = [], root: Bool = true)
        -> [PluginDirectory]
    {
        PluginPlaces.directories(beside: own, home: home, named: named, isRoots: { _ in root })
    }

    private let users = PluginDirectory(path: "/home/me/.local/lib/pve-mcp/plugins", isFirstParty: false)

    @Test func anInstallationHasItsPluginsInLib() {
        let system = PluginDirectory(path: "/usr/local/lib/pve-mcp/plugins", isFirstParty: true)
        #expect(places(beside: "/usr/local/bin") == [system, users])
    }

    @Test func anInstallationThatIsNotRootsHoldsStrangers() {
        let own = PluginDirectory(path: "/opt/x/lib/pve-mcp/plugins", isFirstParty: false)
        #expect(places(beside: "/opt/x/bin", root: false) == [own, users])
        #expect(places(beside: "/home/me/.local/bin", root: false) == [users])
    }

    @Test func aBuildTreeHasThemBesideTheBinary() {
        let path = "/src/pve-mcp/.build/x86_64-unknown-linux-gnu/release"
        #expect(places(beside: path).first == PluginDirectory(path: path, isFirstParty: true))
        #expect(places(beside: "/srv/tools").first == PluginDirectory(path: "/srv/tools", isFirstParty: false))
    }

    @Test func namedOnesComeLastAndOnce() {
        #expect(
            places(beside: "/a/bin", home: nil, named: ["/p", "/p"], root: true).map(\.path) == [
                "/a/lib/pve-mcp/plugins", "/p",
            ])
    }
}
