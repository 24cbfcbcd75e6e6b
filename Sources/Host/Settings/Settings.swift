// What the server was told: where Proxmox is, what it may do, which plugins it loads.
// SPDX-License-Identifier: MIT

import PluginLoader
import Proxmox

/// The settings of one run, checked.
struct Settings {
    var tier = Tier.full
    var categories: CategorySelection
    var whitelist: [String]?
    var blacklist: [String] = []
    var pluginDirectories: [String] = []
    /// Whether plugins that did not come with the host are left out.
    var isSafeMode = false
    var isolation = IsolationSettings()
    /// What the administrator says that tools of manifests are.
    var toolTiers: [String: Tier] = [:]
    var checksSchema = true
    var debug = false
    var confirmation = ConfirmationSettings()

    /// Reads everything except the connection.
    init(_ source: SettingSource) throws(SettingError) {
        if let text = source["PVE_ACCESS_TIER"] {
            guard let tier = Tier(name: text.text) else {
                throw Settings.malformed(text, "PVE_ACCESS_TIER", "one of read-only, read-execute, full")
            }
            self.tier = tier
        }
        categories = CategorySelection(source["PVE_CATEGORIES"]?.text)
        if let text = source["PVE_TOOL_WHITELIST"] {
            let names = Settings.list(text.text)
            // No tool at all is nobody's wish; it is what an unset variable in a script leaves behind.
            guard !names.isEmpty else {
                throw Settings.malformed(text, "PVE_TOOL_WHITELIST", "names of tools, or no whitelist for all")
            }
            whitelist = names
        }
        blacklist = source["PVE_TOOL_BLACKLIST"].map { Settings.list($0.text) } ?? []
        pluginDirectories = source["PVE_PLUGIN_PATH"].map { $0.text.split(separator: ":").map(String.init) } ?? []
        if let directory = pluginDirectories.first(where: { !$0.hasPrefix("/") }), let text = source["PVE_PLUGIN_PATH"]
        {
            throw SettingError("\(text.origin): \(directory) is not an absolute path; example: /opt/pve-plugins")
        }
        isolation = try Settings.isolation(source)
        toolTiers = try Settings.toolTiers(source)
        isSafeMode = try Settings.bool(source, "PVE_SAFE_MODE", default: false)
        checksSchema = try Settings.bool(source, "PVE_SCHEMA_CHECK", default: true)
        debug = try Settings.bool(source, "DEBUG", default: false)
        confirmation = try Settings.confirmation(source)
    }

    private static func isolation(_ source: SettingSource) throws(SettingError) -> IsolationSettings {
        var settings = IsolationSettings()
        settings.plugins = IsolationSelection(source["PVE_ISOLATE"]?.text)
        if let text = source["PVE_ISOLATE_SECONDS"] {
            guard let seconds = Double(text.text), (0.05...3600).contains(seconds) else {
                throw malformed(text, "PVE_ISOLATE_SECONDS", "seconds from 0.05 to 3600")
            }
            settings.silence = Int(seconds * 1000)
        }
        settings.restarts = try integer(source, "PVE_ISOLATE_RESTARTS", 0...1_000_000) ?? settings.restarts
        settings.memory = try integer(source, "PVE_ISOLATE_MEMORY", 32...65_536) ?? settings.memory
        return settings
    }

    private static func toolTiers(_ source: SettingSource) throws(SettingError) -> [String: Tier] {
        var tiers: [String: Tier] = [:]
        guard let text = source["PVE_TOOL_TIERS"] else { return tiers }
        for entry in list(text.text) {
            let parts = entry.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, let tier = Tier(name: parts[1]) else {
                throw malformed(text, "PVE_TOOL_TIERS", "TOOL=read-only, read-execute or full, with commas")
            }
            tiers[parts[0]] = tier
        }
        return tiers
    }

