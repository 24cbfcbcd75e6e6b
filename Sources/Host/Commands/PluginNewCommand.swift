// pve-mcp plugin new NAME: a plugin to begin with, which builds and has tests.
// SPDX-License-Identifier: MIT

import Glibc
import Proxmox

enum PluginNewCommand {
    static let usage = "pve-mcp plugin new NAME [--lang c|swift|rust] [--directory DIR]"

    /// Writes the directory NAME, whole or not at all, and says what to type next. 1 when it cannot be written.
    static func run(_ operands: [String], language: String?, directory: String?) throws(SettingError) -> Int32 {
        guard operands.count == 1, let word = operands.first else {
            throw SettingError("plugin new takes one name; usage: \(usage)")
        }
        let name = try PluginName(word)
        guard let language = PluginLanguage(rawValue: language ?? "c") else {
            throw SettingError(
                "--lang: \(quoted(language ?? "")) is no language there is a plugin in; it is one of "
                    + PluginLanguage.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let place = PluginPlace.beside(Environment.executableDirectory)
        if language == .swift, place.kit == nil {
            throw SettingError(
                "a plugin in Swift needs PluginKit, and \(place.expectedKit) is not there; install pve-mcp with "
                    + "make install, or choose another --lang")
        }
        let target = Shown.line(NewDirectory.path(name.category, in: directory))
        do throws(NewDirectory.Fault) {
            let files = PluginTemplate(language).files(for: name, at: place)
            try NewDirectory(name: name.category, parent: directory).write(files)
            print(text(name, target, language, files.count))
            return 0
        } catch {
            Log.error("\(target) \(error.phrase)")
            return 1
        }
    }

    private static func text(_ name: PluginName, _ target: String, _ language: PluginLanguage, _ count: Int) -> String {
        """
        \(target) is a plugin in \(language.title), \(count) files. Next:

            cd \(shellWord(target))
            make            # builds libpve-\(name.category).so; needs \(language.need)
            make test       # calls its tools without a server
            make check      # would pve-mcp load it?
            make demo       # calls a tool through MCP, on a simulated cluster

        \(language.source(name)) is where its tools are; README.md says the rest.
        """
    }

    /// `text` as a shell reads it back.
    private static func shellWord(_ text: String) -> String {
        let plain = text.utf8.allSatisfy {
            $0 > 0x7F || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: ".") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
        }
        if plain, !text.hasPrefix("-") { return text }
        let quote = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
        return (text.hasPrefix("-") ? "./" : "") + "'\(quote)'"
    }
}

/// The languages that there is a plugin to begin with in.
enum PluginLanguage: String, CaseIterable {
    case c, swift, rust

    var title: String {
        switch self {
        case .c: "C"
        case .swift: "Swift"
        case .rust: "Rust"
        }
    }

    var need: String {
        switch self {
        case .c: "a C compiler"
        case .swift: "Swift 6.3"
        case .rust: "rustc"
        }
    }

    /// The file that an author begins with.
    func source(_ name: PluginName) -> String {
        switch self {
        case .c: "\(name.category).c"
        case .swift: "Sources/Tools/Tools.swift"
        case .rust: "\(name.category).rs"
        }
    }
}
