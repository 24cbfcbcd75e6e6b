// A plugin's file read whole, and what it was when it was read.
// SPDX-License-Identifier: MIT

import Glibc

/// Which file it is and whether it has been changed: what a verdict about it depends on.
public struct FileStamp: Equatable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    public let size: Int64
    /// Nanoseconds since 1970.
    public let modified: Int64
    /// When it, its owner or its mode last changed, in the same unit; no program can set it.
    public let changed: Int64
    public let owner: UInt32
    /// The permission bits.
    public let mode: UInt32

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = FileStamp.nanoseconds(status.st_mtim)
        changed = FileStamp.nanoseconds(status.st_ctim)
        owner = status.st_uid
        mode = UInt32(status.st_mode & 0o7777)
    }

    /// A time that does not fit counts as the end of time; it can be read from a hostile file system.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (scaled, isTooFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = scaled.addingReportingOverflow(Int64(time.tv_nsec))
        return isTooFar || isBeyond ? Int64.max : sum
    }
}

/// The bytes of a regular file with its stamp.
public struct FileBytes: Sendable {
    public let bytes: [UInt8]
    public let stamp: FileStamp

    /// More than any plugin needs; larger ones are not looked at.
    public static let limit = 256 << 20

    /// Reads `path`, which is free of symbolic links. A file that changes meanwhile is read again, and refused when it
    /// does not come to rest.
    public init(_ path: String) throws(RefusalReason) {
        for _ in 0..<3 {
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegularFile }
            let before = FileStamp(status)
            guard before.size <= Int64(FileBytes.limit) else { throw .tooLarge(limit: FileBytes.limit) }
            let read = try FileBytes.read(descriptor, path, Int(before.size))
            guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
            if FileStamp(status) == before, read.count == Int(before.size) {
                (bytes, stamp) = (read, before)
                return
            }
        }
        throw .unreadable(path: path, errno: EBUSY)
    }

    private static func read(_ descriptor: Int32, _ path: String, _ size: Int) throws(RefusalReason) -> [UInt8] {
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                // The buffer has `size` bytes, of which `count` are filled.
                let more = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if more < 0, errno == EINTR { continue }
                if more < 0 { number = errno }
                guard more > 0 else { return }
                count += more
            }
        }
        if number != 0 { throw .unreadable(path: path, errno: number) }
        return bytes
    }
}
