// The path of an endpoint: literal segments and values in braces.
// SPDX-License-Identifier: MIT

/// A template such as `/nodes/{node}/qemu/{vmid}/config`, as bytes.
struct PathTemplate {
    static let limit = 256

    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ path: UnsafePointer<CChar>) { bytes = CText(path, upTo: PathTemplate.limit).bytes }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    private var segments: some Sequence<Slice<UnsafeBufferPointer<UInt8>>> {
        bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }

    /// The first thing wrong with it; nil when it can be sent.
    var fault: PathFault? {
        guard bytes.first == UInt8(ascii: "/") else { return .notRooted }
        for segment in segments {
            guard let first = segment.first, let last = segment.last else { return .emptySegment }
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) { return .dotSegment }
            if first == UInt8(ascii: "{") {
                let name = segment.dropFirst().dropLast()
                guard last == UInt8(ascii: "}"), !name.isEmpty, name.allSatisfy(\.isNameByte) else { return .braces }
            } else {
                for byte in segment where !byte.isNameByte {
                    return byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") ? .braces : .badByte
                }
            }
        }
        return nil
    }

    /// The names in braces, in order, of a template without fault.
    var names: [Slice<UnsafeBufferPointer<UInt8>>] {
        segments.filter { $0.first == UInt8(ascii: "{") }.map { $0.dropFirst().dropLast() }
    }
}
