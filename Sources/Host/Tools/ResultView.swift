// What a client sees of an answer: chosen fields, declared types, and no more than fits the budget.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// Why an answer cannot be shown as the caller asked.
struct ViewError: Error, Equatable {
    /// For the model: the argument, and what it can be.
    let message: String
}

/// Renders one answer as a JSON object on one line that agrees with the tool's output schema.
///
/// A null is left out, as is a value that cannot be of its field's type; the latter is named under `omitted`. A field
/// declared to count seconds since 1970 is followed by the same in words, under its name and ``UTCTime/suffix``.
struct ResultView {
    /// How many bytes of an answer are returned at most, about 8,000 tokens; a list then ends with a cursor.
    static let byteBudget = 32_000

    private let shape: Shape
    private let listName: String
    private let fields: FieldList
    private let directions: CallDirections
    private var writer = JSONWriter(reserving: 2048)
    /// Names of fields that were left out, each once.
    private var mistyped: [String] = []
    private var oversized: [String] = []

    private init(_ result: ResultDescription?, _ directions: CallDirections, _ shape: Shape? = nil) {
        self.shape = shape ?? result?.shape ?? .none
        listName = result?.listName ?? ""
        fields = result?.fields ?? []
        self.directions = directions
    }

    /// The answer's data as the result description and the call's directions want it shown. `total` is what Proxmox
    /// said the whole list has, `shape` another shape than the description's. Throws when it is not of the declared shape, or has no such field or cursor.
    static func render(
        _ data: JSONValue?, total: Int?, _ result: ResultDescription?, _ directions: CallDirections,
        as shape: Shape? = nil
    ) throws(ViewError) -> [UInt8] {
        var view = ResultView(result, directions, shape)
        if let mismatch = view.shape.mismatch(data, listName: view.listName) { throw ViewError(message: mismatch) }
        view.writer.beginObject()
        switch view.shape {
        case .object: try view.object(data)
        case .list: try view.list(Array(data?.elements ?? JSONValue.Elements.none), total)
        case .series: try view.series(Array(data?.elements ?? JSONValue.Elements.none))
        case .log: try view.log(data, total)
        case .none, .task: view.plain(data)
        }
        if view.shape == .list, let changes = directions.changes {
            let isShort = changes.utf8.count <= ResultView.byteBudget / 8
            view.writer.member("changes", isShort ? changes : changes.prefix(ResultView.byteBudget / 8) + "…")
        }
        view.omissions()
        // Where Proxmox has a member of that name, it is the data that counts.
        if view.shape != .object || data?["note"] == nil { view.note() }
        view.writer.endObject()
        return view.writer.bytes
    }

    /// The same for a list whose entries stand in several answers, or are some of one.
    static func render(
        entries: [JSONValue], _ result: ResultDescription?, _ directions: CallDirections
    ) throws(ViewError) -> [UInt8] {
        var view = ResultView(result, directions)
        view.writer.beginObject()
        try view.list(entries, nil)
        view.omissions()
        view.note()
        view.writer.endObject()
        return view.writer.bytes
    }

    // MARK: Objects

    /// For tools whose success is all there is to say. What Proxmox says beyond it is passed on.
    private mutating func plain(_ data: JSONValue?) {
        writer.member("status", "ok")
        if let data, !data.isNull { writer.member("data", data) }
    }

    private mutating func object(_ data: JSONValue?) throws(ViewError) {
        guard let data else { return }
        try checkFields(among: [data])
        for member in data.members {
            let name = member.name
            if let wanted = directions.fields, !wanted.contains(name) {
                if let declared = epoch(in: wanted, of: name) { moment(declared, member.value) }
                continue
            }
            if writer.bytes.count > ResultView.byteBudget, directions.fields == nil {
                oversized.append(name)
                continue
            }
            field(name, member.value)
        }
    }

    /// Writes a member, in its declared type if it has one.
    private mutating func field(_ name: String, _ value: JSONValue) {
        if let declared = fields.first(where: { $0.name == name }) { return field(declared, value) }
        if !value.isNull { writer.member(name, value) }
    }

