// Judges a plugin's file: by where it lies, what it is made of, and what it says in a child process.
// SPDX-License-Identifier: MIT

import Glibc
import PluginLoader

/// Finds out everything about one file that can be found out without trusting it.
struct PluginJudge {
    let probe: PluginProbe
    /// What comes with the host, for names that are taken.
    let standard: PluginInventory

    /// `path` is absolute. `category` is nil where the file's name tells it.
    func report(on path: String, category: String?) -> PluginReport {
        let examination = FileExamination(path)
        let named = PluginFileName.category(ofFile: path)
        let category = category ?? named
        var report = PluginReport(path: examination.path, category: category)
        report.stamp = examination.stamp
        for reason in examination.reasons {
            report.add(.refused, .file, reason.message(category: category))
        }
        checkName(path, named, category, &report)
        guard examination.stamp != nil else { return report }
        do throws(RefusalReason) {
            let file = try FileBytes(examination.path)
            report.sha256 = Digest(ofFile: file.bytes)?.hex
            let facts = try ELFFacts(file.bytes)
            report.facts = facts
            report.findings +=
                LibraryFindings(
                    facts: facts, file: examination.path, entry: category.map(PluginFileName.entrySymbol)
                ).all
        } catch {
            if !examination.reasons.contains(error) {
                report.add(.refused, .library, error.message(category: category))
            }
        }
        open(&report)
        if let category, let holder = standard.plugins.first(where: { $0.category == category }),
            holder.file != report.path
        {
            report.add(
                .refused, .file, RefusalReason.categoryTaken(by: holder.file).message(category: category))
        }
        return report
    }

    private func checkName(_ path: String, _ named: String?, _ category: String?, _ report: inout PluginReport) {
        guard let category else {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            report.add(.refused, .file, RefusalReason.badFileName(name).message(category: nil))
            return
        }
        guard PluginFileName.isCategory(category) else {
            report.add(.refused, .file, RefusalReason.badFileName(category).message(category: nil))
            return
        }
        if named != category {
            report.add(
                .warning, .file,
                "the host takes it as a plugin of category \(category) only under the name libpve-\(category).so")
        }
    }

    /// Has the child open it, unless the host would not open it anyway: then nobody knows whose code it is.
    private func open(_ report: inout PluginReport) {
        guard let category = report.category, !report.isRefusedUnopened else {
            report.add(
                .note, .child, "it has not been opened: put right what it would be refused for, and check it again")
            return
        }
        let result = probe.probe(file: report.path, category: category)
        report.lastWords = result.lastWords
        if let failure = result.failure {
            let reason = RefusalReason.probe(failure, lastWords: "")
            let message = Refusal(file: report.path, category: category, reason: reason).message
            let prefix = "\(report.path): plugin refused: "
            report.add(.refused, .child, message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message)
            return
        }
        guard let account = result.account else { return }
        for message in account.refusedTools {
            let prefix = "\(report.path): "
            report.add(
                .warning, .tool,
                "will be left out: " + (message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message))
        }
        guard let described = DescribedPlugin(account.description, file: report.path, category: category) else {
            report.add(.refused, .child, "what it says of itself cannot be read; ask its author")
            return
        }
        report.plugin = described.plugin
        report.features = described.features
        let others = standard.plugins.filter { $0.file != report.path }
        for tool in described.plugin.tools {
            let name = tool.name
            let taken = others.first { $0.tools.contains { $0.name == name } }
            report.findings += ToolFindings(tool: tool, takenBy: taken?.category).all
        }
        if described.plugin.tools.isEmpty {
            report.add(.warning, .plugin, "none of its tools can be offered")
        }
    }
}

extension PluginReport {
    /// Whether it is refused for what is known before its code runs.
    fileprivate var isRefusedUnopened: Bool { verdict == .refused }
}
