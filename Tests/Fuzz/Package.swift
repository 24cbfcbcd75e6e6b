// swift-tools-version: 6.2
// Fuzzers of what the host reads from clients, plugins and files. `scripts/fuzz` builds and runs them.
// SPDX-License-Identifier: MIT
//
// A package of its own, so that nobody else pays for the instrumentation. The rooms are the project's own sources, by a link.

import PackageDescription

/// libFuzzer without a main function of its own; scripts/fuzz says where the toolchain has it.
let runtime = Context.environment["PVE_FUZZER_RUNTIME"] ?? "/nonexistent/see-scripts-fuzz"

/// What is fuzzed: its branches and comparisons steer the fuzzer, and AddressSanitizer watches its memory.
let watchedSwift: [SwiftSetting] = [.unsafeFlags(["-sanitize=address,fuzzer", "-enable-testing"])]
let watchedC: [CSetting] = [.unsafeFlags(["-fsanitize=address,fuzzer-no-link", "-fno-omit-frame-pointer"])]
/// What comes along.
let plain: [SwiftSetting] = [.unsafeFlags(["-sanitize=address", "-enable-testing"])]

func room(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = watchedSwift) -> Target {
    .target(name: name, dependencies: dependencies, path: "Rooms/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "fuzz",
    targets: [
        .target(name: "CJSON", path: "Rooms/CJSON", cSettings: watchedC),
        .target(name: "CSystem", path: "Rooms/CSystem"),
        .target(name: "CFacts", path: "Rooms/CFacts", exclude: ["facts.bin", "risk.tsv"]),
        .target(name: "CCurl", dependencies: ["CSystem"], path: "Rooms/CCurl"),
        .target(name: "CCrypto", path: "Rooms/CCrypto"),
        .target(name: "CTemplates", path: "Rooms/CTemplates"),
        .target(name: "PluginABI", path: "Rooms/PluginABI"),
        room("JSON", ["CJSON"]),
        room("EventLoop", ["CSystem"], plain),
        room("MCP", ["JSON"]),
        .target(name: "CFFI", path: "Rooms/CFFI", linkerSettings: [.linkedLibrary("ffi")]),
        room("NativeCall", ["CFFI"], plain),
        room("PluginLoader", ["PluginABI", "CSystem", "JSON", "NativeCall"]),
        room("Proxmox", ["CCurl", "CFacts", "JSON", "EventLoop"], plain),
        room(
            "Host",
            ["CCrypto", "CSystem", "CTemplates", "EventLoop", "JSON", "MCP", "NativeCall", "PluginLoader", "Proxmox"]),
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "Fuzz", dependencies: ["CFuzzer", "Host", "JSON", "MCP", "PluginABI", "PluginLoader"],
            swiftSettings: watchedSwift,
            linkerSettings: [
                .unsafeFlags(["-sanitize=address", "-use-ld=lld", "-Xlinker", runtime]), .linkedLibrary("stdc++"),
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
