// An example as a plugin of another name.
// SPDX-License-Identifier: MIT

import CTemplates

/// The example in one language. Everything about it says `hello`, which the new name takes the place of.
struct PluginTemplate {
    private let language: PluginLanguage

    init(_ language: PluginLanguage) { self.language = language }

    /// The files of the new plugin.
    func files(for name: PluginName, at place: PluginPlace) -> [NewDirectory.File] {
        (0..<ctemplates_count()).compactMap { index in
            // The index is below the count, and the table is constant.
            guard let file = ctemplates_at(index)?.pointee, String(cString: file.language) == language.rawValue else {
                return nil
            }
            let path = String(cString: file.path)
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.size)
            var text = PluginTemplate.renamed(String(decoding: bytes, as: UTF8.self), name)
            if path == "local.mk" { text = PluginTemplate.localised(text, place) }
            if path == "Package.swift", let kit = place.kit {
                text = text.replacing("\"../../Packaging/PluginKit\"", with: PluginTemplate.swiftLiteral(kit))
            }
            return NewDirectory.File(path: PluginTemplate.renamed(path, name), text: text)
        }
    }

    /// The longer forms first: the last is part of the others.
    static func renamed(_ text: String, _ name: PluginName) -> String {
        text.replacing("pve_plugin_hello", with: "pve_plugin_\(name.symbol)")
            .replacing("hello_", with: "\(name.prefix)_")
            .replacing("Hello", with: name.title)
            .replacing("hello", with: name.category)
    }

    /// Gives the variables their values on this machine; those of what is not there are left out.
    static func localised(_ text: String, _ place: PluginPlace) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
            guard let variable = place.variables.first(where: { line.hasPrefix("\($0.name) = ") }) else {
                return String(line)
            }
            return variable.directory.map { "\(variable.name) = \(makeText($0))" }
        }
        return lines.joined(separator: "\n")
    }

    /// `path` as make reads it back.
    private static func makeText(_ path: String) -> String {
        path.replacing("$", with: "$$").replacing("#", with: "\\#")
    }

    private static func swiftLiteral(_ path: String) -> String {
        "\"" + path.replacing(#"\"#, with: #"\\"#).replacing("\"", with: #"\""#) + "\""
    }
}

extension String {
    /// Every `part` replaced, byte for byte.
    fileprivate func replacing(_ part: String, with other: String) -> String {
        let (whole, part) = (Array(utf8), Array(part.utf8))
        guard !part.isEmpty else { return self }
        var result: [UInt8] = []
        var index = 0
        while index < whole.count {
            if whole[index...].starts(with: part) {
                result += other.utf8
                index += part.count
            } else {
                result.append(whole[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
