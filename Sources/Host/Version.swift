// The version of the host.
// SPDX-License-Identifier: MIT

public enum Version {
    /// Semantic version of pve-mcp itself; plugins carry their own.
    public static let text = "0.1.0"
}
