// The name of a new plugin, and the forms it has in its files.
// SPDX-License-Identifier: MIT

import PluginLoader
import Proxmox

struct PluginName: Equatable {
    /// As in the file's name, `disk-health`.
    let category: String

    /// Throws when no plugin can be called so, with the nearest name that one can.
    init(_ word: String) throws(SettingError) {
        guard PluginFileName.isCategory(word), word.utf8.contains(where: { $0 != UInt8(ascii: "-") }) else {
            throw SettingError(
                "plugin new: \(quoted(shortened(word, 80))) cannot be a plugin's name, which is 1 to 40 of a-z, 0-9 and -; "
                    + "how about \(quoted(PluginName.nearest(to: word)))?")
        }
        if CategorySelection.standardCategories.contains(word) {
            throw SettingError(
                "plugin new: \(quoted(word)) is a category that comes with pve-mcp, which loads its own first; choose "
                    + "another name, such as \(quoted("my-" + word))")
        }
        if PluginName.isReserved(word) {
            throw SettingError(
                "plugin new: \(quoted(word)) means something else to --categories; choose another name, such as "
                    + quoted("my-" + word))
        }
        category = word
    }

    private static func isReserved(_ word: String) -> Bool {
        word == "default" || word == "all" || CategorySelection.standardCategories.contains(word)
    }

    /// Of the entry, `disk_health`.
    var symbol: String { String(category.map { $0 == "-" ? "_" : $0 }) }

    /// What tools' names begin with: as the symbol, and short enough for what follows it.
    var prefix: String { String(symbol.prefix(28)) }

    /// `Disk Health`.
    var title: String {
        category.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }

    /// The name that `word` would have been.
    static func nearest(to word: String) -> String {
        var name: [UInt8] = []
        for byte in word.utf8 {
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(lower)
            if isPlain {
                name.append(lower)
            } else if let last = name.last, last != UInt8(ascii: "-") {
                name.append(UInt8(ascii: "-"))
            }
        }
        var short = Array(name.prefix(40))
        while short.last == UInt8(ascii: "-") { short.removeLast() }
        let nearest = short.isEmpty ? "tools" : String(decoding: short, as: UTF8.self)
        let isFree = !short.isEmpty && !isReserved(nearest)
        return isFree ? nearest : "my-\(nearest)"
    }
}
