// A private directory of small files that may be lost at any time.
// SPDX-License-Identifier: MIT

import Glibc

/// A directory that belongs to the user and is closed to everybody else. Files are found through its descriptor.
final class CacheDirectory {
    /// Larger files are not read.
    static let sizeLimit = 8 << 20
    /// With more files than that it is emptied before another is written.
    static let fileLimit = 512

    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Where verdicts are kept; nil when the environment names no place.
    static func place(_ environment: [String: String]) -> (base: String, path: String)? {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return (cache, "\(cache)/pve-mcp/verdicts")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return ("\(home)/.cache", "\(home)/.cache/pve-mcp/verdicts")
    }

    /// Opens the directory, and makes it when `creates`; nil when it cannot be used.
    static func open(_ place: (base: String, path: String), creates: Bool) -> CacheDirectory? {
        if creates {
            mkdir(place.base, 0o700)
            mkdir("\(place.base)/pve-mcp", 0o700)
            mkdir(place.path, 0o700)
        }
        let descriptor = Glibc.open(place.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let directory = CacheDirectory(descriptor: descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            return nil
        }
        return directory
    }

    /// The bytes of a file that only the user can have written.
    func read(_ name: String) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0, status.st_nlink == 1, status.st_size <= CacheDirectory.sizeLimit
        else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= CacheDirectory.sizeLimit {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        return nil
    }

    /// Puts a file in place of the one of that name, whole or not at all. False when that cannot be done.
    func write(_ name: String, _ bytes: [UInt8]) -> Bool {
        guard bytes.count <= CacheDirectory.sizeLimit else { return false }
        makeRoom()
        let draft = ".\(name).\(getpid())"
        unlinkat(descriptor, draft, 0)
        let file = openat(descriptor, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        close(file)
        // A directory, or whatever else holds the name, gives way if it can.
        if rest.isEmpty, renameat(descriptor, draft, descriptor, name) == 0 { return true }
        unlinkat(descriptor, draft, 0)
        return false
    }

    private func makeRoom() {
        let names = names
        guard names.count >= CacheDirectory.fileLimit else { return }
        for name in names { unlinkat(descriptor, name, 0) }
    }

    private var names: [String] {
        // The stream gets a descriptor of its own: reading moves on in it, and closing the stream closes it.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
