// Whether a parameter's pattern is a regular expression at all: the host shows it in schemas, and clients compile it.
// SPDX-License-Identifier: MIT

/// What makes a pattern no regular expression.
public enum PatternFault: Equatable, Sendable {
    case unclosedGroup
    case unopenedGroup
    case unknownGroup
    case unclosedClass
    case nothingToRepeat
    /// `{3,1}` or `[z-a]`.
    case reversed
    case danglingBackslash
}

/// Reads a pattern of ECMA 262, with the leniency that its Annex B gives: a brace that counts nothing is a brace.
struct PatternSyntax {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    /// Whether what was read last can be followed by `*`, `+`, `?` or a count.
    private var isRepeatable = false

    static func fault(in pattern: String) -> PatternFault? {
        var reader = PatternSyntax(scalars: Array(pattern.unicodeScalars))
        do throws(Stop) {
            try reader.read()
            return nil
        } catch {
            return error.fault
        }
    }

    private struct Stop: Error { let fault: PatternFault }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        scalars.indices.contains(position + ahead) ? scalars[position + ahead] : nil
    }

    private mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        position += 1
        return scalar
    }

    private mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func read() throws(Stop) {
        while let scalar = next() {
            switch scalar {
            case "\\":
                guard let escaped = next() else { throw Stop(fault: .danglingBackslash) }
                isRepeatable = escaped != "b" && escaped != "B"
            case "[":
                try readClass()
                isRepeatable = true
            case "(": try openGroup()
            case ")":
                guard depth > 0 else { throw Stop(fault: .unopenedGroup) }
                depth -= 1
                isRepeatable = true
            case "|", "^", "$": isRepeatable = false
            case "*", "+", "?": try repeated()
            case "{": if let count = count() { try repeated(count) } else { isRepeatable = true }
            default: isRepeatable = true
            }
        }
        guard depth == 0 else { throw Stop(fault: .unclosedGroup) }
    }

    private mutating func openGroup() throws(Stop) {
        depth += 1
        isRepeatable = false
        guard take("?") else { return }
        for kind in [":", "=", "!", "<=", "<!"] where take(kind) { return }
        guard take("<"), let end = scalars[position...].firstIndex(of: ">"), end > position else {
            throw Stop(fault: .unknownGroup)
        }
        position = end + 1
    }

    private mutating func repeated(_ count: (low: Int, high: Int)? = nil) throws(Stop) {
        guard isRepeatable else { throw Stop(fault: .nothingToRepeat) }
        if let count, count.low > count.high { throw Stop(fault: .reversed) }
        _ = take("?")
        isRepeatable = false
    }

    /// The rest of `{n}`, `{n,}` or `{n,m}`; nil, and nothing read, when the brace begins none of them.
    private mutating func count() -> (low: Int, high: Int)? {
        let start = position
        if let low = number() {
            var high: Int? = low
            if take(",") { high = peek() == "}" ? .max : number() }
            if let high, take("}") { return (low, high) }
        }
        position = start
        return nil
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = peek(), ("0"..."9").contains(digit) {
            position += 1
            // Beyond all sense it grows no more.
            value = min((value ?? 0) * 10 + Int(digit.value) - 48, 1 << 40)
        }
        return value
    }

    private mutating func readClass() throws(Stop) {
        _ = take("^")
        while true {
            guard peek() != nil else { throw Stop(fault: .unclosedClass) }
            if take("]") { return }
            let first = try classMember()
            guard peek() == "-", peek(1) != "]", peek(1) != nil else { continue }
            position += 1
            if let first, let last = try classMember(), first > last { throw Stop(fault: .reversed) }
        }
    }

    /// One member of a class; nil when it is more than one character or its number is written out.
    private mutating func classMember() throws(Stop) -> Unicode.Scalar? {
        let scalar = next()
        guard scalar == "\\" else { return scalar }
        guard let escaped = next() else { throw Stop(fault: .danglingBackslash) }
        let isLetter = ("a"..."z").contains(escaped) || ("A"..."Z").contains(escaped) || ("0"..."9").contains(escaped)
        return isLetter ? nil : escaped
    }
}

extension PatternFault {
    var message: String {
        switch self {
        case .unclosedGroup: "a ( has no )"
        case .unopenedGroup: "a ) has no ("
        case .unknownGroup: "(? is followed by none of : = ! <= <! <name>"
        case .unclosedClass: "a [ has no ]"
        case .nothingToRepeat: "there is nothing that *, +, ? or a count could repeat"
        case .reversed: "a range or a count ends before it begins"
        case .danglingBackslash: "it ends with a \\"
        }
    }
}
