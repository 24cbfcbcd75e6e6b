// One thing that whoever judges a plugin should know.
// SPDX-License-Identifier: MIT

/// Something found about a plugin's file.
struct Finding: Equatable {
    /// What it means for loading the plugin.
    enum Severity: String, Comparable, CaseIterable {
        /// Nothing is wrong with it.
        case note
        /// The host takes the plugin; somebody should look at this first.
        case warning
        /// The host does not take the plugin.
        case refused

        static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rank < rhs.rank }

        private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What a finding is about.
    enum Subject: String {
        /// The file, its owner, and the way to it.
        case file
        /// The shared library, without being loaded.
        case library
        /// The child process that opened it.
        case child
        /// What the plugin says of itself.
        case plugin
        case tool
    }

    let severity: Severity
    let subject: Subject
    /// The object, what was found, the way out.
    let message: String
}
