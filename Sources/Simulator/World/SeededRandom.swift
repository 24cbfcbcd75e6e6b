// Numbers that look random and depend on the seed alone.
// SPDX-License-Identifier: MIT

/// SplitMix64: a generator of one word of state, and the same mixing as a function of its inputs.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Scatters the bits of a number.
    static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// `count` hexadecimal digits, lower case.
    mutating func hex(_ count: Int) -> String {
        var text = ""
        while text.utf8.count < count { text += next().hex(16) }
        return String(text.prefix(count))
    }

    /// A version 4 UUID.
    mutating func uuid() -> String {
        let digits = hex(30)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 15, 18].contains(index) { text += "-" }
            if index == 12 { text += "4" }
            if index == 15 { text += "9" }
            text.append(digit)
        }
        return text
    }

    /// A MAC address with the prefix Proxmox has registered.
    mutating func mac() -> String {
        let digits = Array(hex(6).uppercased())
        return "BC:24:11:\(digits[0])\(digits[1]):\(digits[2])\(digits[3]):\(digits[4])\(digits[5])"
    }
}

extension FixedWidthInteger {
    /// Hexadecimal digits, filled up with zeros on the left.
    func hex(_ width: Int, uppercase: Bool = false) -> String {
        let digits = String(self, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
