// Answers made from JSON that is written front to back.
// SPDX-License-Identifier: MIT

import JSON

extension APIAnswer {
    /// An object whose members `body` writes.
    static func object(_ body: (inout JSONWriter) -> Void) -> APIAnswer {
        var writer = JSONWriter()
        writer.object(body)
        return .data(json: writer.bytes)
    }

    /// An array whose elements `body` writes.
    static func array(total: Int? = nil, _ body: (inout JSONWriter) -> Void) -> APIAnswer {
        var writer = JSONWriter()
        writer.array(body)
        return .data(json: writer.bytes, total: total)
    }

    /// One text, such as a UPID.
    static func text(_ value: String) -> APIAnswer {
        var writer = JSONWriter()
        writer.string(value)
        return .data(json: writer.bytes)
    }

    /// What the index of a directory answers: one object a name, such as `{"subdir":"config"}`.
    static func index(_ key: String, _ names: [String]) -> APIAnswer {
        .array { array in
            for name in names { array.object { $0.member(key, name) } }
        }
    }
}
