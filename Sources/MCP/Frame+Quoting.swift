// The two byte loops of a frame: quoting a text, and keeping a value on one line.
// SPDX-License-Identifier: MIT

extension [UInt8] {
    /// Appends UTF-8 text as a JSON string.
    mutating func appendQuoted(_ utf8: UnsafeRawBufferPointer) {
        // Counted first, so that the array grows once and the second loop can write without asking.
        var extra = 2
        for byte in utf8 { extra += byte < 0x20 ? 5 : byte == 0x22 || byte == 0x5C ? 1 : 0 }
        append(addingCapacity: utf8.count + extra) { span in
            span.append(0x22)
            for byte in utf8 {
                if byte >= 0x20, byte != 0x22, byte != 0x5C {
                    span.append(byte)
                } else {
                    span.append(0x5C)
                    switch byte {
                    case 0x0A: span.append(UInt8(ascii: "n"))
                    case 0x0D: span.append(UInt8(ascii: "r"))
                    case 0x09: span.append(UInt8(ascii: "t"))
                    case 0x22, 0x5C: span.append(byte)
                    default:
                        span.append(UInt8(ascii: "u"))
                        span.append(UInt8(ascii: "0"))
                        span.append(UInt8(ascii: "0"))
                        span.append(UInt8(ascii: "0") + byte >> 4)
                        let low = byte & 15
                        span.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
                    }
                }
            }
            span.append(0x22)
        }
    }

    /// Appends JSON text with its line breaks turned into blanks: JSON has none inside strings.
    mutating func appendOneLine(_ json: [UInt8]) {
        let start = count
        append(contentsOf: json)
        guard json.contains(0x0A) || json.contains(0x0D) else { return }
        for index in start..<count where self[index] == 0x0A || self[index] == 0x0D { self[index] = 0x20 }
    }
}
