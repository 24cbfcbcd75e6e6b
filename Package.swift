// swift-tools-version: 6.2
// pve-mcp: an MCP server for Proxmox VE whose tools are plugins.
// SPDX-License-Identifier: MIT
//
// A host (pve-mcp), a simulator (pve-sim), and one shared library per category of tools. Formatting rules are in
// .swift-format; `swift format lint --strict -r Sources Plugins Tests Package.swift` is part of the tests.

import PackageDescription

let root = Context.packageDirectory

/// Symbol tables stay in the files when this is set, for profilers and debuggers: `PVE_KEEP_SYMBOLS=1 swift build …`.
let keepsSymbols = Context.environment["PVE_KEEP_SYMBOLS"] != nil
/// Sanitizers leave symbols to be found at run time: `PVE_SANITIZE=1 swift build --sanitize=address …`.
let sanitizes = Context.environment["PVE_SANITIZE"] != nil

let stripped: [LinkerSetting] =
    keepsSymbols ? [] : [.unsafeFlags(["-Xlinker", "--strip-all"], .when(configuration: .release))]

/// Executables carry the Swift and C++ runtimes; only libc and what is opened late stay shared.
let selfContained: [LinkerSetting] =
    [
        .unsafeFlags([
            "-static-stdlib", "-use-ld=lld",
            "-L", "\(root)/Linker", "-Xclang-linker", "-static-libgcc", "-Xlinker", "--as-needed",
            "-Xlinker", "--gc-sections", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xclang-linker", "-pie",
        ])
    ] + stripped

/// What plugins in other languages are tested with carries its own runtime, as a library does that anything may link.
let testingLink: [LinkerSetting] =
    [
        .unsafeFlags([
            "-static-stdlib", "-use-ld=lld", "-L", "\(root)/Linker", "-Xclang-linker", "-static-libgcc",
            "-Xlinker", "--as-needed", "-Xlinker", "--gc-sections",
            "-Xlinker", "--version-script=\(root)/Sources/PluginTestingC/exports.map",
        ])
    ] + stripped

/// The host uses neither regular expressions nor async code, and what is not imported is not linked.
let lean: [SwiftSetting] = [
    .unsafeFlags([
        "-Xfrontend", "-disable-implicit-string-processing-module-import",
        "-Xfrontend", "-disable-implicit-concurrency-module-import",
    ])
]

/// A library that ends up in the host.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: lean)
}

/// Plugins are Embedded Swift: they export their entry and need libc only.
let embedded: [SwiftSetting] = [
    .enableExperimentalFeature("Embedded"), .unsafeFlags(["-Osize"], .when(configuration: .release)),
]
let pluginLink: [LinkerSetting] =
    [
        .unsafeFlags(["-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--no-rosegment"]),
        .unsafeFlags(["-Xlinker", "--version-script=\(root)/Plugins/exports.map"]),
        .unsafeFlags(sanitizes ? [] : ["-Xlinker", "-z", "-Xlinker", "defs"]),
    ] + stripped

/// The categories that ship with the host: a folder in Plugins and a library named after the category.
let categories = [
    ("Nodes", "nodes"), ("QEMU", "qemu"), ("LXC", "lxc"), ("Storage", "storage"), ("Cluster", "cluster"),
    ("Access", "access"), ("Pools", "pools"), ("Network", "network"), ("Firewall", "firewall"), ("Backup", "backup"),
    ("Tasks", "tasks"), ("HA", "ha"),
]
/// Those that are about guests carry what VMs and containers have in common.
let guestCategories: Set = ["QEMU", "LXC"]

