// Why a call of a tool's code did not succeed.
// SPDX-License-Identifier: MIT

/// What the code of a tool throws. It becomes the error that the model reads.
// Sendable, as every error must be: it is thrown and caught on the call's thread, with the value inside.
public enum CallFailure: Error, @unchecked Sendable {
    /// Proxmox, the way to it, or the policy said no: the host's own words.
    case request(Value)
    /// The client has given up; nobody waits for a reply.
    case cancelled
    /// A text of the plugin: what happened, to what, what to try.
    case text(StaticString)
    /// The same, made at run time.
    case message(String)
}
