// Moments in words: the calendar, and where they stand in answers and schemas.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import PluginABI
import PluginLoader
import Testing

@testable import Host

@Suite("Moments")
struct UTCTimeTests {
    private static let fields = [
        FieldSpec("upid", PVE_TYPE_UTF8, always: true), FieldSpec("starttime", PVE_TYPE_I64, unit: PVE_UNIT_EPOCH),
        FieldSpec("endtime", PVE_TYPE_F64, unit: PVE_UNIT_EPOCH),
        FieldSpec("seen", PVE_TYPE_I64, unit: PVE_UNIT_EPOCH, chosen: false),
    ]

    private func text(_ epoch: Int64) -> String? {
        UTCTime(epoch: epoch).map { String(decoding: $0.json, as: UTF8.self) }
    }

    @Test func agreesWithTheCalendarOfFoundation() {
        let format = Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 0)!)
        // Steps of about a month with all seconds of the day, and the days around leap days and ends of centuries.
        var epochs = Array(stride(from: Int64(1), to: 253_402_300_799, by: 40_000_003))
        // 29 February and 1 March 2000, 28 February and 1 March 2100, both ends of each day.
        for day in [11_016, 11_017, 47_540, 47_541] as [Int64] { epochs += [day * 86_400, day * 86_400 + 86_399] }
        for epoch in epochs + [1, 86_399, 86_400, 1_795_191_600, 253_402_300_799] {
            let expected = Date(timeIntervalSince1970: TimeInterval(epoch)).formatted(format)
            #expect(text(epoch) == "\"\(expected)\"")
        }
        #expect(text(1_795_191_600) == #""2026-11-20T16:20:00Z""#)
    }

    @Test(arguments: [0, -1, .min, 253_402_300_800, .max] as [Int64])
    func hasNoWordsForWhatIsNoMoment(_ epoch: Int64) {
        #expect(text(epoch) == nil)
    }

    private func shown(
        _ data: String, _ shape: pve_shape = PVE_SHAPE_OBJECT, _ arguments: String = "{}"
    ) throws -> String {
        let tool = tool("pve_x", [.fields], result: result(shape, "l", Self.fields))
        let bytes = try ResultView.render(
            try json(data), total: nil, tool.result, CallDirections(tool, try json(arguments)))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (#"{"starttime":1795191600}"#, #"{"starttime":1795191600,"starttime_utc":"2026-11-20T16:20:00Z"}"#),
        (#"{"starttime":"1795191600"}"#, #"{"starttime":1795191600,"starttime_utc":"2026-11-20T16:20:00Z"}"#),
        (#"{"endtime":1795191600.9}"#, #"{"endtime":1795191600.9,"endtime_utc":"2026-11-20T16:20:00Z"}"#),
        (#"{"starttime":0,"endtime":-5}"#, #"{"starttime":0,"endtime":-5}"#),
        (#"{"starttime":null,"other":1795191600}"#, #"{"other":1795191600}"#),
        (#"{"starttime":"soon"}"#, #"{"omitted":"not of their declared type: starttime"}"#),
        (#"{"starttime":99999999999999}"#, #"{"starttime":99999999999999}"#),
    ])
    func standBesideTheSeconds(_ data: String, _ expected: String) throws {
        #expect(try shown(data) == expected)
    }

    @Test func standInListsAndSeries() throws {
        let data = #"[{"upid":"a","starttime":1795191600,"seen":5}]"#
        let entry = #"{"l":[{"upid":"a","starttime":1795191600,"starttime_utc":"2026-11-20T16:20:00Z"}],"total":1"#
        #expect(try shown(data, PVE_SHAPE_LIST) == entry + "}")
        #expect(try shown(data, PVE_SHAPE_SERIES) == entry + #","empty":0}"#)
    }

    @Test(arguments: [
        (#"["starttime"]"#, #"{"starttime":1795191600,"starttime_utc":"2026-11-20T16:20:00Z"}"#),
        (#"["starttime_utc"]"#, #"{"starttime_utc":"2026-11-20T16:20:00Z"}"#),
        (#"["starttime_utc","starttime"]"#, #"{"starttime":1795191600,"starttime_utc":"2026-11-20T16:20:00Z"}"#),
        (#"["seen_utc","upid"]"#, #"{"seen_utc":"1970-01-01T00:00:05Z","upid":"a"}"#),
        (#"["endtime_utc"]"#, "{}"),
    ])
    func areChosenByEitherName(_ fields: String, _ expected: String) throws {
        let data = #"{"seen":5,"upid":"a","starttime":1795191600}"#
        #expect(try shown(data, PVE_SHAPE_OBJECT, #"{"fields":\#(fields)}"#) == expected)
        #expect(
            try shown("[\(data)]", PVE_SHAPE_LIST, #"{"fields":\#(fields)}"#) == #"{"l":[\#(expected)],"total":1}"#)
    }

    @Test func areNoFieldsOfWhatCountsSomethingElse() throws {
        #expect(throws: ViewError.self) { try shown(#"{"upid":"a"}"#, PVE_SHAPE_OBJECT, #"{"fields":["upid_utc"]}"#) }
    }

    @Test func areInTheOutputSchema() throws {
        for shape in [PVE_SHAPE_OBJECT, PVE_SHAPE_LIST, PVE_SHAPE_SERIES] {
            let schema = try json(
                String(
                    decoding: try #require(tool("x", result: result(shape, "l", Self.fields)).outputSchema()),
                    as: UTF8.self))
            let properties =
                shape == PVE_SHAPE_OBJECT ? schema["properties"] : schema["properties"]?["l"]?["items"]?["properties"]
            #expect(properties?["starttime_utc"]?.rawText == #"{"type":"string"}"#)
            #expect(properties?["seen_utc"] != nil && properties?["upid_utc"] == nil)
        }
    }

    @Test func takeLittleTime() throws {
        let entries = try json(
            "[" + (0..<10_000).map { #"{"starttime":\#(1_795_191_600 + $0)}"# }.joined(separator: ",") + "]")
        var bytes = 0
        let time = ContinuousClock().measure {
            for entry in entries.elements { bytes += entry["starttime"]?.int.flatMap(UTCTime.init)?.json.count ?? 0 }
        }
        #expect(bytes == 220_000)
        // A debug build takes about 20 ms; the bound is for a machine that does much else.
        #expect(time < .seconds(2))
    }
}