let package = Package(
    name: "pve-mcp",
    products: [
        .executable(name: "pve-mcp", targets: ["pve-mcp"]),
        .executable(name: "pve-sim", targets: ["pve-sim"]),
        // For plugins outside this repository.
        .library(name: "PluginKit", targets: ["PluginKit"]),
        .library(name: "PluginTesting", targets: ["PluginTesting"]),
        .library(name: "pvetesting", type: .dynamic, targets: ["PluginTestingC"]),
    ]
        + categories.map { .library(name: "pve-\($0.1)", type: .dynamic, targets: ["\($0.0)Plugin"]) },
    targets: [
        // C shims, as thin as they can be.
        .target(name: "CJSON", cSettings: [.unsafeFlags(["-O3"], .when(configuration: .release))]),
        .target(name: "CFFI", linkerSettings: [.linkedLibrary("ffi")]),
        .target(name: "CSystem"),
        // The examples, of which `pve-mcp plugin new` makes plugins.
        .target(name: "CTemplates"),
        .target(name: "CFacts", exclude: ["facts.bin", "risk.tsv"]),
        .target(name: "CCurl", dependencies: ["CSystem"]),
        .target(name: "CCrypto"),

        // The contract, and Swift for those who write plugins against it.
        .target(name: "PluginABI"),
        .target(name: "PluginKit", dependencies: ["PluginABI"], swiftSettings: embedded),
        .target(name: "GuestTools", dependencies: ["PluginKit"], path: "Plugins/Guests", swiftSettings: embedded),

        // For tests of plugins: in Swift, and in what can call C.
        room("PluginTesting", ["PluginABI", "JSON", "NativeCall", "PluginLoader"]),
        .target(name: "CPluginTesting"),
        .target(
            name: "PluginTestingC", dependencies: ["CPluginTesting", "PluginTesting"], exclude: ["exports.map"],
            swiftSettings: lean,
            linkerSettings: testingLink),

        // The host's rooms.
        room("JSON", ["CJSON"]),
        room("EventLoop", ["CSystem"]),
        room("MCP", ["JSON"]),
        room("NativeCall", ["CFFI"]),
        room("PluginLoader", ["PluginABI", "CSystem", "JSON", "NativeCall"]),
        room("Proxmox", ["CCurl", "CFacts", "JSON", "EventLoop"]),
        room(
            "Host",
            ["CCrypto", "CSystem", "CTemplates", "EventLoop", "JSON", "MCP", "NativeCall", "PluginLoader", "Proxmox"]),
        .executableTarget(name: "pve-mcp", dependencies: ["Host"], swiftSettings: lean, linkerSettings: selfContained),

        // The Proxmox VE API to try and test against. Shares no code with Proxmox or the plugins.
        .target(
            name: "SimulatorFacts", exclude: ["pve-api-facts.json", "pve-api-facts-8.4.json", "pve-formats.json"]),
        .target(name: "CSimulatorTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "Simulator", dependencies: ["JSON", "CSystem", "CSimulatorTLS", "SimulatorFacts"]),
        .executableTarget(name: "pve-sim", dependencies: ["Simulator"], linkerSettings: selfContained),

        // RapidJSON reads the same texts, to compare.
        .target(name: "JSONReference", dependencies: ["CJSON"], path: "Tests/JSONReference"),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "CJSON", "JSONReference"]),
        .testTarget(name: "SimulatorTests", dependencies: ["Simulator", "JSON"]),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop"]),
        .target(name: "CNativeFunctions", path: "Tests/CNativeFunctions"),
        .testTarget(name: "NativeCallTests", dependencies: ["NativeCall", "CNativeFunctions"]),
        .target(name: "TestServer", path: "Tests/TestServer"),
        .testTarget(
            name: "HostTests",
            dependencies: [
                "Host", "EventLoop", "MCP", "NativeCall", "PluginABI", "PluginLoader", "Proxmox", "JSON", "TestServer",
            ]),
        .testTarget(name: "MCPTests", dependencies: ["MCP", "JSON"]),
        .target(name: "PluginABILayout", dependencies: ["PluginABI"], path: "Tests/PluginABILayout"),
        .testTarget(name: "PluginABITests", dependencies: ["PluginABILayout", "PluginABI", "PluginLoader"]),
        .testTarget(name: "PluginLoaderTests", dependencies: ["NativeCall", "PluginLoader", "PluginABI"]),
        // Tests cannot import Embedded Swift: the same sources again, as an ordinary module (a link to the folder).
        .target(name: "PluginKitHosted", dependencies: ["PluginABI"], path: "Tests/PluginKitHosted"),
        .testTarget(name: "PluginKitTests", dependencies: ["PluginKitHosted", "PluginTesting"]),
        .testTarget(name: "PluginTests", dependencies: ["PluginTesting", "JSON", "PluginLoader"]),
        .testTarget(name: "ProxmoxTests", dependencies: ["Proxmox", "EventLoop", "JSON", "TestServer"]),
    ]
        + categories.map {
            .target(
                name: "\($0.0)Plugin", dependencies: guestCategories.contains($0.0) ? ["GuestTools"] : ["PluginKit"],
                path: "Plugins/\($0.0)", exclude: ["CHANGELOG.md"], swiftSettings: embedded, linkerSettings: pluginLink)
        },
    cxxLanguageStandard: .cxx17
)
