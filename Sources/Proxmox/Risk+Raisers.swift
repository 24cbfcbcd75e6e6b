// The parameters that make a method worse, before any request is made.
// SPDX-License-Identifier: MIT

extension Risk {
    /// What the parameters of a method may add, each with its worst value, in the order of the risk table.
    ///
    /// A template with a name of its own has those of all methods it may become. None when no known release has the
    /// method.
    public static func raisers(method: Method, template: String) -> [RaisedBy] {
        if let row = Route(template: template, values: [:])?.node.row(method) { return row.raisers }
        return Route.ends(of: template).flatMap { $0.row(method)?.raisers ?? [] }
    }
}
