// An env file: NAME=value lines, read only when it is named and only when nobody else can read or write it.
// SPDX-License-Identifier: MIT

import Glibc
import Proxmox

/// The values of an env file.
struct EnvFile {
    let path: String
    let values: [String: String]

    /// Reads and checks the file. It must belong to the user (or root) and be closed to everybody else.
    init(path: String) throws(SettingError) {
        let (descriptor, status): (Int32, stat)
        do throws(TextFile.Fault) {
            (descriptor, status) = try TextFile.openRegular(path)
        } catch {
            throw SettingError("--env-file \(path) \(error.phrase)")
        }
        defer { close(descriptor) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw SettingError("--env-file \(path) belongs to another user; chown it to the user that runs pve-mcp")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SettingError("--env-file \(path) is open to other users; run: chmod 600 \(path)")
        }
        guard let bytes = TextFile.read(descriptor) else {
            throw SettingError("--env-file \(path) cannot be read: \(TextFile.lastError)")
        }
        self.path = path
        values = try EnvFile.parse(String(decoding: bytes, as: UTF8.self), path: path)
    }

    /// Reads `NAME=value` lines; blank lines and lines that begin with `#` are skipped, quotes around a value dropped.
    static func parse(_ text: String, path: String) throws(SettingError) -> [String: String] {
        var values: [String: String] = [:]
        for (index, rawLine) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var line = trimmed(rawLine)
            if line.isEmpty || line.first == "#" { continue }
            if line.hasPrefix("export ") { line = trimmed(line.dropFirst("export ".count)) }
            guard let equals = line.firstIndex(of: "=") else {
                throw SettingError("\(path):\(index + 1): expected NAME=value")
            }
            let name = String(trimmed(line[..<equals]))
            let known = SettingDefinition.all.first {
                $0.variable == name || ($0.mayComeFromFile && $0.variable + "_FILE" == name)
            }
            guard let known else {
                throw SettingError("\(path):\(index + 1): \(name) is not a setting of pve-mcp; see pve-mcp --help")
            }
            guard known.allowedInFile else {
                throw SettingError(
                    "\(path):\(index + 1): \(name) decides what is trusted and may not come from a file; "
                        + "set it in the environment" + (known.flag.map { " or with --\($0)" } ?? ""))
            }
            values[name] = unquoted(trimmed(line[line.index(after: equals)...]))
        }
        return values
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" || first == "\r" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else {
            return String(text)
        }
        return String(text.dropFirst().dropLast())
    }
}
