// Reads the head of a request: the request line and the header fields.
// SPDX-License-Identifier: MIT

/// What the first bytes of a connection, or the bytes after the last request, amount to.
enum HTTPHead {
    /// The end of the head has not come yet.
    case incomplete
    /// Too many or too long header fields: the real server never answers.
    case tooLarge
    /// Not HTTP/1.x.
    case malformed
    /// A head of `length` bytes.
    case complete(HTTPRequest, length: Int)

    /// Header fields: fewer lines, and fewer bytes together, than these.
    static let maximumLines = 64
    static let maximumBytes = 8 * 1024
    /// The request line may be far longer than the header fields.
    static let maximumRequestLine = 128 * 1024

    /// Reads the head at the start of `bytes`, after blank lines a client may have left there.
    static func read(_ bytes: [UInt8]) -> HTTPHead {
        var start = 0
        while start < bytes.count, bytes[start] == 0x0D || bytes[start] == 0x0A { start += 1 }
        guard let lineEnd = bytes[start...].firstIndex(of: 0x0A) else {
            return bytes.count - start > maximumRequestLine ? .tooLarge : .incomplete
        }
        guard var request = requestLine(bytes[start..<lineEnd]) else { return .malformed }
        var position = lineEnd + 1
        while let end = bytes[position...].firstIndex(of: 0x0A) {
            let line = trimmed(bytes[position..<end])
            position = end + 1
            if line.isEmpty { return .complete(request, length: position) }
            guard request.headers.count + 1 < maximumLines, position - lineEnd < maximumBytes else { return .tooLarge }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return .malformed }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let value = String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self)
            request.headers.append((name, value))
        }
        return bytes.count - lineEnd > maximumBytes ? .tooLarge : .incomplete
    }

    private static func requestLine(_ line: ArraySlice<UInt8>) -> HTTPRequest? {
        let words = trimmed(line).split(separator: 0x20)
        guard words.count == 3, words[2].starts(with: "HTTP/1.".utf8), words[2].count == 8 else { return nil }
        guard words[0].allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        let version = words[2].last == UInt8(ascii: "0") ? "1.0" : "1.1"
        return HTTPRequest(
            method: String(decoding: words[0], as: UTF8.self), target: String(decoding: words[1], as: UTF8.self),
            version: version)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let last = rest.last, last == 0x20 || last == 0x09 || last == 0x0D { rest.removeLast() }
        while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        return rest
    }
}
