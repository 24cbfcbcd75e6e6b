// Which categories of tools are wanted.
// SPDX-License-Identifier: MIT

/// A selection that cannot be met.
public struct SelectionError: Error, Equatable {
    /// What was asked for, what is there, and the way out.
    public let message: String
}

/// The categories to load, as `PVE_CATEGORIES` names them.
///
/// Nothing or `default`: the standard twelve, those that are there. `all`: everything found. A comma list: those, each
/// of which must be there; `default` and `all` may stand in it. Blanks around names and empty places do not matter.
public struct CategorySelection: Equatable, Sendable {
    /// The categories that come with the host, in the order they load.
    public static let standardCategories = [
        "nodes", "qemu", "lxc", "storage", "cluster", "access", "pools", "network", "firewall", "backup", "tasks", "ha",
    ]

    /// The standard categories.
    public static let standard = CategorySelection(nil)

    let isEverything: Bool
    let hasStandard: Bool
    /// Named one by one, in the order given.
    let names: [String]

    public init(_ text: String?) {
        let words = CategorySelection.words(of: text ?? "")
        isEverything = words.contains("all")
        hasStandard = words.isEmpty || words.contains("default")
        names = words.filter { $0 != "all" && $0 != "default" }
    }

    /// The words between commas, without blanks around them and empty places.
    static func words(of text: String) -> [String] {
        text.split(separator: ",").map { word in
            String(word.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }.filter { !$0.isEmpty }
    }

    /// Whether a category that was found is to be opened.
    func admits(_ category: String) -> Bool {
        isEverything || names.contains(category)
            || (hasStandard && CategorySelection.standardCategories.contains(category))
    }

    /// Throws when a category is named that was not found.
    func check(found: [String], in directories: [String]) throws(SelectionError) {
        for name in names where !found.contains(name) {
            let near = found.filter { EditDistance.isNear($0, to: name.lowercased()) }.prefix(2)
            let hint = near.isEmpty ? "" : "; did you mean \(near.map { "\"\($0)\"" }.joined(separator: " or "))?"
            let there = found.isEmpty ? "none" : found.joined(separator: ", ")
            throw SelectionError(
                message: "PVE_CATEGORIES: there is no category \"\(name)\" in \(directories.joined(separator: ", "))"
                    + hint + (near.isEmpty ? "; " : " ") + "there are: \(there)")
        }
    }

    /// The order plugins load in: the standard categories in theirs, then the others by name.
    static func order(_ categories: some Sequence<String>) -> [String] {
        let found = Set(categories)
        return standardCategories.filter(found.contains) + found.subtracting(standardCategories).sorted()
    }
}

/// How far two names are apart.
enum EditDistance {
    /// Whether a third of the name's bytes, at most three, turn one into the other.
    static func isNear(_ candidate: String, to name: String) -> Bool {
        between(Array(candidate.utf8), Array(name.utf8)) <= max(1, min(3, name.utf8.count / 3))
    }

    /// Bytes to insert, delete, replace or swap with their neighbour.
    static func between(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var older: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            (older, last) = (last, row)
        }
        return last[b.count]
    }
}
