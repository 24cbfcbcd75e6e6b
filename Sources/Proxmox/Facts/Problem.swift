// What a server would object to in a request.
// SPDX-License-Identifier: MIT

extension Facts {
    /// One thing in a request that does not fit the API.
    public struct Problem: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            case unknownEndpoint, unknownParameter, missing, repeated, wrongType, notAChoice, outOfBounds, wrongLength
        }

        public var kind: Kind
        /// The name as it was sent; nil when it is about the request as a whole.
        public var parameter: String?
        /// What is taken, what was got, and the way out.
        public var text: String
    }

    /// A value for a message, in backquotes and cut to a readable length. Those that may be secret are not shown.
    static func shown(_ value: String, of parameter: String) -> String {
        if mayBeSecret(parameter) { return "a value that is not shown" }
        var line = ""
        for scalar in value.unicodeScalars.prefix(60) {
            line.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return value.unicodeScalars.count > 60 ? "`\(line)…`" : "`\(line)`"
    }

    private static func mayBeSecret(_ parameter: String) -> Bool {
        let name = Array(parameter.lowercased().utf8)
        // The one that is about no secret.
        if name.elementsEqual("keyboard".utf8) { return false }
        return ["pass", "secret", "token", "ticket", "key", "otp", "tfa", "content", "data", "response", "value"]
            .contains {
                name.holds(Array($0.utf8))
            }
    }
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        count >= part.count && (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
