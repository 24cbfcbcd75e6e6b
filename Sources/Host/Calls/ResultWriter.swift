// A JSON writer that a plugin drives piece by piece, so it checks the order of the pieces.
// SPDX-License-Identifier: MIT

import JSON

/// Writes what is allowed next and refuses the rest.
struct ResultWriter {
    private enum Container {
        case array
        case object(nameWritten: Bool)
    }

    private var writer = JSONWriter()
    private var open: [Container] = []
    private var isComplete = false

    /// The text, when it is one whole value.
    var text: [UInt8]? { isComplete && open.isEmpty ? writer.bytes : nil }

    mutating func beginObject() -> Bool {
        guard takeValue() else { return false }
        writer.beginObject()
        open.append(.object(nameWritten: false))
        return true
    }

    mutating func beginArray() -> Bool {
        guard takeValue() else { return false }
        writer.beginArray()
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
        writer.endArray()
        return true
    }

    mutating func name(_ name: String) -> Bool {
        guard case .object(false)? = open.last else { return false }
        open[open.count - 1] = .object(nameWritten: true)
        writer.name(name)
        return true
    }

    /// Writes a scalar, or a whole value, with `write`.
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
        case .array?: return true
        case .object(true)?:
            open[open.count - 1] = .object(nameWritten: false)
            return true
        case .object(false)?: return false
        }
    }
}
