// swift-tools-version: 6.2
// PluginKit alone, for plugins outside this repository: what a Swift plugin is built with. Installed with pve-mcp.
// SPDX-License-Identifier: MIT

import PackageDescription

let package = Package(
    name: "PluginKit",
    products: [.library(name: "PluginKit", targets: ["PluginKit"])],
    targets: [
        .target(name: "PluginABI"),
        .target(
            name: "PluginKit", dependencies: ["PluginABI"],
            swiftSettings: [
                .enableExperimentalFeature("Embedded"), .unsafeFlags(["-Osize"], .when(configuration: .release)),
            ]),
    ]
)
