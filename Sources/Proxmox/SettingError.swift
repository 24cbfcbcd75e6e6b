// What is wrong with a setting.
// SPDX-License-Identifier: MIT

/// A setting that cannot be used; the message names what was expected, what was given, and an example.
public struct SettingError: Error, Equatable, Sendable {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }
}
