// Reads small files whole.
// SPDX-License-Identifier: MIT

import Glibc

enum TextFile {
    /// The bytes of a file of at most 1 MiB; nil when it cannot be read, with errno saying why.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return read(descriptor)
    }

    /// What is left to read of an open descriptor, at most 1 MiB.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    /// The text of errno.
    static var lastError: String { String(cString: strerror(errno)) }
}
