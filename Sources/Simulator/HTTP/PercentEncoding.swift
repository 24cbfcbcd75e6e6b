// Percent-encoding of URLs and forms.
// SPDX-License-Identifier: MIT

enum PercentEncoding {
    /// Decodes `%41`; with `plus`, `+` means a blank as in forms. What is no code stays as it is.
    static func decode(_ text: some StringProtocol, plus: Bool = false) -> String {
        var out: [UInt8] = []
        var bytes = ArraySlice(Array(text.utf8))
        out.reserveCapacity(bytes.count)
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%"), bytes.count >= 2, let high = digit(bytes[bytes.startIndex]),
                let low = digit(bytes[bytes.startIndex + 1])
            {
                out.append(high << 4 | low)
                bytes = bytes.dropFirst(2)
            } else {
                out.append(plus && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
