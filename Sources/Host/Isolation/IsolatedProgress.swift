// Progress as it crosses from a plugin's process to the host.
// SPDX-License-Identifier: MIT

import JSON

/// How far a call is, as it crosses.
struct IsolatedProgress {
    let progress: Double
    let total: Double?
    let message: String?

    init(_ progress: Double, _ total: Double?, _ message: String?) {
        (self.progress, self.total, self.message) = (progress, total, message)
    }

    init?(json: [UInt8]) {
        guard let root = try? JSONDocument(json).root, let progress = root["progress"]?.double else { return nil }
        self.init(progress, root["total"]?.double, root["message"]?.string)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("progress", progress)
            if let total { $0.member("total", total) }
            if let message { $0.member("message", message) }
        }
        return writer.bytes
    }
}
