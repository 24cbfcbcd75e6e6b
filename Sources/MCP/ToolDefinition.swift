// A tool as clients see it.
// SPDX-License-Identifier: MIT

/// What a tool does to the world. All four are always sent.
public struct ToolAnnotations: Sendable {
    /// It changes nothing.
    public var readOnly: Bool
    /// It may overwrite or delete.
    public var destructive: Bool
    /// Calling it twice is the same as calling it once.
    public var idempotent: Bool
    /// It reaches beyond the system it serves.
    public var openWorld: Bool

    public init(readOnly: Bool, destructive: Bool, idempotent: Bool, openWorld: Bool) {
        self.readOnly = readOnly
        self.destructive = destructive
        self.idempotent = idempotent
        self.openWorld = openWorld
    }
}

/// One tool as clients see it. Schemas and meta are finished JSON text.
public struct ToolDefinition: Sendable {
    public var name: String
    public var title: String
    public var description: String
    /// A JSON Schema with an object at its root.
    public var inputSchema: [UInt8]
    /// A JSON Schema with an object at its root.
    public var outputSchema: [UInt8]?
    public var annotations: ToolAnnotations
    /// A JSON object for `_meta`.
    public var meta: [UInt8]?

    public init(
        name: String, title: String, description: String, inputSchema: [UInt8], outputSchema: [UInt8]? = nil,
        annotations: ToolAnnotations, meta: [UInt8]? = nil
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.annotations = annotations
        self.meta = meta
    }
}
