// The risk of a method with what its parameters may add, before any request is made.
// SPDX-License-Identifier: MIT

extension Risk {
    /// The risk of a method without its parameters, and what those may add, each with its worst value, in the order of the
    /// risk table; nil when no known release has the method.
    ///
    /// A template with a name of its own has the worst of all methods it may become, and the parameters of all of them.
    public static func declared(method: Method, template: String) -> (risk: Risk, raisers: [RaisedBy])? {
        let rows = rows(method, template)
        return worst(of: rows).map { ($0, rows.flatMap(\.raisers)) }
    }

    /// The rows of all methods that a template may become; mostly one.
    static func rows(_ method: Method, _ template: String) -> [RiskRow] {
        if let row = Route(template: template, values: [:])?.node.row(method) { return [row] }
        return Route.ends(of: template).compactMap { $0.row(method) }
    }
}
