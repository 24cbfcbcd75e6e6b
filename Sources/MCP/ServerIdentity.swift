// Who the server says it is.
// SPDX-License-Identifier: MIT

import JSON

/// What a server tells about itself (`Implementation` in the schemas).
public struct ServerIdentity: Sendable {
    public var name: String
    public var title: String
    public var version: String
    public var description: String?
    public var websiteURL: String?

    public init(name: String, title: String, version: String, description: String? = nil, websiteURL: String? = nil) {
        self.name = name
        self.title = title
        self.version = version
        self.description = description
        self.websiteURL = websiteURL
    }

    /// The identity as a JSON object with the members `revision` has.
    func json(for revision: Revision) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", name)
            if revision.hasTitle { writer.member("title", title) }
            writer.member("version", version)
            guard revision.hasDescription else { return }
            if let description { writer.member("description", description) }
            if let websiteURL { writer.member("websiteUrl", websiteURL) }
        }
        return writer.bytes
    }
}
