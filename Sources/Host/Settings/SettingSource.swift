// Where a setting's value came from, and the order in which sources win: flag, environment, env file.
// SPDX-License-Identifier: MIT

import Glibc
import Proxmox

/// A setting's text and where it stood, for messages.
struct SettingText {
    var text: String
    /// Such as `PVE_TIMEOUT`, `--timeout` or `PVE_TIMEOUT in /home/me/pve.env`.
    var origin: String
}

/// All texts of settings from all sources.
struct SettingSource {
    private var texts: [String: SettingText] = [:]

    /// Merges the sources. Flags win over the environment, the environment wins over the file.
    init(flags: [String: String], environment: [String: String], file: (path: String, values: [String: String])?) {
        for definition in SettingDefinition.all {
            var names = [definition.variable]
            if definition.mayComeFromFile { names.append(definition.variable + "_FILE") }
            for name in names {
                let flag = name.hasSuffix("_FILE") ? secretFileFlag(definition) : definition.flag
                if let flag, let text = flags[flag] {
                    texts[name] = SettingText(text: text, origin: "--\(flag)")
                } else if let text = environment[name], !text.isEmpty {
                    texts[name] = SettingText(text: text, origin: name)
                } else if let file, let text = file.values[name], !text.isEmpty {
                    texts[name] = SettingText(text: text, origin: "\(name) in \(file.path)")
                }
            }
        }
    }

    /// The environment for a child of this process that has the same settings: each under its own name, the secret
    /// itself in place of the file it came from, which may be a pipe that gives it once.
    func environment(for credentials: Credentials, over inherited: [String: String]) -> [String: String] {
        var values = inherited
        for definition in SettingDefinition.all {
            values[definition.variable] = texts[definition.variable]?.text
            if definition.mayComeFromFile { values[definition.variable + "_FILE"] = nil }
        }
        switch credentials {
        case .token(_, let secret): values["PVE_TOKEN_SECRET"] = secret
        case .password(_, let password): values["PVE_PASSWORD"] = password
        }
        return values
    }

    subscript(variable: String) -> SettingText? { texts[variable] }

    /// A secret, from its variable or from the file that `<variable>_FILE` names (its first line).
    func secret(_ variable: String) throws(SettingError) -> SettingText? {
        guard let file = texts[variable + "_FILE"] else { return texts[variable] }
        if let direct = texts[variable] {
            throw SettingError("\(direct.origin) and \(file.origin) are both set; keep one of them")
        }
        let bytes: [UInt8]
        do throws(TextFile.Fault) {
            let read = try TextFile.readSecret(file.text)
            bytes = read.bytes
            if read.isOpenToOthers {
                Log.warning("\(file.text) (\(file.origin)) can be read by other users; run: chmod 600 \(file.text)")
            }
        } catch {
            throw SettingError("\(file.origin) names \(file.text), which \(error.phrase)")
        }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else {
            throw SettingError(
                "\(file.origin) names \(file.text), which is empty; it must hold the secret on its first line")
        }
        return SettingText(text: String(decoding: line, as: UTF8.self), origin: file.origin)
    }
}

/// The flag that names a secret's file, such as `token-secret-file`.
func secretFileFlag(_ definition: SettingDefinition) -> String {
    definition.variable.dropFirst("PVE_".count).lowercased().replacingUnderscores() + "-file"
}

extension String {
    fileprivate func replacingUnderscores() -> String { String(map { $0 == "_" ? "-" : $0 }) }
}
