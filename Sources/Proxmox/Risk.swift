// How much a request may do, and whether something is lost by it.
// SPDX-License-Identifier: MIT

/// The risk of a request: the tier a server must run in to send it, and whether it is destructive.
///
/// It is read from the table in `Sources/CFacts/risk.tsv`, which has a row for every method of the API. What counts is
/// the method the server will take the request for, and the parameters it carries; who sends it does not.
public struct Risk: Equatable, Sendable {
    /// A parameter that makes a request worse.
    public struct RaisedBy: Equatable, Sendable {
        /// As it was sent.
        public var parameter: String
        /// The least tier the request needs with it.
        public var tier: Tier
        /// Whether something is lost because of it.
        public var isDestructive: Bool
        /// One phrase.
        public var why: String
    }

    /// The least tier of a server that may send it.
    public var tier: Tier
    /// Whether it overwrites or deletes what cannot be had back by another request.
    public var isDestructive: Bool
    /// Whether it is sent in no tier, as it has no answer: a websocket.
    public var isExcluded: Bool
    /// The parameters of the request that count, in its order.
    public var raisedBy: [RaisedBy]
    /// One phrase on what the method does; empty for one that only reads.
    public var why: String

    /// The risk of a method without its parameters; nil when no known release has it.
    ///
    /// A template with a name of its own, such as `/nodes/{node}/services/{service}/{command}`, has the worst risk of the
    /// methods it may become.
    public static func of(method: Method, template: String) -> Risk? {
        worst(of: rows(method, template))
    }

    static func worst(of rows: [RiskRow]) -> Risk? {
        rows.map(\.risk).reduce(nil) { worst, risk in
            guard var worst else { return risk }
            if risk.tier > worst.tier { (worst.tier, worst.why) = (risk.tier, risk.why) }
            worst.isDestructive = worst.isDestructive || risk.isDestructive
            worst.isExcluded = worst.isExcluded && risk.isExcluded
            return worst
        }
    }

    /// The risk of a request with its values. A method no known release has is taken for the worst.
    public static func of(_ request: Request) -> Risk {
        guard let route = Route(template: request.template, values: request.path),
            let row = route.node.row(request.method)
        else {
            let why = "is a method that no known release of Proxmox VE has"
            return Risk(tier: .full, isDestructive: true, isExcluded: false, raisedBy: [], why: why)
        }
        var risk = row.risk
        for given in request.parameters {
            guard let raised = row.raised(by: given, risk) ?? unknown(given, request.method, route.node, risk) else {
                continue
            }
            risk.tier = max(risk.tier, raised.tier)
            risk.isDestructive = risk.isDestructive || raised.isDestructive
            risk.raisedBy.append(raised)
        }
        return risk
    }

    /// A parameter that no known release has may do anything the method can be made to do.
    private static func unknown(
        _ given: Request.Parameter, _ method: Method, _ node: FactsTable.Node, _ risk: Risk
    ) -> RaisedBy? {
        let endpoints = Facts.all.compactMap { $0.endpoint(method, at: node) }
        if endpoints.contains(where: { $0.allowsOthers || $0.parameter(given.name) != nil }) { return nil }
        let why = "no known release of Proxmox VE has this parameter"
        return RaisedBy(parameter: given.name, tier: .full, isDestructive: risk.isDestructive, why: why)
    }
}
