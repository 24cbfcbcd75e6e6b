// Judges a plugin's file: by where it lies, what it is made of, and what it says in a child process.
// SPDX-License-Identifier: MIT

import JSON
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
            try readFile(examination.path, &report)
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

    /// What the bytes of the file say; those of a manifest name a library.
    private func readFile(_ path: String, _ report: inout PluginReport) throws(RefusalReason) {
        let file = try FileBytes(path)
        report.sha256 = Digest(ofFile: file.bytes)?.hex
        if path.hasSuffix(".json") {
            try readLibrary(ofManifest: file.bytes, &report)
        } else {
            try readLibrary(file.bytes, path, entry: report.category.map(PluginFileName.entrySymbol), &report)
        }
    }

    private func readLibrary(
        _ bytes: [UInt8], _ path: String, entry: String?, _ report: inout PluginReport
    ) throws(RefusalReason) {
        let facts = try ELFFacts(bytes)
        report.facts = facts
        report.findings += LibraryFindings(facts: facts, file: path, entry: entry).all
    }

    /// A library that is named by its path must lie as safely as a plugin; one that the dynamic linker finds is the
    /// system's. Whether the manifest is one at all is for the child to say.
    private func readLibrary(ofManifest bytes: [UInt8], _ report: inout PluginReport) throws(RefusalReason) {
        guard let name = (try? JSONDocument(bytes).root)?["library"]?.string else { return }
        guard name.hasPrefix("/") else {
            report.add(.note, .library, "it binds functions of \(quoted(name)), which the dynamic linker looks for")
            return
        }
        report.add(.note, .library, "it binds functions of \(name)")
        let library = FileExamination(name)
        for reason in library.reasons { report.add(.refused, .library, reason.message(category: nil)) }
        guard library.stamp != nil else { return }
        try readLibrary(try FileBytes(library.path).bytes, library.path, entry: nil, &report)
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
                "the host takes it as a plugin of category \(category) only under the name "
                    + (path.hasSuffix(".json") ? "pve-\(category).json" : "libpve-\(category).so"))
        }
    }

    /// Has the child open it, unless the host would not open it anyway: then nobody knows whose code it is.
    private func open(_ report: inout PluginReport) {
        guard let category = report.category, !report.isRefusedUnopened else {
            report.add(
                .note, .child, "it has not been opened: put right what it would be refused for, and check it again")
            return
        }
        let (result, words) = probe.look(at: report.path, category: category)
        report.lastWords = words
        switch result {
        case .failed(let failure, _):
            let refusal = Refusal(file: report.path, category: category, reason: .probe(failure))
            report.add(.refused, .child, refusal.message.without("\(report.path): ").without("plugin refused: "))
        case .passed(let described):
            do throws(RefusalReason) {
                try take(described, category, &report)
            } catch {
                report.add(.refused, .child, error.message(category: category))
            }
        }
    }

    private func take(
        _ described: ProbeReport, _ category: String, _ report: inout PluginReport
    ) throws(RefusalReason) {
        let (plugin, refusals) = try described.plugin(
            file: report.path, category: category, features: HostTable.shared.pointee.features)
        report.plugin = plugin
        for message in described.refusals + refusals.map(\.message) {
            report.add(.warning, .tool, "will be left out: " + message.without("\(report.path): "))
        }
        let others = standard.plugins.filter { $0.file != report.path }
        for tool in plugin.tools {
            let name = tool.name
            let taken = others.first { $0.tools.contains { $0.name == name } }
            report.findings += ToolFindings(tool: tool, takenBy: taken?.category).all
        }
        if plugin.tools.isEmpty {
            report.add(.warning, .plugin, "none of its tools can be offered")
        }
    }
}

extension String {
    /// What follows `prefix`; all of it when it does not begin so.
    fileprivate func without(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}

extension PluginReport {
    /// Whether it is refused for what is known before its code runs.
    fileprivate var isRefusedUnopened: Bool { verdict == .refused }
}
