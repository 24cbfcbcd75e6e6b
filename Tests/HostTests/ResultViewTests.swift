// What a client sees of an answer.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI
import PluginLoader
import Testing

@testable import Host

@Suite("Result view")
struct ResultViewTests {
    private let guests = result(
        PVE_SHAPE_LIST, "vms",
        [
            FieldSpec("vmid", PVE_TYPE_I64, always: true), FieldSpec("name", PVE_TYPE_UTF8),
            FieldSpec("template", PVE_TYPE_BOOL), FieldSpec("cpu", PVE_TYPE_F64, chosen: false),
        ])
    private let everything: [ParameterSpec] = [.fields, .limit, .cursor]

    private func shown(
        _ data: String?, _ result: ResultDescription?, _ arguments: String = "{}", total: Int? = nil,
        parameters: [ParameterSpec]? = nil
    ) throws -> String {
        let directions = CallDirections(tool("pve_test", parameters ?? everything), try json(arguments))
        let bytes = try ResultView.render(try data.map(json), total: total, result, directions)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func fault(
        _ data: String?, _ result: ResultDescription?, _ arguments: String = "{}"
    ) throws -> String? {
        do {
            _ = try shown(data, result, arguments)
            return nil
        } catch let error as ViewError {
            return error.message
        }
    }

    // MARK: Shapes

    @Test func passesOnWhatAToolDoesNotDescribe() throws {
        #expect(try shown("null", nil) == #"{"status":"ok"}"#)
        #expect(try shown(nil, result(PVE_SHAPE_NONE)) == #"{"status":"ok"}"#)
        #expect(try shown(#""done""#, result(PVE_SHAPE_NONE)) == #"{"status":"ok","data":"done"}"#)
        #expect(try shown("null", result(PVE_SHAPE_TASK)) == #"{"status":"ok"}"#)
    }

    @Test func writesObjectsWithTheirTypes() throws {
        let object = result(
            PVE_SHAPE_OBJECT, nil, [FieldSpec("memory", PVE_TYPE_I64), FieldSpec("onboot", PVE_TYPE_BOOL)])
        #expect(
            try shown(#"{"memory":"512","net0":"virtio","onboot":1,"lock":null}"#, object)
                == #"{"memory":512,"net0":"virtio","onboot":true}"#)
        #expect(try shown(#"{"memory":"512","net0":"x"}"#, object, #"{"fields":["net0"]}"#) == #"{"net0":"x"}"#)
    }

    @Test func writesListsWithChosenFields() throws {
        #expect(
            try shown(#"[{"vmid":100,"name":"a","cpu":0.5,"netin":7,"template":""}]"#, guests)
                == #"{"vms":[{"vmid":100,"name":"a","template":false}],"total":1}"#)
        #expect(
            try shown(#"[{"vmid":100,"netin":"7","cpu":"0.5"}]"#, guests, #"{"fields":["cpu","netin"]}"#)
                == #"{"vms":[{"cpu":0.5,"netin":"7"}],"total":1}"#)
        #expect(try shown("[]", guests) == #"{"vms":[],"total":0}"#)
    }

    @Test func writesAllMembersWhenNoFieldIsChosen() throws {
        #expect(
            try shown(#"[{"a":1,"b":null}]"#, result(PVE_SHAPE_LIST)) == #"{"items":[{"a":1}],"total":1}"#)
    }

    @Test func wrapsEntriesThatAreNoObjects() throws {
        #expect(try shown(#"["a"]"#, result(PVE_SHAPE_LIST, "names")) == #"{"names":[{"value":"a"}],"total":1}"#)
    }

    // MARK: Series

    private let series = result(
        PVE_SHAPE_SERIES, "points", [FieldSpec("time", PVE_TYPE_I64, always: true), FieldSpec("cpu", PVE_TYPE_F64)])

    @Test func writesSeriesInTheirOrder() throws {
        #expect(
            try shown(#"[{"time":2,"cpu":0.5},{"time":1.0,"cpu":0}]"#, series)
                == #"{"points":[{"time":2,"cpu":0.5},{"time":1,"cpu":0}],"total":2,"empty":0}"#)
    }

    @Test func countsPointsThatHaveOnlyATime() throws {
        #expect(
            try shown(#"[{"time":1},{"time":2,"cpu":null},{"time":3,"cpu":0.5},{"time":4}]"#, series)
                == #"{"points":[{"time":3,"cpu":0.5}],"total":1,"empty":3}"#)
        #expect(try shown(#"[{"time":1}]"#, series) == #"{"points":[],"total":0,"empty":1}"#)
        // One with data that the caller did not ask for is no empty one.
        #expect(
            try shown(#"[{"time":1,"netin":7}]"#, series, #"{"fields":["time"]}"#)
                == #"{"points":[{"time":1}],"total":1,"empty":0}"#)
    }

    @Test func showsTheNewestPointsFirst() throws {
        let data = "[" + (1...5).map { #"{"time":\#($0),"cpu":1}"# }.joined(separator: ",") + "]"
        #expect(
            try shown(data, series, #"{"limit":2}"#)
                == #"{"points":[{"time":4,"cpu":1},{"time":5,"cpu":1}],"total":5,"empty":0,"next_cursor":"3"}"#)
        #expect(
            try shown(data, series, #"{"limit":3,"cursor":"3","fields":["time"]}"#)
                == #"{"points":[{"time":1},{"time":2},{"time":3}],"total":5,"empty":0}"#)
        #expect(try fault(data, series, #"{"fields":["memory"]}"#)?.contains("\"memory\"") == true)
    }

    @Test func everyPointIsOnOnePageWithinTheBudget() throws {
        let data =
            "[" + (1...1440).map { #"{"time":\#(1_800_000_000 + $0),"cpu":0.123456789012345}"# }.joined(separator: ",")
            + "]"
        var seen: [Int64] = []
        var cursor: String?
        repeat {
            let page = try shown(data, series, cursor.map { #"{"cursor":"\#($0)"}"# } ?? "{}")
            #expect(page.utf8.count < ResultView.byteBudget + 1000)
            let root = try json(page)
            seen = (root["points"]?.elements.compactMap { $0["time"]?.int } ?? []) + seen
            cursor = root["next_cursor"]?.string
        } while cursor != nil
        #expect(seen == (1...1440).map { 1_800_000_000 + $0 })
        let cut = try json(try shown(data, series, parameters: []))
        #expect(
            cut["truncated"]?.string?.hasSuffix(" earlier points were left out; narrow the request to see them") == true
        )
    }

    @Test(
        arguments: [
            (PVE_SHAPE_LIST, "{}", "a list of items", "an object"), (PVE_SHAPE_LIST, "null", "a list of items", "null"),
            (PVE_SHAPE_OBJECT, "[]", "an object", "a list"), (PVE_SHAPE_LOG, "1", "a list of items", "1"),
            (PVE_SHAPE_TASK, "\"hello\"", "the UPID of a task", "\"hello\""),
        ])
    func saysWhenSomethingElseAnswered(
        _ shape: pve_shape, _ data: String, _ expected: String, _ got: String
    ) throws {
        let message = try fault(data, result(shape))
        #expect(message?.hasPrefix("Proxmox was expected to answer \(expected), but answered \(got). ") == true)
    }

    // MARK: Values that are not as declared

    @Test func leavesOutNullAndWhatCannotBeOfItsType() throws {
        #expect(
            try shown(#"[{"vmid":100,"name":null,"template":"perhaps"},{"vmid":{},"template":[]}]"#, guests)
                == #"{"vms":[{"vmid":100},{}],"total":2,"omitted":"not of their declared type: template, vmid"}"#)
    }

    // MARK: Fields

    @Test func refusesFieldsThatNoEntryHas() throws {
        #expect(
            try fault(#"[{"vmid":1,"netin":2}]"#, guests, #"{"fields":["netin","memory"]}"#)
                == "argument \"fields\": the answer has no \"memory\"; it has vmid, name, template, cpu, netin")
        #expect(try fault("[]", guests, #"{"fields":["memory"]}"#) == nil)
        #expect(try fault(#"[{"vmid":1}]"#, guests, #"{"fields":["cpu"]}"#) == nil)
        #expect(try fault(#"{"a":1}"#, result(PVE_SHAPE_OBJECT), #"{"fields":["b"]}"#)?.hasSuffix("it has a") == true)
    }

    // MARK: Pages

    @Test func sortsByTheFieldThatIsAlwaysThere() throws {
        #expect(
            try shown(#"[{"vmid":"102"},{"vmid":20},{"name":"x"}]"#, guests)
                == #"{"vms":[{"vmid":20},{"vmid":102},{"name":"x"}],"total":3}"#)
        let named = result(PVE_SHAPE_LIST, "nodes", [FieldSpec("node", PVE_TYPE_UTF8, always: true)])
        #expect(
            try shown(#"[{"node":"b"},{"node":"a"}]"#, named) == #"{"nodes":[{"node":"a"},{"node":"b"}],"total":2}"#)
    }

    @Test func goesOnFromTheCursor() throws {
        let data = #"[{"vmid":1},{"vmid":2},{"vmid":3}]"#
        #expect(
            try shown(data, guests, #"{"limit":2}"#) == #"{"vms":[{"vmid":1},{"vmid":2}],"total":3,"next_cursor":"2"}"#)
        #expect(try shown(data, guests, #"{"limit":2,"cursor":"2"}"#) == #"{"vms":[{"vmid":3}],"total":3}"#)
        #expect(try shown(data, guests, #"{"cursor":"99"}"#) == #"{"vms":[],"total":3}"#)
        for cursor in ["x", "-1", ""] {
            #expect(
                try fault(data, guests, #"{"cursor":"\#(cursor)"}"#)
                    == "argument \"cursor\" takes the next_cursor of an earlier answer; got \"\(cursor)\"")
        }
    }

    @Test func saysTheTotalThatProxmoxSaid() throws {
        #expect(try shown("[]", guests, total: 7) == #"{"vms":[],"total":7}"#)
    }

    @Test func everyEntryIsOnOnePageWithinTheBudget() throws {
        let name = String(repeating: "n", count: 400)
        let data = "[" + (1...300).map { #"{"vmid":\#($0),"name":"\#(name)"}"# }.joined(separator: ",") + "]"
        var seen: [Int64] = []
        var cursor: String?
        repeat {
            let page = try shown(data, guests, cursor.map { #"{"cursor":"\#($0)"}"# } ?? "{}")
            #expect(page.utf8.count < ResultView.byteBudget + 1000)
            let root = try json(page)
            seen += root["vms"]?.elements.compactMap { $0["vmid"]?.int } ?? []
            cursor = root["next_cursor"]?.string
        } while cursor != nil
        #expect(seen == Array(1...300))
    }

    @Test func anEntryOverTheBudgetIsReturnedAlone() throws {
        let long = String(repeating: "n", count: 40_000)
        let root = try json(try shown(#"[{"vmid":1,"name":"\#(long)"},{"vmid":2}]"#, guests))
        #expect(root["vms"]?.count == 1)
        #expect(root["next_cursor"]?.string == "1")
    }

    @Test func saysWhenAListIsCutThatCannotBeContinued() throws {
        let long = String(repeating: "n", count: 40_000)
        let root = try json(try shown(#"[{"vmid":1,"name":"\#(long)"},{"vmid":2}]"#, guests, parameters: []))
        #expect(root["next_cursor"] == nil)
        #expect(root["truncated"]?.string == "1 more entries were left out; narrow the request to see them")
    }

    @Test func namesTheMembersOfAnObjectThatAreTooMuch() throws {
        let long = String(repeating: "n", count: 40_000)
        let object = result(PVE_SHAPE_OBJECT)
        let root = try json(try shown(#"{"a":"\#(long)","b":1,"c":2}"#, object))
        #expect(root["a"] != nil && root["b"] == nil)
        #expect(root["omitted"]?.string == "too much for one answer, name them in fields: b, c")
        #expect(try shown(#"{"a":"\#(long)","b":1,"c":2}"#, object, #"{"fields":["b"]}"#) == #"{"b":1}"#)
    }

    // MARK: Logs

    @Test func showsTheEndOfALogFirst() throws {
        let log = result(PVE_SHAPE_LOG, "lines")
        let data = #"[{"n":1,"t":"a"},{"n":2,"t":"b"},{"n":3,"t":null},{"n":4}]"#
        #expect(try shown(data, log, total: 9) == #"{"lines":["a","b","",""],"total":9}"#)
        let lines = #"["a","b","c"]"#
        #expect(try shown(lines, log, #"{"limit":2}"#) == #"{"lines":["b","c"],"total":3,"next_cursor":"1"}"#)
        #expect(try shown(lines, log, #"{"limit":2,"cursor":"1"}"#) == #"{"lines":["a"],"total":3}"#)
    }

    @Test func aLogOverTheBudgetKeepsItsEnd() throws {
        let line = String(repeating: "x", count: 1000)
        let data = "[" + (1...100).map { #"{"n":\#($0),"t":"\#($0) \#(line)"}"# }.joined(separator: ",") + "]"
        let root = try json(try shown(data, result(PVE_SHAPE_LOG, "lines"), parameters: []))
        let lines = root["lines"]?.elements.compactMap(\.string) ?? []
        #expect(lines.last?.hasPrefix("100 ") == true)
        #expect((20...32).contains(lines.count))
        #expect(
            root["truncated"]?.string
                == "\(100 - lines.count) earlier lines were left out; narrow the request to see them")
    }
}

@Suite("Values of fields")
struct FieldValueTests {
    @Test(
        arguments: [
            (ParameterType.bool, "1", "true"), (.bool, "\"0\"", "false"), (.bool, "\"on\"", "true"),
            (.bool, "2", "true"),
            (.bool, "\"x\"", nil), (.bool, "null", nil), (.bool, "{}", nil),
            (.i64, "\"512\"", "512"), (.i64, "512.0", "512"), (.i64, "2.6", "3"), (.i64, "true", "1"),
            (.i64, "\"1e3\"", "1000"), (.i64, "18446744073709551615", "18446744073709551615"), (.i64, "1e300", nil),
            (.i64, "\"\"", nil), (.i64, "[]", nil),
            (.f64, "0.10", "0.10"), (.f64, "\"0.5\"", "0.5"), (.f64, "1e300", "1e300"), (.f64, "\"inf\"", nil),
            (.f64, "\"n/a\"", nil),
            (.utf8, "\"a\\n\"", "\"a\\n\""), (.utf8, "12", "\"12\""), (.utf8, "true", "\"true\""), (.utf8, "[]", nil),
            (.utf8List, "[1]", "[1]"), (.utf8List, "\"a\"", "[\"a\"]"), (.utf8List, "{}", nil),
            (.object, "{}", "{}"), (.object, "\"{}\"", nil), (.json, "null", "null"), (.json, "[1]", "[1]"),
        ] as [(ParameterType, String, String?)])
    func areOfTheDeclaredTypeOrNone(_ type: ParameterType, _ sent: String, _ shown: String?) throws {
        let written = FieldValue(try json(sent), as: type).map { value in
            var writer = JSONWriter()
            writer.fieldValue(value)
            return writer.text
        }
        #expect(written == shown)
    }
}
