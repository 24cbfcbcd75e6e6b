// Reads small files whole.
// SPDX-License-Identifier: MIT

import Glibc

enum TextFile {
    /// Why a file is not read.
    enum Fault: Error, Equatable {
        /// With the text of errno.
        case unreadable(String)
        case notRegular

        /// What stands after the file's name in a message.
        var phrase: String {
            switch self {
            case .unreadable(let why): "cannot be read: \(why)"
            case .notRegular: "is not a regular file"
            }
        }
    }

    /// The bytes of a secret's file, which may be a pipe, and whether other users can read it too.
    static func readSecret(_ path: String) throws(Fault) -> (bytes: [UInt8], isOpenToOthers: Bool) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(lastError) }
        defer { close(descriptor) }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard let bytes = read(descriptor) else { throw .unreadable(lastError) }
        return (bytes, isFile && status.st_mode & 0o044 != 0)
    }

    /// The bytes of a regular file; nothing else is waited for.
    static func readRegular(_ path: String) throws(Fault) -> [UInt8] {
        let (descriptor, _) = try openRegular(path)
        defer { close(descriptor) }
        guard let bytes = read(descriptor) else { throw .unreadable(lastError) }
        return bytes
    }

    /// Opens a regular file and says what it is. The descriptor is the caller's to close.
    static func openRegular(_ path: String) throws(Fault) -> (descriptor: Int32, status: stat) {
        // Opening a pipe would wait for somebody to write.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(lastError) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notRegular
        }
        return (descriptor, status)
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
