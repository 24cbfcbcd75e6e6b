// The contract lies in memory the same way for C, C++ and Swift, and its codes are what Swift's enums say.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginABILayout
import PluginLoader
import Testing

@Suite("The contract's layout")
struct LayoutTests {
    /// layout.h, as the C++ compiler read it.
    private let lines: [(type: String, member: String?, bytes: Int)] = {
        var count = 0
        let first = abi_layout(&count)
        return UnsafeBufferPointer(start: first, count: count).map {
            (String(cString: $0.type), $0.member.map { String(cString: $0) }, Int($0.bytes))
        }
    }()

    @Test func swiftSeesEveryStructAtItsSize() {
        let sizes = lines.filter { $0.member == nil }
        for line in sizes { #expect(SwiftLayout.sizes[line.type] == line.bytes, "\(line.type)") }
        #expect(sizes.count == SwiftLayout.sizes.count)
    }

    @Test func swiftSeesEveryFieldAtItsOffset() {
        let offsets = lines.filter { $0.member != nil }
        for line in offsets {
            let name = "\(line.type).\(line.member ?? "")"
            #expect(SwiftLayout.offsets[name] == .some(line.bytes), "\(name)")
        }
        #expect(offsets.count == SwiftLayout.offsets.count)
    }

    @Test func tableNamesEveryStructAndFieldOfTheHeader() throws {
        let header = try String(contentsOfFile: Header.path, encoding: .utf8)
        let code = header.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.prefix(upTo: $0.firstRange(of: "//")?.lowerBound ?? $0.endIndex) }.joined(separator: "\n")
        var declared: Set<String> = []
        for match in code.matches(of: /struct (\w+) \{([^}]*)\}/) {
            declared.insert(String(match.1))
            for statement in match.2.split(separator: ";") {
                let name =
                    statement.firstMatch(of: /\(\*(\w+)\)/)?.1 ?? statement.firstMatch(of: /(\w+)(\[\d+\])?\s*$/)?.1
                if let name { declared.insert("\(match.1).\(name)") }
            }
        }
        #expect(declared.count > 100)
        #expect(declared == Set(lines.map { line in line.member.map { "\(line.type).\($0)" } ?? line.type }))
    }

    @Test func tableNamesEveryNumberAndTextOfTheHeader() throws {
        let header = try String(contentsOfFile: Header.path, encoding: .utf8)
        let bodies = header.replacing(/\/\/.*/, with: "").matches(of: /enum \w+ \{([^}]*)\}/)
        let codes = bodies.flatMap { $0.1.matches(of: /PVE_\w+/).map { String($0.0) } }
        let macros = header.matches(of: #/(?m)^#define (PVE_\w+) \S/#).map { String($0.1) }
        var count = 0
        let first = try #require(abi_value_names(&count))
        let named = UnsafeBufferPointer(start: first, count: count).compactMap { $0.map { String(cString: $0) } }
        #expect(codes.count > 60)
        #expect(Set(codes + macros) == Set(named))
        #expect(named.count == Set(named).count)
    }

    @Test func codesAgreeWithTheHeader() {
        #expect(
            EndpointMethod.allCases.map(\.rawValue).map(UInt32.init) == [
                PVE_METHOD_GET.rawValue, PVE_METHOD_POST.rawValue, PVE_METHOD_PUT.rawValue, PVE_METHOD_DELETE.rawValue,
            ])
        #expect(
            ParameterType.allCases.map(\.rawValue).map(UInt32.init)
                == [
                    PVE_TYPE_BOOL, PVE_TYPE_I32, PVE_TYPE_U32, PVE_TYPE_I64, PVE_TYPE_U64, PVE_TYPE_F64, PVE_TYPE_UTF8,
                    PVE_TYPE_BYTES, PVE_TYPE_UTF8_LIST, PVE_TYPE_I64_LIST, PVE_TYPE_OBJECT, PVE_TYPE_JSON,
                ].map(\.rawValue))
        #expect(
            ParameterRole.allCases.map(\.rawValue).map(UInt32.init)
                == [
                    PVE_ROLE_ARGUMENT, PVE_ROLE_LOCAL, PVE_ROLE_OPTIONS, PVE_ROLE_WAIT, PVE_ROLE_FIELDS, PVE_ROLE_LIMIT,
                    PVE_ROLE_CURSOR,
                ].map(\.rawValue))
        #expect(
            Shape.allCases.map(\.rawValue).map(UInt32.init)
                == [
                    PVE_SHAPE_NONE, PVE_SHAPE_OBJECT, PVE_SHAPE_LIST, PVE_SHAPE_TASK, PVE_SHAPE_LOG, PVE_SHAPE_SERIES,
                ].map(\.rawValue))
        #expect(
            FieldUnit.allCases.map(\.rawValue).map(UInt32.init)
                == [
                    PVE_UNIT_NONE, PVE_UNIT_BYTES, PVE_UNIT_SECONDS, PVE_UNIT_FRACTION, PVE_UNIT_EPOCH,
                    PVE_UNIT_MEBIBYTES,
                ].map(\.rawValue))
        #expect(
            [ToolAnnotationBits.readOnly, .destructive, .idempotent, .openWorld].map { UInt32($0.rawValue) }
                == [
                    PVE_ANNOTATION_READ_ONLY, PVE_ANNOTATION_DESTRUCTIVE, PVE_ANNOTATION_IDEMPOTENT,
                    PVE_ANNOTATION_OPEN_WORLD,
                ].map(\.rawValue))
    }

    @Test func headerStaysSmall() throws {
        let header = try String(contentsOfFile: Header.path, encoding: .utf8)
        #expect(header.split(separator: "\n", omittingEmptySubsequences: false).count < 400)
    }

    /// Alone, first, with all warnings: what a plugin's author may have switched on.
    @Test(arguments: [
        ["cc", "-std=c11", "-ffreestanding", "-x", "c"], ["cc", "-std=c2x", "-x", "c"],
        ["c++", "-std=c++17", "-x", "c++"], ["c++", "-std=c++20", "-x", "c++"],
        ["clang", "-std=c11", "-ffreestanding", "-x", "c"], ["clang++", "-std=c++17", "-x", "c++"],
    ])
    func headerCompilesWithoutWarnings(_ compiler: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            compiler + [
                "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-include", Header.path, "/dev/null",
            ]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }
}

enum Header {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/PluginABI/include/pve_plugin.h").path
}
