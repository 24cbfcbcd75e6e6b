// Saying no to a request that the tier does not allow, or no tier does.
// SPDX-License-Identifier: MIT

extension Risk {
    /// Why a server that runs as `allowed` does not send a request, and the way out; nil when it does.
    public static func refusal(of request: Request, allowed: Tier) -> String? {
        let what = "\(request.method.rawValue) \(request.template)"
        let risk = Risk.of(request)
        if risk.isExcluded { return "\(what) is not sent in any tier: it is \(risk.why)" }
        if risk.tier <= allowed { return nil }
        let way =
            "needs tier \(risk.tier.name) (PVE_ACCESS_TIER=\(risk.tier.name)); this server runs as \(allowed.name)"
        guard let raised = risk.raisedBy.first(where: { $0.tier > allowed }),
            withoutParameters(request).tier <= allowed
        else { return "\(what) \(way)" + (risk.why.isEmpty ? "" : ". It \(phrase(risk.why))") }
        return "`\(raised.parameter.shortened)` on \(what) \(way). Leave it out to send the rest"
    }

    /// The failure of a request whose method is known, but leads nowhere as a value of its path has a slash in it; nil for
    /// others. It holds in every tier: no release has what would be asked for.
    public static func badPathValue(of request: Request) -> Failure? {
        guard Route(template: request.template, values: request.path)?.node.row(request.method) == nil,
            of(method: request.method, template: request.template) != nil,
            let slashed = request.path.filter({ $0.value.utf8.contains(UInt8(ascii: "/")) }).min(by: { $0.key < $1.key }
            )
        else { return nil }
        return .invalidPathValue(name: slashed.key, value: slashed.value, request: request.name)
    }

    private static func withoutParameters(_ request: Request) -> Risk {
        var bare = request
        bare.parameters = []
        return of(bare)
    }

    /// The phrase that follows "It", up to the first semicolon.
    private static func phrase(_ why: String) -> Substring { why.prefix { $0 != ";" } }
}
