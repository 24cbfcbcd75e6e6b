// Which plugins run in a process of their own.
// SPDX-License-Identifier: MIT

/// The plugins to isolate, as `PVE_ISOLATE` names them: categories with commas; `third-party` means all that are not
/// first-party. Manifests are isolated whatever it says.
public struct IsolationSelection: Equatable, Sendable {
    /// The word for everything that did not come with the host.
    public static let thirdParty = "third-party"

    private let names: [String]

    public init(_ text: String?) {
        names = CategorySelection.words(of: text ?? "")
    }

    func admits(_ category: String, isFirstParty: Bool) -> Bool {
        names.contains(category) || (!isFirstParty && names.contains(IsolationSelection.thirdParty))
    }

    /// Throws when a category is named that was not found: whoever names it counts on its being isolated.
    func check(found: [String]) throws(SelectionError) {
        for name in names where name != IsolationSelection.thirdParty && !found.contains(name) {
            let near = found.filter { EditDistance.isNear($0, to: name.lowercased()) }.prefix(2)
            let hint = near.isEmpty ? "" : "did you mean \(near.map { "\"\($0)\"" }.joined(separator: " or "))? "
            throw SelectionError(
                message: "PVE_ISOLATE: there is no category \"\(name)\"; \(hint)there are: "
                    + "\(IsolationSelection.thirdParty) for all that did not come with pve-mcp, "
                    + found.joined(separator: ", "))
        }
    }
}
