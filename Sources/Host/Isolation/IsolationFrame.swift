// What goes over the socket between the host and a process that runs a plugin.
// SPDX-License-Identifier: MIT

/// One message: twelve bytes of header (length, kind, number of the call), then the payload.
struct IsolationFrame: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
        // From the host.
        /// `{"tool": …, "arguments": …}`.
        case run = 1
        /// What became of the request of the call.
        case answer = 2
        case cancel = 3
        // From the plugin's process.
        /// The plugin is open.
        case ready = 16
        /// It is not; the payload says why.
        case refused = 17
        case request = 18
        case progress = 19
        /// The call is over: `{"data": …}`, `{"entries": …}`, `{"failure": …}` or `{}`, and `kib`, what is mapped.
        case ended = 20
    }

    static let headerSize = 12
    /// More than the longest line of a client, and than an answer of Proxmox in full.
    static let payloadLimit = 64 << 20

    var kind: Kind
    var call: UInt32
    var payload: [UInt8]

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(IsolationFrame.headerSize + payload.count)
        withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [kind.rawValue, 0, 0, 0])
        withUnsafeBytes(of: call.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: payload)
        return bytes
    }
}

/// Bytes that are no frames: the other side is broken, or hostile.
struct IsolationFault: Error, Equatable {
    let message: String
}

/// Cuts what arrives into frames.
struct IsolationFrames {
    private var buffer: [UInt8] = []
    private var start = 0

    mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

    /// The next whole frame; nil until there is one.
    mutating func next() throws(IsolationFault) -> IsolationFrame? {
        let header = IsolationFrame.headerSize
        guard buffer.count - start >= header else { return compact() }
        let length = Int(number(at: start))
        guard length <= IsolationFrame.payloadLimit else {
            throw IsolationFault(message: "a frame of \(length) bytes, more than \(IsolationFrame.payloadLimit)")
        }
        guard let kind = IsolationFrame.Kind(rawValue: buffer[start + 4]), number(at: start + 4) >> 8 == 0 else {
            throw IsolationFault(message: "a frame of unknown kind \(buffer[start + 4])")
        }
        guard buffer.count - start >= header + length else { return compact() }
        let call = number(at: start + 8)
        let payload = Array(buffer[(start + header)..<(start + header + length)])
        start += header + length
        return IsolationFrame(kind: kind, call: call, payload: payload)
    }

    private func number(at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(buffer[index + $1]) << (8 * UInt32($1)) }
    }

    private mutating func compact() -> IsolationFrame? {
        if start > 0 { buffer.removeFirst(start) }
        start = 0
        return nil
    }
}
