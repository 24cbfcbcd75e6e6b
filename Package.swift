// swift-tools-version: 6.2
// pve-mcp: an MCP server for Proxmox VE whose tools are plugins.
// SPDX-License-Identifier: MIT
//
// A host (pve-mcp), a simulator (pve-sim), and one shared library per category of tools. Formatting rules are in
// .swift-format; `swift format lint --strict -r Sources Plugins Tests Package.swift` is part of the tests.

import PackageDescription

let root = Context.packageDirectory

/// Executables carry the Swift and C++ runtimes; only libc and what is opened late stay shared.
let selfContained: [LinkerSetting] = [
    .unsafeFlags([
        "-static-stdlib", "-use-ld=lld",
        "-L", "\(root)/Linker", "-Xclang-linker", "-static-libgcc", "-Xlinker", "--as-needed",
        "-Xlinker", "--gc-sections", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xclang-linker", "-pie",
    ])
]

/// Plugins are Embedded Swift: they export their entry and need libc only.
let embedded: [SwiftSetting] = [
    .enableExperimentalFeature("Embedded"), .unsafeFlags(["-Osize"], .when(configuration: .release)),
]
let pluginLink: [LinkerSetting] = [
    .unsafeFlags([
        "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "defs", "-Xlinker", "--gc-sections",
        "-Xlinker", "--version-script=\(root)/Plugins/exports.map",
    ])
]

/// The categories that ship with the host: a folder in Plugins and a library named after the category.
let categories = [("Nodes", "nodes"), ("QEMU", "qemu")]

let package = Package(
    name: "pve-mcp",
    products: [
        .executable(name: "pve-mcp", targets: ["pve-mcp"]),
        .executable(name: "pve-sim", targets: ["pve-sim"]),
    ]
        + categories.map { .library(name: "pve-\($0.1)", type: .dynamic, targets: ["\($0.0)Plugin"]) },
    targets: [
        // C shims, as thin as they can be.
        .target(name: "CJSON", cxxSettings: [.unsafeFlags(["-fno-exceptions", "-fno-rtti"])]),
        .target(name: "CSystem"),
        .target(name: "CCurl"),

        // The contract, and Swift for those who write plugins against it.
        .target(name: "PluginABI"),
        .target(name: "PluginKit", dependencies: ["PluginABI"], swiftSettings: embedded),

        // The host's rooms.
        .target(name: "JSON", dependencies: ["CJSON"]),
        .target(name: "EventLoop", dependencies: ["CSystem"]),
        .target(name: "MCP", dependencies: ["JSON"]),
        .target(name: "PluginLoader", dependencies: ["PluginABI"]),
        .target(name: "Proxmox", dependencies: ["CCurl", "JSON", "EventLoop"]),
        .target(name: "Host", dependencies: ["MCP", "PluginLoader", "Proxmox", "EventLoop", "JSON"]),
        .executableTarget(name: "pve-mcp", dependencies: ["Host"], linkerSettings: selfContained),

        // The Proxmox VE API to try and test against. Shares no code with Proxmox or the plugins.
        .target(name: "Simulator", dependencies: ["JSON"]),
        .executableTarget(name: "pve-sim", dependencies: ["Simulator"], linkerSettings: selfContained),

        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "ProxmoxTests", dependencies: ["Proxmox", "EventLoop", "JSON"]),
    ]
        + categories.map {
            .target(
                name: "\($0.0)Plugin", dependencies: ["PluginKit"], path: "Plugins/\($0.0)", exclude: ["CHANGELOG.md"],
                swiftSettings: embedded, linkerSettings: pluginLink)
        },
    cxxLanguageStandard: .cxx17
)
