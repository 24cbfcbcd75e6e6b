// What sections of configuration files have in common: digests, lists of members, errors with a prefix.
// SPDX-License-Identifier: MIT

import JSON

/// Settings of one object of a configuration file, as texts.
typealias Settings = [String: String]

extension JSONWriter {
    /// Writes settings in the order of their names; those in `numbers` as JSON numbers.
    mutating func settings(_ values: Settings, numbers: Set<String> = []) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            if numbers.contains(name), let number = Int(value) { member(name, number) } else { member(name, value) }
        }
    }
}

/// The digest of a list the way the firewall makes it: `name:value` of every member, line by line.
func digest(of list: [Settings]) -> String {
    let lines = list.flatMap { $0.sorted { $0.key < $1.key } }.map { "\($0.key):\($0.value)\n" }
    return SHA1.hexadecimal(of: Array(lines.joined().utf8))
}

/// The digest of a file that has a section for each name.
func digest(of sections: [String: Settings]) -> String {
    digest(of: sections.sorted { $0.key < $1.key }.map { $0.value.merging(["": $0.key]) { $1 } })
}

/// Runs what the real server does while it holds a lock: an error gets a prefix, and every error becomes a 500.
func locked<R>(_ failure: String, _ body: () throws -> R) throws -> R {
    do {
        return try body()
    } catch let refusal as Refusal {
        throw Refusal("\(failure): \(refusal.asText)")
    }
}

extension Refusal {
    /// The whole refusal as one text: its status when it is no plain error, then what is wrong with parameters.
    fileprivate var asText: String {
        let head = status == 500 ? message : "\(status) \(message)"
        return ([head] + errors.map { "\($0.parameter): \($0.text)" }).joined(separator: "\n")
    }
}

extension APICall {
    /// Refuses when the caller looked at another version of the file.
    func checkDigest(_ current: String) throws {
        guard let known = values["digest"], known != current else { return }
        throw Refusal("detected modified configuration - file changed by other user? Try again.")
    }

    /// The values with these names that were sent.
    func settings(_ names: some Sequence<String>) -> Settings {
        names.reduce(into: [:]) { settings, name in settings[name] = values[name] }
    }

    /// The value of a path parameter or another one that the schema demands.
    func required(_ name: String) -> String { values[name] ?? "" }
}
