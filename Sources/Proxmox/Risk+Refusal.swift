// Saying no to a request the tier does not allow.
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

    private static func withoutParameters(_ request: Request) -> Risk {
        var bare = request
        bare.parameters = []
        return of(bare)
    }

    /// The phrase that follows "It", up to the first semicolon.
    private static func phrase(_ why: String) -> Substring { why.prefix { $0 != ";" } }
}
