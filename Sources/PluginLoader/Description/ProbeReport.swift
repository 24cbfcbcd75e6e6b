// What a child process found in a plugin: its description, and the tools it would not take.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

/// A plugin that was opened elsewhere.
public struct ProbeReport: Equatable, Sendable {
    /// As ``PluginDescription`` writes it.
    public let description: [UInt8]
    /// Why tools are missing from it, each a whole message.
    public let refusals: [String]

    public init(description: [UInt8], refusals: [String]) {
        self.description = description
        self.refusals = refusals
    }

    init(_ plugin: Plugin, _ refusals: [Refusal]) {
        self.init(description: PluginDescription.json(of: plugin), refusals: refusals.map(\.message))
    }

    /// The descriptor that the description makes.
    func image() throws(RefusalReason) -> UnsafePointer<pve_plugin> {
        do throws(DescriptionFault) {
            return try DescriptorImage.descriptor(json: description)
        } catch {
            throw .badDescription(error.message)
        }
    }

    /// On one line.
    public var json: String {
        var writer = JSONWriter(reserving: description.count + 256)
        writer.object { writer in
            writer.member("description", raw: description)
            writer.member("refusals") { $0.array { for refusal in refusals { $0.string(refusal) } } }
        }
        return writer.text
    }

    static func json(refused message: String) -> String {
        var writer = JSONWriter()
        writer.object { $0.member("refused", message) }
        return writer.text
    }

    /// Reads what `json` wrote, by whoever sent it. Nil when it is nothing of the kind.
    public static func result(json: [UInt8]) -> ProbeResult? {
        guard let root = try? JSONDocument(json).root else { return nil }
        if let message = root["refused"]?.string { return .failed(.refused(message)) }
        guard let description = root["description"], description.isObject else { return nil }
        let refusals = root["refusals"]?.elements.compactMap(\.string) ?? []
        return .passed(ProbeReport(description: description.raw, refusals: refusals))
    }
}
