// pve-mcp plugin describe NAME|FILE: what a plugin says of itself.
// SPDX-License-Identifier: MIT

import Glibc
import PluginLoader
import Proxmox

enum PluginDescribeCommand {
    /// Prints the description. 1 when the plugin cannot be opened.
    static func run(
        _ operands: [String], category: String?, json: Bool, settings: Settings
    ) throws(SettingError) -> Int32 {
        guard operands.count == 1, let operand = operands.first else {
            throw SettingError(
                "plugin describe takes one name or file; usage: pve-mcp plugin describe NAME|FILE [--category NAME] "
                    + "[--json]")
        }
        let file = try file(operand, settings)
        guard let category = category ?? PluginFileName.category(ofFile: file) else {
            throw SettingError("\(file) does not name a category; say it with --category NAME")
        }
        // A stranger's code runs in the child only when nobody else can have put it there.
        let examination = FileExamination(file)
        if let reason = examination.reasons.first { return refuse(file, category, reason) }
        switch PluginProbe(executable: Environment.executable).probe(file: examination.path, category: category) {
        case .failed(let failure, let words):
            return refuse(examination.path, category, .probe(failure, lastWords: words))
        case .passed(let report):
            do throws(RefusalReason) {
                let (plugin, refusals) = try report.plugin(
                    file: examination.path, category: category, features: HostTable.shared.pointee.features)
                print(json ? String(decoding: report.description, as: UTF8.self) : PluginText.text(of: plugin))
                for message in report.refusals + refusals.map(\.message) { Log.warning(Shown.line(message)) }
                return 0
            } catch {
                return refuse(examination.path, category, error)
            }
        }
    }

    private static func refuse(_ file: String, _ category: String, _ reason: RefusalReason) -> Int32 {
        Log.error(Shown.line(Refusal(file: file, category: category, reason: reason).message))
        return 1
    }

    /// A file by its path, or the first that the host would take for a category.
    private static func file(_ operand: String, _ settings: Settings) throws(SettingError) -> String {
        if operand.contains("/") || operand.hasSuffix(".so") || operand.hasSuffix(".json") {
            return absolutePath(operand)
        }
        let directories = PluginPlaces.directories(settings).map(\.path)
        for directory in directories {
            for name in ["libpve-\(operand).so", "pve-\(operand).json"] where access("\(directory)/\(name)", F_OK) == 0
            {
                return "\(directory)/\(name)"
            }
        }
        throw SettingError(
            "there is no plugin \(quoted(operand)) in \(directories.joined(separator: ", ")); name a category that "
                + "pve-mcp plugin list shows, or a file by its path")
    }
}
