// What a shared library's facts mean for whoever is to trust it.
// SPDX-License-Identifier: MIT

import PluginLoader

/// Findings about a library that has not been loaded.
struct LibraryFindings {
    let facts: ELFFacts
    /// The absolute path, for `$ORIGIN`.
    let file: String
    /// The entry that the host calls; nil when the category is not known.
    let entry: String?

    /// Names that are shown of a long list.
    private static let shown = 8

    var all: [Finding] { exports + imports + searchPaths + hardening }

    private var exports: [Finding] {
        var findings: [Finding] = []
        if let entry {
            switch facts.exports.first(where: { $0.name == entry }) {
            case nil where facts.exportCount <= facts.exports.count:
                findings.append(
                    finding(
                        .refused,
                        "it does not export \(entry), the entry of a plugin of its category; export that function, or name "
                            + "the category that it has with --category"))
            case let symbol? where symbol.kind == .data:
                findings.append(
                    finding(.refused, "it exports \(entry) as data, wanted a function; return the descriptor from one"))
            default: break
            }
        }
        let others = facts.exports.filter { $0.name != entry }
        if !others.isEmpty {
            findings.append(
                finding(
                    .note,
                    "it exports \(count(facts.exportCount - (facts.exports.count - others.count), "further symbol")): "
                        + list(others.map(\.name))))
        }
        return findings
    }

    private var imports: [Finding] {
        TellingImport.allCases.compactMap { telling in
            let names = telling.found(in: facts)
            guard !names.isEmpty else { return nil }
            return finding(
                .note, "it imports \(list(names)): it might \(telling.rawValue) (a hint, not proof; nor is its absence)"
            )
        }
    }

    /// Directories where libraries are found before those of the system: whoever can write there runs code in the host.
    private var searchPaths: [Finding] {
        var findings: [Finding] = []
        for (name, path) in [("RPATH", facts.rpath), ("RUNPATH", facts.runpath)] {
            guard let path else { continue }
            findings.append(finding(.note, "its \(name) is \(quoted(path)): what it needs is looked for there first"))
            for element in path.split(separator: ":", omittingEmptySubsequences: false).prefix(64) {
                if let why = fault(ofDirectory: String(element)) {
                    findings.append(finding(.warning, "its \(name) has \(quoted(String(element))): \(why)"))
                }
            }
        }
        for library in facts.needed where library.contains("/") {
            let where_ = library.hasPrefix("/") ? "by its path" : "relative to the working directory"
            findings.append(
                finding(
                    library.hasPrefix("/") ? .note : .warning,
                    "it needs \(quoted(library)), which is looked for \(where_); link it by its name"))
        }
        return findings
    }

    private func fault(ofDirectory element: String) -> String? {
        let folder = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) } ?? ""
        var path = element
        for token in ["$ORIGIN", "${ORIGIN}"] where path.hasPrefix(token) {
            path = folder + path.dropFirst(token.count)
        }
        guard path.hasPrefix("/") else {
            return
                "that is relative to the working directory, which anybody may choose; use $ORIGIN or an absolute path"
        }
        return FileExamination.faults(ofLibraryDirectory: path).first.map { $0.message(category: nil) }
    }

    private var hardening: [Finding] {
        var findings: [Finding] = []
        if facts.hasExecutableStack {
            findings.append(
                finding(
                    .warning,
                    "it makes the stacks of the whole process executable; link it with -z noexecstack (assembler files need "
                        + "a .note.GNU-stack section)"))
        }
        if facts.hasTextRelocations {
            findings.append(
                finding(.warning, "it has text relocations, so its code is made writable while it is loaded; use -fPIC")
            )
        }
        if facts.relro != .full {
            findings.append(
                finding(.note, "RELRO is \(facts.relro.rawValue): link it with -z relro -z now to have it full"))
        }
        return findings
    }

    private func finding(_ severity: Finding.Severity, _ message: String) -> Finding {
        Finding(severity: severity, subject: .library, message: message)
    }

    private func list(_ names: [String]) -> String {
        let more = names.count - LibraryFindings.shown
        return names.prefix(LibraryFindings.shown).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}

/// `1 thing`, `2 things`.
func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