    private mutating func field(_ declared: Field, _ value: JSONValue) {
        if value.isNull { return }
        guard let typed = FieldValue(value, as: declared.type) else {
            if !mistyped.contains(declared.name) { mistyped.append(declared.name) }
            return
        }
        // The loader admits no names that would have to be escaped.
        writer.plainName(declared.nameBytes)
        writer.fieldValue(typed)
        if declared.unit == .epoch { moment(declared, value) }
    }

    // MARK: Moments

    /// Writes what the seconds in `value` mean; nothing for none, as "never" is.
    private mutating func moment(_ declared: Field, _ value: JSONValue) {
        let seconds = value.lenientInt ?? value.lenientDouble.flatMap { Int64(exactly: $0.rounded(.down)) }
        guard let time = seconds.flatMap(UTCTime.init) else { return }
        (Array(declared.nameBytes) + Array(UTCTime.suffix.utf8)).withUnsafeBytes { writer.plainName($0) }
        writer.raw(time.json)
    }

    /// The field called `name` when it counts seconds since 1970 and `wanted` names the words for it.
    private func epoch(in wanted: [String], of name: String) -> Field? {
        guard wanted.contains(name + UTCTime.suffix) else { return nil }
        return fields.first { $0.unit == .epoch && $0.name == name }
    }

    /// The field that counts seconds since 1970 whose words are called `name`.
    private func epoch(toldAs name: String) -> Field? {
        guard name.hasSuffix(UTCTime.suffix) else { return nil }
        return fields.first { $0.unit == .epoch && $0.name + UTCTime.suffix == name }
    }

    private mutating func omissions() {
        var notes: [String] = []
        if !mistyped.isEmpty { notes.append("not of their declared type: " + mistyped.joined(separator: ", ")) }
        if !oversized.isEmpty {
            notes.append("too much for one answer, name them in fields: " + oversized.joined(separator: ", "))
        }
        if !notes.isEmpty { writer.member("omitted", notes.joined(separator: "; ")) }
    }

    private mutating func note() {
        if let note = directions.note { writer.member("note", note) }
    }

    /// Refuses names that neither the tool declares nor any entry has, and says which there are.
    private func checkFields(among entries: [JSONValue]) throws(ViewError) {
        guard let wanted = directions.fields, !entries.isEmpty else { return }
        let unknown = wanted.filter { name in
            !fields.contains { $0.name == name } && epoch(toldAs: name) == nil
                && !entries.contains { $0[name] != nil }
        }
        guard !unknown.isEmpty else { return }
        var known = fields.map(\.name)
        for entry in entries.prefix(50) {
            for member in entry.members where !known.contains(member.name) { known.append(member.name) }
        }
        let names = unknown.map(quoted).joined(separator: ", ")
        throw ViewError(
            message: "argument \"fields\": the answer has no \(names); it has \(known.joined(separator: ", "))")
    }

    // MARK: Lists

    /// Writes entries from the cursor on until the limit or the budget is reached.
    private mutating func list(_ unsorted: [JSONValue], _ total: Int?) throws(ViewError) {
        let entries = sorted(unsorted)
        try checkFields(among: entries)
        let start = min(try position() ?? 0, entries.count)
        var end = start
        writer.name(listName)
        writer.beginArray()
        let begin = writer.bytes.count
        while end < entries.count, end - start < directions.limit ?? .max,
            end == start || writer.bytes.count - begin < ResultView.byteBudget
        {
            entry(entries[end])
            end += 1
        }
        writer.endArray()
        writer.member("total", total ?? entries.count)
        if end < entries.count { rest(at: end, count: entries.count - end, "more entries") }
    }

    private mutating func entry(_ value: JSONValue) {
        writer.beginObject()
        defer { writer.endObject() }
        // The schema promises objects.
        guard value.isObject else { return writer.member("value", value) }
        if let wanted = directions.fields {
            for name in wanted { chosen(name, of: value, among: wanted) }
        } else if fields.contains(where: \.isChosen) {
            for declared in fields where declared.isChosen {
                if let found = value.member(named: declared.nameBytes) { field(declared, found) }
            }
        } else {
            for member in value.members { field(member.name, member.value) }
        }
    }

