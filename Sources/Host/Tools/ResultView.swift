// What a client sees of an answer: chosen fields, declared types, and no more than fits the budget.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// Renders answers of one result description as JSON objects on one line.
struct ResultView {
    /// How many bytes of a list are returned at most, about 8,000 tokens; then the answer ends with a cursor.
    static let byteBudget = 32_000

    let result: ResultDescription?
    let directions: CallDirections

    /// Renders `data`, the answer's data. `total` is what Proxmox said the whole list has.
    /// Throws when the cursor is not one that an answer gave.
    func render(_ data: JSONValue?, total: Int?) throws(ArgumentError) -> [UInt8] {
        var writer = JSONWriter(reserving: 2048)
        switch result?.shape ?? .none {
        case .object: object(data, &writer)
        case .list, .series: try list(data, total, &writer) { self.entry($0, &$1) }
        case .log: try list(data, total, &writer) { $1.string($0["t"]?.string ?? $0.rawText) }
        default: plain(data, &writer)
        }
        return writer.bytes
    }

    /// Why `data` cannot be an answer to the tool's request, as the model reads it; nil when it can.
    func mismatch(_ data: JSONValue?) -> String? {
        let expected: String
        switch result?.shape {
        case .list, .log, .series:
            if data?.isArray ?? false { return nil }
            expected = "a list of \(result?.listName ?? "items")"
        case .object:
            if data?.isObject ?? false { return nil }
            expected = "an object"
        case .task:
            if data?.isNull ?? false || data?.string.flatMap(UPID.init) != nil { return nil }
            expected = "the UPID of a task"
        default: return nil
        }
        let got =
            data.map { $0.isArray ? "a list" : $0.isObject ? "an object" : String($0.rawText.prefix(80)) } ?? "nothing"
        return "Proxmox was expected to answer \(expected), but answered \(got). "
            + "Something else may be answering in its place: see that PVE_BASE_URL names a Proxmox VE server."
    }

    /// For tools whose success is all there is to say. What Proxmox says beyond it is passed on.
    private func plain(_ data: JSONValue?, _ writer: inout JSONWriter) {
        writer.object {
            $0.member("status", "ok")
            if let data, !data.isNull { $0.member("data", data) }
        }
    }

    private func object(_ data: JSONValue?, _ writer: inout JSONWriter) {
        guard let data else { return plain(data, &writer) }
        let fields = result?.fields ?? []
        writer.object { writer in
            for member in data.members {
                let name = member.name
                if let wanted = directions.fields, !wanted.contains(name) { continue }
                member.withRawName { writer.rawName($0) }
                writer.coerced(member.value, fields.first { $0.name == name }?.type)
            }
        }
    }

    private func entry(_ value: JSONValue, _ writer: inout JSONWriter) {
        guard value.isObject else { return writer.value(value) }
        let fields = result?.fields ?? []
        writer.object { writer in
            if let wanted = directions.fields {
                for name in wanted {
                    guard let found = value[name] else { continue }
                    writer.name(name)
                    writer.coerced(found, fields.first { $0.name == name }?.type)
                }
            } else if fields.isEmpty {
                for member in value.members { writer.member(member.name, member.value) }
            } else {
                for field in fields where field.isChosen {
                    guard let found = value[field.name], !found.isNull else { continue }
                    writer.name(field.name)
                    writer.coerced(found, field.type)
                }
            }
        }
    }

    /// Writes entries from the cursor on until the limit or the budget is reached.
    private func list(
        _ data: JSONValue?, _ total: Int?, _ writer: inout JSONWriter,
        _ entry: (JSONValue, inout JSONWriter) -> Void
    ) throws(ArgumentError) {
        let start = try position()
        let name = result?.listName ?? "items"
        let entries = sorted(data)
        var next: Int?
        writer.beginObject()
        writer.name(name)
        writer.beginArray()
        let begin = writer.bytes.count
        for index in min(start, entries.count)..<entries.count {
            let taken = index - start
            if taken >= directions.limit ?? .max || (taken > 0 && writer.bytes.count - begin > ResultView.byteBudget) {
                next = index
                break
            }
            entry(entries[index], &writer)
        }
        writer.endArray()
        writer.member("total", total ?? entries.count)
        if let next { writer.member("next_cursor", "\(next)") }
        writer.endObject()
    }

    private func position() throws(ArgumentError) -> Int {
        guard let cursor = directions.cursor else { return 0 }
        guard let start = Int(cursor), start >= 0 else {
            throw ArgumentError(faults: [
                "argument \"cursor\" takes the next_cursor of an earlier answer; got \(quoted(cursor))"
            ])
        }
        return start
    }

    /// The entries of a list, by the first field that is always there: Proxmox's own order is not stable.
    private func sorted(_ data: JSONValue?) -> [JSONValue] {
        var entries = Array(data?.elements ?? JSONValue.Elements.none)
        guard result?.shape == .list, let key = result?.fields.first(where: \.isAlways) else { return entries }
        if key.type == .i64 || key.type == .u32 || key.type == .i32 || key.type == .u64 {
            let keyed = entries.map { (key: $0[key.name]?.lenientInt ?? .max, value: $0) }
            if !zip(keyed, keyed.dropFirst()).allSatisfy({ $0.key <= $1.key }) {
                entries = keyed.sorted { $0.key < $1.key }.map(\.value)
            }
        } else {
            let keyed = entries.map { (key: $0[key.name]?.string ?? "", value: $0) }
            if !zip(keyed, keyed.dropFirst()).allSatisfy({ $0.key <= $1.key }) {
                entries = keyed.sorted { $0.key < $1.key }.map(\.value)
            }
        }
        return entries
    }
}

extension JSONValue.Elements {
    /// No elements at all.
    static var none: JSONValue.Elements { emptyObject.elements }
}

extension JSONWriter {
    /// Writes a value as `type`, however Proxmox sent it; as it came when it cannot be that or no type is declared.
    mutating func coerced(_ value: JSONValue, _ type: ParameterType?) {
        switch type {
        case .bool: if let bool = value.lenientBool { return self.bool(bool) }
        case .i32, .u32, .i64, .u64: if let int = value.lenientInt { return self.int(int) }
        case .f64: if let double = value.lenientDouble { return self.double(double) }
        case .utf8:
            if value.string == nil, !value.isNull, !value.isObject, !value.isArray { return string(value.rawText) }
        default: break
        }
        self.value(value)
    }
}
