// The gzip format without compression: clients must unwrap it all the same.
// SPDX-License-Identifier: MIT

/// Wraps bytes as gzip (RFC 1952) with stored blocks, so that no compression library is needed.
enum Gzip {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func wrap(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        out.reserveCapacity(bytes.count + bytes.count / 65535 * 5 + 24)
        var start = 0
        repeat {
            let end = min(start + 65535, bytes.count)
            let count = UInt16(end - start)
            out.append(end == bytes.count ? 1 : 0)
            append(count, to: &out)
            append(~count, to: &out)
            out += bytes[start..<end]
            start = end
        } while start < bytes.count
        append(checksum(bytes), to: &out)
        append(UInt32(truncatingIfNeeded: bytes.count), to: &out)
        return out
    }

    /// CRC-32 as in RFC 1952.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        let table = table
        return ~bytes.reduce(0xFFFF_FFFF as UInt32) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }

    private static func append(_ number: some FixedWidthInteger, to out: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { out += $0 }
    }
}

extension HTTPAnswer {
    /// The same answer as gzip, if its body is long enough and the client takes it, or `always`.
    func encoded(for request: HTTPRequest, always: Bool) -> HTTPAnswer {
        let accepted = (request.header("Accept-Encoding") ?? "").lowercased().split(separator: ",").contains {
            $0.split(separator: ";").first.map { $0.filter { $0 != " " } == "gzip" } ?? false
        }
        guard always || accepted && body.count > 1024, !body.isEmpty else { return self }
        var answer = self
        answer.body = Gzip.wrap(body)
        answer.headers.append(("Content-Encoding", "gzip"))
        return answer
    }
}
