// A JSON writer that a plugin drives piece by piece, so it checks the order of the pieces.
// SPDX-License-Identifier: MIT

import JSON

/// Writes what is allowed next and refuses the rest.
struct ResultWriter {
    private enum Container {
        case array
        case object(nameWritten: Bool)
    }

    /// A list of whole values is kept as them, so that an answer passed on is not written and read again.
    private(set) var entries: [JSONValue]?
    private var writer = JSONWriter()
    private var open: [Container] = []
    private var isComplete = false

    /// What was written; one value only if ``isWhole``.
    var text: [UInt8] {
        guard let entries else { return writer.bytes }
        var list = writer
        list.array { for value in entries { $0.value(value) } }
        return list.bytes
    }

    /// Whether exactly one value has been written.
    var isWhole: Bool { isComplete && open.isEmpty }

    mutating func beginObject() -> Bool {
        guard takeValue() else { return false }
        writer.beginObject()
        open.append(.object(nameWritten: false))
        return true
    }

    mutating func beginArray() -> Bool {
        let isFirst = open.isEmpty && !isComplete
        guard takeValue() else { return false }
        if isFirst { entries = [] } else { writer.beginArray() }
        open.append(.array)
        return true
    }

    mutating func endObject() -> Bool {
        guard case .object(false)? = open.last else { return false }
        open.removeLast()
        writer.endObject()
        return true
    }

    mutating func endArray() -> Bool {
        guard case .array? = open.last else { return false }
        open.removeLast()
        if entries == nil { writer.endArray() }
        return true
    }

    mutating func name(_ name: String) -> Bool {
        guard case .object(false)? = open.last else { return false }
        open[open.count - 1] = .object(nameWritten: true)
        writer.name(name)
        return true
    }

    /// Writes a value of the call's documents.
    mutating func value(_ value: JSONValue) -> Bool {
        guard entries == nil || open.isEmpty else {
            entries?.append(value)
            return true
        }
        return scalar { $0.value(value) }
    }

    /// Writes a scalar with `write`.
    mutating func scalar(_ write: (inout JSONWriter) -> Void) -> Bool {
        guard takeValue() else { return false }
        write(&writer)
        return true
    }

    /// Whether a value may stand here; notes that it does.
    private mutating func takeValue() -> Bool {
        switch open.last {
        case nil:
            if isComplete { return false }
            isComplete = true
            return true
        case .array?:
            writeEntries()
            return true
        case .object(true)?:
            open[open.count - 1] = .object(nameWritten: false)
            return true
        case .object(false)?: return false
        }
    }

    /// Something else than a whole value stands in the list, so it is written after all.
    private mutating func writeEntries() {
        guard let kept = entries else { return }
        entries = nil
        writer.beginArray()
        for value in kept { writer.value(value) }
    }
}
