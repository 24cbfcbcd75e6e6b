// A question for a person, as it lies in a file.
// SPDX-License-Identifier: MIT

import JSON

/// What `pve-mcp approve` shows.
struct ApprovalNote: Equatable {
    let id: String
    /// Of the call and the object's state, in hexadecimal digits. The approval repeats it.
    let digest: String
    let tool: String
    let question: String
    /// Seconds since 1970.
    let asked: Int64
    let expires: Int64

    init(id: String, digest: String, tool: String, question: String, asked: Int64, expires: Int64) {
        self.id = id
        self.digest = digest
        self.tool = tool
        self.question = question
        self.asked = asked
        self.expires = expires
    }

    /// Nil when the text is not what ``json`` wrote.
    init?(json: [UInt8]) {
        guard let root = try? JSONDocument(json).root, let id = root["id"]?.string, let digest = root["digest"]?.string,
            let tool = root["tool"]?.string, let question = root["question"]?.string, let asked = root["asked"]?.int,
            let expires = root["expires"]?.int
        else { return nil }
        self.init(id: id, digest: digest, tool: tool, question: question, asked: asked, expires: expires)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("id", id)
            $0.member("digest", digest)
            $0.member("tool", tool)
            $0.member("question", question)
            $0.member("asked", asked)
            $0.member("expires", expires)
        }
        return writer.bytes
    }

    /// Whether a text may be an id, and so a part of a file's name.
    static func isID(_ text: String) -> Bool {
        text.utf8.count == 8 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
}
