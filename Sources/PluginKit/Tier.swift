// The three levels of what a client may do, as a tool declares one.
// SPDX-License-Identifier: MIT

/// The least access tier a server must run in for a tool to exist.
public enum Tier: UInt8, Sendable {
    case readOnly = 1
    case readExecute = 2
    case full = 3
}
