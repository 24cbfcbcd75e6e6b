// Schemas of arguments and results, as clients see them.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginLoader
import Testing

@testable import Host

@Suite("Input schemas")
struct InputSchemaTests {
    private func schema(_ parameters: ParameterSpec...) -> String {
        String(decoding: tool("pve_test", parameters).inputSchema(), as: UTF8.self)
    }

    @Test func ofAToolWithoutParametersTakesNothing() {
        #expect(schema() == #"{"type":"object","additionalProperties":false}"#)
    }

    @Test func namesRequiredParameters() {
        #expect(
            schema(.guestNode, .vmid)
                == #"{"type":"object","properties":{"node":{"type":"string","description":"The node."},"#
                + #""vmid":{"type":"integer","description":"The vmid.","minimum":100,"maximum":999999999}},"#
                + #""required":["vmid"]}"#)
    }

    @Test(
        arguments: [
            (
                ParameterSpec("x", PVE_TYPE_BOOL, default: "false"),
                #""type":"boolean","description":"The x.","default":false"#
            ),
            (ParameterSpec("x", PVE_TYPE_F64), #""type":"number","description":"The x.""#),
            (
                ParameterSpec("x", PVE_TYPE_UTF8, choices: ["a", "b"], default: "\"a\""),
                #""type":"string","description":"The x.","enum":["a","b"],"default":"a""#
            ),
            (
                ParameterSpec("x", PVE_TYPE_UTF8, maximumLength: 3, pattern: #"^\d+$"#),
                #""type":"string","description":"The x.","maxLength":3,"pattern":"^\\d+$""#
            ),
            (
                ParameterSpec("x", PVE_TYPE_UTF8_LIST, choices: ["a"]),
                #""type":"array","description":"The x.","items":{"type":"string","enum":["a"]}"#
            ),
            (
                ParameterSpec("x", PVE_TYPE_I64_LIST, in: 1...9),
                #""type":"array","description":"The x.","items":{"type":"integer","minimum":1,"maximum":9}"#
            ),
            (
                ParameterSpec("x", PVE_TYPE_I32, choices: ["1", "2"]),
                #""type":"integer","description":"The x.","enum":[1,2]"#
            ),
            (ParameterSpec("x", PVE_TYPE_BYTES), #""type":"string","contentEncoding":"base64","description":"The x.""#),
            (ParameterSpec("x", PVE_TYPE_OBJECT), #""type":"object","description":"The x.""#),
            (ParameterSpec("x", PVE_TYPE_JSON), #""description":"The x.""#),
        ] as [(ParameterSpec, String)])
    func writesAProperty(_ parameter: ParameterSpec, _ keywords: String) {
        #expect(
            schema(parameter)
                == #"{"type":"object","properties":{"x":{\#(keywords)}}}"#)
    }
}

@Suite("Output schemas")
struct OutputSchemaTests {
    private func schema(_ result: ResultDescription?, _ parameters: [ParameterSpec] = []) -> String? {
        tool("pve_test", parameters, result: result).outputSchema().map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func isAbsentForAToolThatSaysNothing() {
        #expect(schema(nil) == nil)
    }

    @Test func ofAnObjectHasItsFields() {
        let fields = [
            FieldSpec("mem", PVE_TYPE_I64, unit: PVE_UNIT_BYTES, always: true), FieldSpec("template", PVE_TYPE_BOOL),
            FieldSpec("cpu", PVE_TYPE_F64, unit: PVE_UNIT_FRACTION), FieldSpec("tags", PVE_TYPE_UTF8_LIST),
            FieldSpec("rest", PVE_TYPE_JSON),
        ]
        #expect(
            schema(result(PVE_SHAPE_OBJECT, nil, fields))
                == #"{"type":"object","properties":{"mem":{"type":"integer","description":"bytes"},"#
                + #""template":{"type":"boolean"},"cpu":{"type":"number","description":"0 to 1"},"#
                + #""tags":{"type":"array"},"rest":{}}}"#)
    }

    @Test func ofAListRequiresTheListOnly() {
        let list = result(PVE_SHAPE_LIST, "vms", [FieldSpec("vmid", PVE_TYPE_I64, always: true)])
        let items = #""vms":{"type":"array","items":{"type":"object","properties":{"vmid":{"type":"integer"}}}}"#
        #expect(
            schema(list, [.cursor])
                == #"{"type":"object","properties":{\#(items),"total":{"type":"integer"},"#
                + #""next_cursor":{"type":"string"}},"required":["vms"]}"#)
        #expect(
            schema(list) == #"{"type":"object","properties":{\#(items),"total":{"type":"integer"}},"required":["vms"]}"#
        )
    }

    @Test func ofASeriesCountsEmptyPoints() {
        #expect(
            schema(result(PVE_SHAPE_SERIES, "points", [FieldSpec("time", PVE_TYPE_I64, always: true)]))
                == #"{"type":"object","properties":{"points":{"type":"array","items":{"type":"object","#
                + #""properties":{"time":{"type":"integer"}}}},"total":{"type":"integer"},"#
                + #""empty":{"type":"integer"}},"required":["points"]}"#)
    }

    @Test func ofALogIsLines() {
        #expect(
            schema(result(PVE_SHAPE_LOG, "lines"))
                == #"{"type":"object","properties":{"lines":{"type":"array","items":{"type":"string"}},"#
                + #""total":{"type":"integer"}},"required":["lines"]}"#)
    }

    @Test func ofATaskSaysHowItEnded() {
        #expect(
            schema(result(PVE_SHAPE_TASK))
                == #"{"type":"object","properties":{"upid":{"type":"string"},"node":{"type":"string"},"#
                + #""id":{"type":"string"},"status":{"type":"string"},"exitstatus":{"type":"string"},"next":{"type":"string"},"#
                + #""log":{"type":"array","items":{"type":"string"}}},"required":["status"]}"#)
    }

    @Test func ofNothingIsAStatus() {
        #expect(schema(result(PVE_SHAPE_NONE)) == #"{"type":"object","properties":{"status":{"type":"string"}}}"#)
    }
}
