// Native bodies: the types of their functions, and what makes one that cannot be called.
// SPDX-License-Identifier: MIT

import NativeCall
import PluginABI
import Testing

@testable import PluginLoader

/// A place of the fixture, what is put there, and what is said after the tool's name.
struct Breakage: Sendable, CustomTestStringConvertible {
    let defines: [String: String]
    let message: String

    init(_ place: String, _ change: String, _ message: String) { self.init([place: change], message) }

    init(_ defines: [String: String], _ message: String) {
        self.defines = defines
        self.message = message
    }

    var testDescription: String {
        defines.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }
}

@Suite("Native bodies")
struct NativeBodyTests {
    private static let numbers = (1...11).map { "&number\($0)" }.joined(separator: ",")

    private func inventory(_ defines: [String: String]) throws -> (file: String, PluginInventory) {
        let workshop = try Workshop()
        let tool = ".endpoint=0, .result=0, .native=&native" + (defines["TOOL"].map { ", " + $0 } ?? "")
        let file = try workshop.fixture("native", defines.merging(["TOOL": tool]) { $1 })
        return (file, try workshop.load(features: 7))
    }

    private func native(_ defines: [String: String]) throws -> Native {
        let (_, inventory) = try inventory(defines)
        #expect(inventory.refusals.map(\.message) == [])
        guard case .native(let native)? = inventory.plugins.first?.tools.first?.body else { throw Surprise() }
        return native
    }

    @Test(arguments: [
        ("0", NativeResultType.none), ("1", .bool), ("2", .i32), ("3", .u32), ("4", .i64), ("5", .u64), ("6", .f64),
        ("7", .text), ("8", .bytes), ("32", .ownedText), ("33", .status),
    ])
    func knowsEveryResult(_ code: String, _ type: NativeResultType) throws {
        let native = try native(["NATIVE": ".result=\(code),.release=(void(*)(void*))function"])
        #expect(native.result == type)
        #expect(native.function?.signature.result == type)
    }

    @Test(arguments: [
        ("", NativeParameter(.i64)), (",.default_json=0", NativeParameter(.i64, isOptional: true)),
        (",.default_json=0,.flags=PVE_PARAMETER_REQUIRED", NativeParameter(.i64)),
        (",.type=PVE_TYPE_BYTES,.default_json=0", NativeParameter(.bytes, isOptional: true)),
        (",.type=PVE_TYPE_UTF8,.default_json=\"\\\"\\\\\\\\u0000\\\"\"", NativeParameter(.text)),
        (",.type=PVE_TYPE_BYTES,.default_json=\"\\\"AA==\\\"\"", NativeParameter(.bytes)),
    ])
    func passesByValueWhatIsAlwaysThere(_ change: String, _ parameter: NativeParameter) throws {
        let signature = try native(["EXTRA": ".role=PVE_ROLE_LOCAL\(change)"]).function?.signature
        #expect(signature?.parameters == [.init(.text), parameter])
    }

    @Test func takesTheCallFirst() throws {
        let native = try native(["NATIVE": ".takes_call=1"])
        #expect(native.takesCall && native.function?.signature.takesHandle == true)
    }

    @Test func takesTwelveArguments() throws {
        let native = try native(["PARAMETERS": Self.numbers, "NATIVE": ".takes_call=1"])
        #expect(native.function?.signature.argumentCount == 12)
    }

    @Test func answersAnyShapeThroughTheCall() throws {
        _ = try native(["NATIVE": ".result=33, .takes_call=1", "TOOL": ".result=&result"])
        _ = try native(["RESULT": ".shape=PVE_SHAPE_OBJECT", "TOOL": ".result=&result"])
        _ = try native(["RESULT": ".shape=PVE_SHAPE_NONE", "TOOL": ".result=&result"])
    }

    @Test(arguments: [
        Breakage(
            "NATIVE", ".result=16",
            "the result of its pve_native has type 16; use one of pve_type from 0 to 8, 32 (owned text) or 33 (status)"),
        Breakage(
            "NATIVE", ".result=255",
            "the result of its pve_native has type 255; use one of pve_type from 0 to 8, 32 (owned text) or 33 (status)"
        ),
        Breakage("NATIVE", ".result=32", "pve_native.release is NULL; set it to a function"),
        Breakage(
            ["PARAMETERS": numbers, "NATIVE": ".takes_call=1, .result=33"],
            "its function would take 13 arguments, the call, lengths and what comes out included; use at most 12"),
        Breakage(
            ["PARAMETERS": numbers + ",&extra", "EXTRA": ".type=PVE_TYPE_BYTES, .default_json=0"],
            "its function would take 13 arguments, the call, lengths and what comes out included; use at most 12"),
        Breakage(
            "TOOL", ".result=&result",
            "the shape of its result is list, which its native function does not answer; use none or object, or a call body"
        ),
        Breakage(
            ["TOOL": ".result=&result", "RESULT": ".shape=PVE_SHAPE_TASK", "NATIVE": ".takes_call=1"],
            "the shape of its result is task, which its native function does not answer; use none or object, or a call body"
        ),
        Breakage(
            ["TOOL": ".result=&result", "RESULT": ".shape=PVE_SHAPE_OBJECT", "NATIVE": ".result=33"],
            "the shape of its result is object, which its native function does not answer; use none, or set takes_call and "
                + "reply through the call"),
        Breakage(
            "EXTRA", ".role=PVE_ROLE_WAIT",
            "parameter \"extra\" has the role wait, but a native function takes values only; use the role argument or local"
        ),
        Breakage(
            "EXTRA", ".role=PVE_ROLE_OPTIONS, .type=PVE_TYPE_OBJECT, .default_json=0",
            "parameter \"extra\" has the role options, but a native function takes values only; use the role argument or local"
        ),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_JSON",
            "parameter \"extra\" has the type json, which no native function takes; use one of pve_type from 1 to 8, or a "
                + "call body"),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_UTF8_LIST, .default_json=\"[]\"",
            "parameter \"extra\" has the type utf8List, which no native function takes; use one of pve_type from 1 to 8, or "
                + "a call body"),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_I32, .default_json=\"2147483648\"",
            "parameter \"extra\" has the default 2147483648, which cannot be passed to a function as i32; correct it"),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_U64, .default_json=\"-1\"",
            "parameter \"extra\" has the default -1, which cannot be passed to a function as u64; correct it"),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_F64, .default_json=\"1e999\"",
            "parameter \"extra\" has the default 1e999, which cannot be passed to a function as f64; correct it"),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_UTF8, .default_json=\"\\\"a\\\\u0000\\\"\"",
            "parameter \"extra\" has the default \"a\\u0000\", which cannot be passed to a function as utf8; correct it"
        ),
        Breakage(
            "EXTRA", ".type=PVE_TYPE_BYTES, .default_json=\"\\\"AA\\\"\"",
            "parameter \"extra\" has the default \"AA\", which cannot be passed to a function as bytes; correct it"),
    ])
    func refusesWhatCannotBeCalled(_ breakage: Breakage) throws {
        let (file, inventory) = try inventory(breakage.defines)
        #expect(
            inventory.refusals.map(\.message) == ["\(file): tool \"native_get\" refused: \(breakage.message)"])
        #expect(inventory.plugins.map { $0.tools.map(\.name) } == [["sound_pve_plugin_native"]])
    }
}
