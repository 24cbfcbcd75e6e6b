// pve.json/1, used as a plugin would.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginLoader
import Testing

@testable import Host

@Suite("pve.json/1")
struct JSONTableTests {
    private let arguments =
        #"{"vmid":100,"names":["a","b\n"],"none":null,"on":"yes","deep":{"x":1.5,"y":[]},"text":"ü"}"#

    @Test func readsKindsAndCounts() throws {
        _ = try StagedCall(arguments) { plugin in
            let json = plugin.json
            let call = plugin.call
            let root = plugin.arguments
            let kinds: [(pve_value, pve_kind, Int)] = [
                (root, PVE_KIND_OBJECT, 6), (plugin.member(root, "vmid"), PVE_KIND_NUMBER, 0),
                (plugin.member(root, "names"), PVE_KIND_ARRAY, 2), (plugin.member(root, "none"), PVE_KIND_NULL, 0),
                (plugin.member(root, "on"), PVE_KIND_STRING, 0), (plugin.member(root, "absent"), PVE_KIND_NONE, 0),
            ]
            for (value, kind, count) in kinds {
                #expect(json.kind(call, value) == Int32(kind.rawValue))
                #expect(json.count(call, value) == count)
            }
        }
    }

    @Test func walksArraysAndObjects() throws {
        _ = try StagedCall(arguments) { plugin in
            let json = plugin.json
            func texts(_ container: pve_value) -> [String?] {
                var seen: [String?] = []
                var value = json.first(plugin.call, container)
                while value != 0 {
                    seen.append(plugin.text(value))
                    value = json.next(plugin.call, container, value)
                }
                return seen
            }
            #expect(texts(plugin.member(plugin.arguments, "names")) == ["a", "b\n"])
            #expect(texts(plugin.member(plugin.arguments, "deep")) == ["1.5", "[]"])
            #expect(texts(plugin.arguments).count == 6)
            #expect(texts(plugin.member(plugin.arguments, "vmid")) == [])
            #expect(texts(plugin.member(plugin.member(plugin.arguments, "deep"), "y")) == [])
        }
    }

    @Test func readsLeniently() throws {
        _ = try StagedCall(#"{"a":"512","b":true,"c":"x","d":1.5}"#) { plugin in
            let json = plugin.json
            func value(_ name: String) -> pve_value { plugin.member(plugin.arguments, name) }
            var int: Int64 = 0
            var double = 0.0
            var bool = false
            #expect(json.i64(plugin.call, value("a"), &int) == PVE_OK.code && int == 512)
            #expect(json.i64(plugin.call, value("b"), &int) == PVE_OK.code && int == 1)
            #expect(json.i64(plugin.call, value("c"), &int) == PVE_INVALID.code)
            #expect(json.i64(plugin.call, value("d"), &int) == PVE_INVALID.code)
            #expect(json.f64(plugin.call, value("d"), &double) == PVE_OK.code && double == 1.5)
            #expect(json.f64(plugin.call, value("c"), &double) == PVE_INVALID.code)
            #expect(json.boolean(plugin.call, value("a"), &bool) == PVE_INVALID.code)
            #expect(json.boolean(plugin.call, value("b"), &bool) == PVE_OK.code && bool)
            #expect(json.i64(plugin.call, value("a"), nil) == PVE_INVALID.code)
            #expect(json.text(plugin.call, value("a"), nil, nil) == PVE_INVALID.code)
            #expect(plugin.text(0) == nil)
        }
    }

    @Test func keepsTextInItsPlaceUntilTheCallEnds() throws {
        _ = try StagedCall(#"{"a":"plain","b":"esc\u0061ped\n"}"#) { plugin in
            var found: [(start: UnsafePointer<CChar>?, length: Int)] = []
            for name in ["a", "b"] {
                var start: UnsafePointer<CChar>?
                var length = 0
                _ = plugin.json.text(plugin.call, plugin.member(plugin.arguments, name), &start, &length)
                found.append((start, length))
            }
            let texts = found.map {
                String(decoding: UnsafeRawBufferPointer(start: $0.start, count: $0.length), as: UTF8.self)
            }
            #expect(texts == ["plain", "escaped\n"])
        }
    }

    @Test(arguments: [0, 1, 7, 1 << 32 | 9999, 2 << 32, .max, 0xFFFF_FFFF] as [pve_value])
    func refusesHandlesThatItNeverGave(_ handle: pve_value) throws {
        let call = try StagedCall("{}") { plugin in
            _ = plugin.arguments
            let json = plugin.json
            var int: Int64 = 0
            #expect(json.kind(plugin.call, handle) == Int32(PVE_KIND_NONE.rawValue))
            #expect(json.count(plugin.call, handle) == 0)
            #expect(plugin.member(handle, "a") == 0)
            #expect(json.first(plugin.call, handle) == 0)
            #expect(json.next(plugin.call, plugin.arguments, handle) == 0)
            #expect(json.i64(plugin.call, handle, &int) == PVE_INVALID.code)
            #expect(json.write_value(plugin.call, handle) == PVE_INVALID.code)
            #expect(json.reply_value(plugin.call, handle) == PVE_INVALID.code)
        }
        #expect(call.reply == nil)
    }

