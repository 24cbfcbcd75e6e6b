// The note of a tool: said with every success, whatever its shape.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginLoader
import Testing

@testable import Host

@Suite("Notes")
struct NoteTests {
    private static let text = "Apply with pve_apply."

    private static func noted(_ shape: pve_shape, _ name: String? = nil, _ fields: [FieldSpec] = []) -> Tool {
        tool(
            "pve_noted", [.wait], PVE_METHOD_PUT, "/nodes/x", result: result(shape, name, fields, note: text),
            tier: PVE_TIER_FULL, annotations: [PVE_ANNOTATION_DESTRUCTIVE])
    }

    @Test(arguments: [
        (PVE_SHAPE_NONE, "null", #"{"status":"ok","note":"Apply with pve_apply."}"#),
        (PVE_SHAPE_OBJECT, #"{"a":1}"#, #"{"a":1,"note":"Apply with pve_apply."}"#),
        (PVE_SHAPE_OBJECT, #"{"note":"own"}"#, #"{"note":"own"}"#),
        (PVE_SHAPE_LIST, "[]", #"{"l":[],"total":0,"note":"Apply with pve_apply."}"#),
        (PVE_SHAPE_LOG, "[]", #"{"l":[],"total":0,"note":"Apply with pve_apply."}"#),
        (PVE_SHAPE_SERIES, "[]", #"{"l":[],"total":0,"empty":0,"note":"Apply with pve_apply."}"#),
        (PVE_SHAPE_TASK, "null", #"{"status":"ok","note":"Apply with pve_apply."}"#),
    ])
    func standsBesideAnAnswer(_ shape: pve_shape, _ data: String, _ shown: String) throws {
        let tool = Self.noted(shape, "l")
        let bytes = try ResultView.render(
            try json(data), total: nil, tool.result, CallDirections(tool, emptyObject))
        #expect(String(decoding: bytes, as: UTF8.self) == shown)
    }

    @Test func standsBesideEntriesThatCodeChose() throws {
        let tool = Self.noted(PVE_SHAPE_LIST, "l")
        let bytes = try ResultView.render(entries: [], tool.result, CallDirections(tool, emptyObject))
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"l":[],"total":0,"note":"Apply with pve_apply."}"#)
    }

    @Test(arguments: [0, 45]) func standsBesideATask(_ wait: Int) throws {
        let served = try ServedTools([Self.noted(PVE_SHAPE_TASK)]) { request in
            if request.line.hasPrefix("PUT") { return .data("\"\(upid)\"") }
            if request.line.hasSuffix("/status") { return .data(#"{"status":"stopped","exitstatus":"OK"}"#) }
            return .data("[]")
        }
        let answer = try served.call("pve_noted", #"{"wait":\#(wait)}"#)
        #expect(!answer.isError && answer.data?.hasSuffix(#""note":"Apply with pve_apply."}"#) == true)
    }

    @Test(arguments: [
        PVE_SHAPE_NONE, PVE_SHAPE_OBJECT, PVE_SHAPE_LIST, PVE_SHAPE_LOG, PVE_SHAPE_SERIES, PVE_SHAPE_TASK,
    ])
    func isInTheOutputSchema(_ shape: pve_shape) throws {
        let schema = try json(String(decoding: try #require(Self.noted(shape, "l").outputSchema()), as: UTF8.self))
        #expect(schema["properties"]?["note"]?.rawText == #"{"type":"string"}"#)
        let plain = try #require(tool("pve_x", result: result(shape, "l")).outputSchema())
        #expect(try json(String(decoding: plain, as: UTF8.self))["properties"]?["note"] == nil)
    }
}
