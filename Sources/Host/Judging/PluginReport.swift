// Everything that is found out about a plugin's file before it is trusted.
// SPDX-License-Identifier: MIT

import PluginLoader

/// The result of judging one file.
struct PluginReport {
    /// The file's absolute path.
    let path: String
    /// As in the file's name, or as it was named beside it; nil when neither tells.
    let category: String?
    var stamp: FileStamp?
    /// Of the file's bytes, in hexadecimal digits.
    var sha256: String?
    var facts: ELFFacts?
    /// What it says it is; nil when it could not be opened, or must not be.
    var plugin: Plugin?
    /// The end of what it wrote to stderr.
    var lastWords = ""
    var findings: [Finding] = []

    /// What the host would do.
    var verdict: Finding.Severity { findings.map(\.severity).max() ?? .note }

    /// The verdict in one line.
    var summary: String {
        switch verdict {
        case .refused:
            "would be refused: \(findings.first { $0.severity == .refused }?.message ?? "")"
        case .warning: "would be loaded with warnings"
        case .note: "would be loaded"
        }
    }

    /// For scripts: 0, 1 with warnings, 4 refused.
    var status: Int32 {
        switch verdict {
        case .note: 0
        case .warning: 1
        case .refused: 4
        }
    }

    mutating func add(_ severity: Finding.Severity, _ subject: Finding.Subject, _ message: String) {
        findings.append(Finding(severity: severity, subject: subject, message: message))
    }
}
