// swift-tools-version: 6.2
// The plugin hello. It needs PluginKit and nothing else.
// SPDX-License-Identifier: MIT

import PackageDescription

// The Makefile says where PluginKit is on this machine; the path is for editors.
let named = Context.environment["PVE_KIT"] ?? ""
let kit = named.isEmpty ? "../../Packaging/PluginKit" : named
let exports = "\(Context.packageDirectory)/exports.map"

let package = Package(
    name: "hello",
    products: [.library(name: "pve-hello", type: .dynamic, targets: ["Tools"])],
    dependencies: [.package(path: kit)],
    targets: [
        .target(
            name: "Tools", dependencies: [.product(name: "PluginKit", package: "PluginKit")],
            swiftSettings: [
                .enableExperimentalFeature("Embedded"), .unsafeFlags(["-Osize"], .when(configuration: .release)),
            ],
            linkerSettings: [
                .unsafeFlags(["-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "-z", "-Xlinker", "defs"]),
                .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "--version-script=\(exports)"]),
            ])
    ]
)
