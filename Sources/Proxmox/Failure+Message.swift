// What a failure tells the one who reads it: what happened, to what, and what to try.
// SPDX-License-Identifier: MIT

extension Failure {
    /// One to four sentences. Never holds a secret.
    public var message: String { message(hints: true) }

    /// `hints` are left out where more is known.
    private func message(hints: Bool) -> String {
        switch self {
        case .explained(let failure, let text): return "\(failure.message(hints: false)) \(text)"
        case .invalidPathValue(let name, let value, let request):
            let shown = value.isEmpty ? "an empty value" : "\"\(Failure.printable(value))\""
            return "\(request) was not sent: \(name) cannot be \(shown), it would change which object the path means. "
                + "Give the object's exact id."
        case .malformedRequest(let request, let why): return "\(request) was not sent: \(why.asSentence)"
        case .refused(let text), .schema(let text): return text
        case .noHTTP(let why):
            return "libcurl cannot be used: \(why.asSentence) Install it (Debian, Ubuntu: apt install libcurl4; "
                + "Fedora: dnf install libcurl) and start the server again."
        case .unreachable(let host, let why):
            return "Proxmox VE at \(host) cannot be reached: \(why.asSentence) "
                + "Check PVE_BASE_URL, that the node is on, and that nothing blocks the port. Nothing was sent."
        case .tls(let host, let why, let presented, let expected): return Failure.tls(host, why, presented, expected)
        case .timeout(let request, let seconds):
            return "\(request) had no answer within \(Failure.seconds(seconds)). "
                + "Try again, ask for less at a time, or raise PVE_TIMEOUT."
        case .connectionLost(let request, let why):
            return "\(request) had no whole answer: \(why.asSentence) It only reads, so it can be repeated."
        case .connectionLostAfterWrite(let request, let why):
            return "\(request) was sent, but no whole answer came: \(why.asSentence) "
                + "It may have been carried out: "
                + "check the object's state and the node's task list before you repeat it."
        case .badAnswer(let request, let why):
            return "\(request) was answered with something that Proxmox VE does not say: \(why.asSentence) "
                + "Check that PVE_BASE_URL is the API (port 8006) and not another service or a login page."
        case .cancelled(let request, let sent):
            return sent
                ? "\(request) was cancelled after it had been sent; it may have been carried out, check before repeating it."
                : "\(request) was cancelled."
        case .unauthorized(let identity, let isToken, let reason):
            return Failure.unauthorized(identity, isToken, reason)
        case .needsSecondFactor(let user):
            return "\(user) logs in with a second factor, which this server cannot ask for. "
                + "Use an API token instead (PVE_TOKEN_ID, PVE_TOKEN_SECRET): tokens need no second factor."
        case .forbidden(let request, let privilege, let path, let text, let identity, let isToken):
            guard let privilege, let path else { return Failure.forbidden(request, text, identity, isToken) }
            return Failure.lacking(privilege, path, request, identity, isToken)
        case .parameters(let request, let problems):
            let list = problems.map { "\($0.name): \($0.text.withoutStop)" }.joined(separator: "; ")
            return
                "Proxmox VE did not accept \(request): \(list.asSentence) Nothing was changed; correct this and try again."
        case .notImplemented(let request, let text, let gap):
            return "This Proxmox VE has no \(request): \(text.asSentence) "
                + (gap?.asSentence ?? "The path is wrong, or the server's version lacks it.")
        case .rejected(let request, let status, let text):
            let hint = hints ? Failure.hint(for: text).map { " " + $0 } : nil
            return "\(request) failed with status \(status): \(text.asSentence)\(hint ?? "")"
        case .nodeUnreachable(let request, let node, let reason):
            return
                "\(request) failed: node \(node ?? "asked for") cannot be reached from the node that answered (\(reason))."
                + (hints ? " It may be off or cut off; the list of nodes shows who is online." : "")
        case .proxyFailed(let request, let status, let reason, let isWrite):
            let after =
                isWrite
                ? "The work may go on or be done: check the object's state and the task list before you repeat it."
                : "Try again; if it stays so, ask for less or look at the services pvedaemon and pveproxy."
            return "\(request) broke off inside Proxmox VE with status \(status) (\(reason)): "
                + "the call took over 30 seconds or the serving process ended. \(after)"
        case .unknownGuest(let vmid, let near):
            let seen = near.map { "\($0.vmid) (\($0.name ?? "unnamed"), \($0.kind.rawValue) on \($0.node))" }
            let list =
                seen.isEmpty
                ? "No guests are visible to these credentials." : "Nearest: \(seen.joined(separator: ", "))."
            return "No VM or container with id \(vmid) is visible in the cluster. \(list)"
        }
    }

    private static func forbidden(_ request: String, _ text: String, _ identity: String, _ isToken: Bool) -> String {
        let needsRoot = isToken && text.mentions("root@pam")
        return "\(identity) may not \(request): \(text.asSentence)"
            + (needsRoot ? " This needs the user root@pam itself; no API token can do it." : separation(isToken))
    }

    private static func lacking(
        _ privilege: String, _ path: String, _ request: String, _ identity: String, _ isToken: Bool
    ) -> String {
        let wanted = privilege.split(separator: "|").joined(separator: " or ")
        let kind = isToken ? "tokens" : "users"
        return
            "\(identity) may not \(request): it lacks the privilege \(wanted) on \(path). An administrator can grant "
            + "a role that has it: pveum acl modify \(path) --\(kind) '\(identity)' --roles ROLE." + separation(isToken)
    }

    private static func separation(_ isToken: Bool) -> String {
        isToken
            ? " A token with privilege separation has only what is granted to the token itself, whatever its user may."
            : ""
    }

    private static func unauthorized(_ identity: String, _ isToken: Bool, _ reason: String) -> String {
        let what = "Proxmox VE does not accept the credentials of \(identity) (\(reason))."
        return isToken
            ? what + " Token or secret is wrong, the token has expired, or its user is disabled. "
                + "PVE_TOKEN_ID is user@realm!name, PVE_TOKEN_SECRET the value shown once when the token was made."
            : what
                + " User, realm or password is wrong, or the user is disabled or expired. PVE_USERNAME is name@realm."
    }

    private static func tls(
        _ host: String, _ why: String, _ presented: Fingerprint?, _ expected: Fingerprint?
    ) -> String {
        guard let presented else {
            return "No secure connection to \(host): \(why.asSentence) Nothing was sent. "
                + "Check that the port speaks HTTPS and that PVE_CA_FILE, if it is set, is a readable PEM file."
        }
        if expected != nil {
            return "The certificate of \(host) is not the one in PVE_FINGERPRINT; nothing was sent. It has "
                + "\(presented). If the certificate was renewed, set PVE_FINGERPRINT=\(presented); if not, "
                + "somebody may be in between."
        }
        return
            "The certificate of \(host) is not trusted (\(why)); nothing was sent. Proxmox VE signs its own by default. "
            + "Compare the fingerprint with `pvenode cert info` on the node, then set PVE_FINGERPRINT=\(presented); "
            + "or set PVE_CA_FILE to a copy of /etc/pve/pve-root-ca.pem."
    }

    private static func printable(_ text: String) -> String {
        String(decoding: text.utf8.prefix(100).map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }

    static func seconds(_ value: Double) -> String {
        let text = Int64(exactly: value).map(String.init) ?? String(value)
        return text == "1" ? "1 second" : "\(text) seconds"
    }
}
