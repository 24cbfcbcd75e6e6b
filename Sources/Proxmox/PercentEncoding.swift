// Percent-encoding of what goes into addresses and forms.
// SPDX-License-Identifier: MIT

enum PercentEncoding {
    /// Appends `text` with everything encoded but letters, digits and `-._~` (RFC 3986, unreserved).
    ///
    /// So a `/` inside a path value stays inside its segment, and `;`, which Proxmox VE also takes for a separator of
    /// form pairs, stays inside its value.
    static func append(_ text: String, to out: inout [UInt8]) {
        for byte in text.utf8 { append(byte, to: &out) }
    }

    static func encode(_ text: String) -> String {
        var out: [UInt8] = []
        append(text, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func append(_ byte: UInt8, to out: inout [UInt8]) {
        if isUnreserved(byte) { return out.append(byte) }
        out.append(UInt8(ascii: "%"))
        out.append(digit(byte >> 4))
        out.append(digit(byte & 15))
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
