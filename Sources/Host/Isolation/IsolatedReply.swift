// The end of a call as it crosses from a plugin's process to the host.
// SPDX-License-Identifier: MIT

import JSON

enum IsolatedReply {
    /// In the plugin's process. `kib` is what is mapped there beyond the start.
    static func json(_ reply: CallContext.Reply?, kib: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("kib", kib)
            switch reply {
            case .value(let value)?:
                writer.member("data", value)
                if let total = value.totalBeside { writer.member("total", total) }
            case .entries(let entries)?:
                writer.member("entries") { $0.array { for entry in entries { $0.value(entry) } } }
            case .failure(let message)?: writer.member("failure", message)
            case nil: break
            }
        }
        return writer.bytes
    }

    /// In the host. Nil when the bytes are nothing that `json` writes.
    static func read(_ json: [UInt8]) -> (reply: CallContext.Reply?, kib: Int)? {
        guard let root = try? JSONDocument(json).root, let kib = root["kib"]?.int.flatMap({ Int(exactly: $0) }) else {
            return nil
        }
        if let value = root["data"] { return (.value(value), kib) }
        if let entries = root["entries"], entries.isArray { return (.entries(Array(entries.elements)), kib) }
        if let message = root["failure"]?.string { return (.failure(message), kib) }
        return (nil, kib)
    }
}