    @Test func writesAResult() throws {
        let call = try StagedCall(#"{"a":[1, "x"]}"#) { plugin in
            let json = plugin.json
            let call = plugin.call
            let ok = PVE_OK.code
            #expect(json.begin_object(call) == ok && json.name(call, "n", 1) == ok && json.write_null(call) == ok)
            #expect(json.name(call, "b", 1) == ok && json.write_boolean(call, true) == ok)
            #expect(json.name(call, "i", 1) == ok && json.write_i64(call, -5) == ok)
            #expect(json.name(call, "f", 1) == ok && json.write_f64(call, 0.5) == ok)
            #expect(json.name(call, "t", 1) == ok && json.write_text(call, "q\"", 2) == ok)
            #expect(json.name(call, "v", 1) == ok)
            #expect(json.write_value(call, plugin.member(plugin.arguments, "a")) == ok)
            #expect(json.name(call, "l", 1) == ok && json.begin_array(call) == ok && json.end_array(call) == ok)
            #expect(json.reply_written(call) == PVE_INVALID.code)
            #expect(json.end_object(call) == ok && json.reply_written(call) == ok)
            #expect(json.reply_written(call) == PVE_TWICE.code)
        }
        #expect(call.reply == #"{"n":null,"b":true,"i":-5,"f":0.5,"t":"q\"","v":[1, "x"],"l":[]}"#)
    }

    @Test func refusesPiecesOutOfPlace() throws {
        let call = try StagedCall { plugin in
            let json = plugin.json
            let call = plugin.call
            let invalid = PVE_INVALID.code
            #expect(json.end_object(call) == invalid && json.end_array(call) == invalid)
            #expect(json.name(call, "a", 1) == invalid && json.reply_written(call) == invalid)
            #expect(json.begin_array(call) == PVE_OK.code)
            #expect(json.name(call, "a", 1) == invalid && json.end_object(call) == invalid)
            for double in [Double.nan, .infinity] { #expect(json.write_f64(call, double) == invalid) }
            #expect(json.end_array(call) == PVE_OK.code)
            #expect(json.write_null(call) == invalid)
            #expect(json.reply_written(call) == PVE_OK.code)
        }
        #expect(call.reply == "[]")
    }

    @Test func refusesAResultOfAnotherShape() throws {
        let call = try StagedCall("{}", result: result(PVE_SHAPE_LIST, "items")) { plugin in
            #expect(plugin.json.reply_value(plugin.call, plugin.arguments) == PVE_INVALID.code)
            #expect(plugin.json.begin_object(plugin.call) == PVE_OK.code)
            #expect(plugin.json.end_object(plugin.call) == PVE_OK.code)
            #expect(plugin.json.reply_written(plugin.call) == PVE_INVALID.code)
        }
        #expect(call.reply == nil)
    }

    @Test func handsOnTheEntriesOfAList() throws {
        let call = try StagedCall(#"{"a":[{"b":1},{"b":2}]}"#, result: result(PVE_SHAPE_LIST, "items")) { plugin in
            let json = plugin.json
            let list = plugin.member(plugin.arguments, "a")
            #expect(json.begin_array(plugin.call) == PVE_OK.code)
            #expect(json.write_value(plugin.call, json.first(plugin.call, list)) == PVE_OK.code)
            #expect(json.reply_written(plugin.call) == PVE_INVALID.code)
            #expect(json.end_array(plugin.call) == PVE_OK.code)
            #expect(json.write_value(plugin.call, list) == PVE_INVALID.code)
            #expect(json.reply_written(plugin.call) == PVE_OK.code)
            #expect(json.reply_written(plugin.call) == PVE_TWICE.code)
        }
        #expect(call.reply == #"entries: {"b":1}"#)
    }

    @Test func toleratesNamesWithoutLength() throws {
        _ = try StagedCall(#"{"a":1}"#) { plugin in
            #expect(plugin.json.member(plugin.call, plugin.arguments, "a", -1) == 0)
            #expect(plugin.json.member(plugin.call, plugin.arguments, nil, 0) == 0)
        }
    }

    @Test func passesAValueOn() throws {
        let call = try StagedCall(#"{"a":{"b":1}}"#) { plugin in
            let value = plugin.member(plugin.arguments, "a")
            #expect(plugin.json.reply_value(plugin.call, value) == PVE_OK.code)
            #expect(plugin.json.reply_value(plugin.call, value) == PVE_TWICE.code)
        }
        #expect(call.reply == #"{"b":1}"#)
    }
}