    private static func integer(
        _ source: SettingSource, _ variable: String, _ range: ClosedRange<Int>
    ) throws(SettingError) -> Int? {
        guard let text = source[variable] else { return nil }
        guard let number = Int(text.text), range.contains(number) else {
            throw malformed(text, variable, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func confirmation(_ source: SettingSource) throws(SettingError) -> ConfirmationSettings {
        var settings = ConfirmationSettings()
        if let text = source["PVE_CONFIRM"] {
            guard let mode = ConfirmationMode(rawValue: text.text) else {
                throw malformed(text, "PVE_CONFIRM", "one of ask, person, never")
            }
            settings.mode = mode
        }
        if let text = source["PVE_PROTECT"] {
            let entries = list(text.text)
            // As with the whitelist, a list of nothing is nobody's wish.
            guard !entries.isEmpty else {
                throw malformed(text, "PVE_PROTECT", "ids, ranges, tag:NAME or pool:NAME with commas")
            }
            for entry in entries {
                guard let rule = ProtectionRule(entry) else {
                    throw SettingError(
                        "\(text.origin): \(quoted(entry)) is no id (100), range of ids (100-199), tag:NAME or pool:NAME; "
                            + "example: PVE_PROTECT=\(SettingDefinition.named("PVE_PROTECT").example)")
                }
                settings.protection.rules.append(rule)
            }
        }
        if let text = source["PVE_CONFIRM_SECONDS"] {
            guard let seconds = Int(text.text), (1...3600).contains(seconds) else {
                throw malformed(text, "PVE_CONFIRM_SECONDS", "seconds from 1 to 3600")
            }
            settings.seconds = seconds
        }
        return settings
    }

    /// Reads where Proxmox is and who we are there.
    static func connection(_ source: SettingSource) throws(SettingError) -> ConnectionSettings {
        guard let url = source["PVE_BASE_URL"] else {
            throw SettingError(
                "PVE_BASE_URL is not set; example: PVE_BASE_URL=\(SettingDefinition.named("PVE_BASE_URL").example) "
                    + "(to try the server without a Proxmox: pve-mcp --demo)")
        }
        let baseURL = try Settings.naming(url) { () throws(SettingError) in try BaseURL(url.text) }
        var settings = ConnectionSettings(baseURL: baseURL, credentials: try credentials(source))
        settings.caFile = source["PVE_CA_FILE"]?.text
        if let file = source["PVE_CA_FILE"] {
            do throws(TextFile.Fault) {
                _ = try TextFile.readRegular(file.text)
            } catch {
                throw SettingError("\(file.origin): \(file.text) \(error.phrase)")
            }
        }
        if let text = source["PVE_FINGERPRINT"] {
            settings.fingerprint = try Settings.naming(text) { () throws(SettingError) in try Fingerprint(text.text) }
        }
        settings.verifyTLS = try bool(source, "PVE_VERIFY_SSL", default: true)
        if let text = source["PVE_TIMEOUT"] {
            guard let seconds = Double(text.text), (1...3600).contains(seconds) else {
                throw malformed(text, "PVE_TIMEOUT", "seconds from 1 to 3600")
            }
            settings.timeoutSeconds = seconds
        }
        return settings
    }

    private static func credentials(_ source: SettingSource) throws(SettingError) -> Credentials {
        let id = source["PVE_TOKEN_ID"]
        let secret = try source.secret("PVE_TOKEN_SECRET")
        let user = source["PVE_USERNAME"]
        let password = try source.secret("PVE_PASSWORD")
        if let token = id ?? secret, let other = user ?? password {
            throw SettingError(
                "\(token.origin) and \(other.origin) are both set; use either an API token "
                    + "(PVE_TOKEN_ID, PVE_TOKEN_SECRET) or a user and password (PVE_USERNAME, PVE_PASSWORD)")
        }
        switch (id, secret, user, password) {
        case (let id?, let secret?, _, _):
            // The id alone first, so that the message names the setting that is wrong.
            _ = try naming(id) { () throws(SettingError) in try Credentials.token(checkingID: id.text, secret: "x") }
            return try naming(secret) { () throws(SettingError) in
                try .token(checkingID: id.text, secret: secret.text)
            }
        case (_, _, let user?, let password?):
            _ = try naming(user) { () throws(SettingError) in
                try Credentials.password(checkingUser: user.text, password: "x")
            }
            return try naming(password) { () throws(SettingError) in
                try .password(checkingUser: user.text, password: password.text)
            }
        case (.some, nil, _, _): throw missing("PVE_TOKEN_SECRET")
        case (nil, .some, _, _): throw missing("PVE_TOKEN_ID")
        case (_, _, .some, nil): throw missing("PVE_PASSWORD")
        case (_, _, nil, .some): throw missing("PVE_USERNAME")
        default: throw missing("PVE_TOKEN_ID")
        }
    }

    private static func missing(_ variable: String) -> SettingError {
        SettingError("\(variable) is not set; example: \(variable)=\(SettingDefinition.named(variable).example)")
    }

    private static func malformed(_ text: SettingText, _ variable: String, _ expected: String) -> SettingError {
        SettingError(
            "\(text.origin): expected \(expected), got \"\(text.text)\"; "
                + "example: \(variable)=\(SettingDefinition.named(variable).example)")
    }

    /// Puts a setting's name in front of what is wrong with its value.
    private static func naming<T>(
        _ text: SettingText, _ body: () throws(SettingError) -> T
    ) throws(SettingError) -> T {
        do {
            return try body()
        } catch {
            throw SettingError("\(text.origin): \(error.message)")
        }
    }

    private static func bool(
        _ source: SettingSource, _ variable: String, default value: Bool
    ) throws(SettingError) -> Bool {
        guard let text = source[variable] else { return value }
        switch text.text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw malformed(text, variable, "true or false")
        }
    }

    private static func list(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == " " }.map(String.init)
    }
}