    /// Writes what the caller chose by `name`; the words for a moment that is chosen itself come with it.
    private mutating func chosen(_ name: String, of entry: JSONValue, among wanted: [String]) {
        if let found = entry[name] {
            field(name, found)
        } else if let declared = epoch(toldAs: name), !wanted.contains(declared.name),
            let found = entry.member(named: declared.nameBytes)
        {
            moment(declared, found)
        }
    }

    // MARK: Ends of lists

    /// Writes the last points before the cursor, oldest first: the newest say most. Points without data are counted alone.
    private mutating func series(_ all: [JSONValue]) throws(ViewError) {
        try checkFields(among: all)
        let points = all.filter { point in
            !point.isObject
                || point.members.contains { member in
                    !member.value.isNull && !fields.contains { $0.isAlways && $0.name == member.name }
                }
        }
        let end = min(try position() ?? points.count, points.count)
        var start = end
        var bytes = 0
        var written: [[UInt8]] = []
        while start > 0, end - start < directions.limit ?? .max {
            var point = JSONWriter(reserving: 128)
            swap(&writer, &point)
            entry(points[start - 1])
            swap(&writer, &point)
            bytes += point.bytes.count + 1
            if bytes > ResultView.byteBudget, start < end { break }
            written.append(point.bytes)
            start -= 1
        }
        writer.member(listName) { $0.array { for point in written.reversed() { $0.raw(point) } } }
        writer.member("total", points.count)
        writer.member("empty", all.count - points.count)
        if start > 0 { rest(at: start, count: start, "earlier points") }
    }

    /// Writes the last lines before the cursor, oldest first: the end of a log says most, and is kept when it is cut.
    private mutating func log(_ data: JSONValue?, _ total: Int?) throws(ViewError) {
        let lines = (data?.elements ?? JSONValue.Elements.none).map { $0["t"]?.lenientString ?? $0.lenientString ?? "" }
        let end = min(try position() ?? lines.count, lines.count)
        var start = end
        var bytes = 0
        while start > 0, end - start < directions.limit ?? .max {
            bytes += lines[start - 1].utf8.count + 3
            if bytes > ResultView.byteBudget, start < end { break }
            start -= 1
        }
        writer.member(listName) { $0.array { for line in lines[start..<end] { $0.string(line) } } }
        writer.member("total", total ?? lines.count)
        if start > 0 { rest(at: start, count: start, "earlier lines") }
    }

    /// Says how to get what was left out.
    private mutating func rest(at cursor: Int, count: Int, _ what: String) {
        if directions.takesCursor {
            writer.member("next_cursor", "\(cursor)")
        } else {
            writer.member("truncated", "\(count) \(what) were left out; narrow the request to see them")
        }
    }

    private func position() throws(ViewError) -> Int? {
        guard let cursor = directions.cursor else { return nil }
        guard let start = Int(cursor), start >= 0 else {
            throw ViewError(
                message: "argument \"cursor\" takes the next_cursor of an earlier answer; got \(quoted(cursor))")
        }
        return start
    }

    /// The entries of a list, by the first field that is always there: Proxmox's own order is not stable.
    private func sorted(_ entries: [JSONValue]) -> [JSONValue] {
        guard shape == .list, let key = fields.first(where: \.isAlways) else { return entries }
        if key.type.isInteger { return entries.sorted(by: { $0[key.name]?.lenientInt ?? .max }) }
        return entries.sorted(by: { $0[key.name]?.lenientString ?? "" })
    }
}

extension [JSONValue] {
    /// Sorted by a key that is read once an entry; as it is when it is in order already, as it mostly is.
    fileprivate func sorted<Key: Comparable>(by key: (JSONValue) -> Key) -> [JSONValue] {
        let keyed = map { (key: key($0), value: $0) }
        if zip(keyed, keyed.dropFirst()).allSatisfy({ $0.key <= $1.key }) { return self }
        return keyed.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension JSONValue.Elements {
    /// No elements at all.
    static var none: JSONValue.Elements { emptyObject.elements }
}
