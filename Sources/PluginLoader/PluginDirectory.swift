// A folder that plugins are looked for in.
// SPDX-License-Identifier: MIT

import Glibc

/// Where plugins are looked for.
public struct PluginDirectory: Equatable, Sendable {
    public var path: String
    /// Whether what lies here came with the host: the system directory, or the build's own. Files in it that have
    /// another owner than the directory are strangers all the same.
    public var isFirstParty: Bool

    public init(path: String, isFirstParty: Bool) {
        self.path = path
        self.isFirstParty = isFirstParty
    }
}

/// The names in a directory, read once.
struct DirectoryListing {
    /// Absolute and free of symbolic links.
    let path: String
    let isFirstParty: Bool
    /// Which directory this is, however it is spelled.
    let identity: FileIdentity
    /// Names of the form `libpve-….so`, sorted.
    let names: [String]

    /// Reads `directory`; nil when there is none. Throws the reason when there is one that cannot be read.
    init?(_ directory: PluginDirectory) throws(RefusalReason) {
        guard let resolved = realpath(directory.path, nil) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .unreadable(path: directory.path, errno: errno)
        }
        path = String(cString: resolved)
        free(resolved)
        isFirstParty = directory.isFirstParty
        guard let stream = opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .unreadable(path: path, errno: errno)
        }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(dirfd(stream), &status) == 0 else { throw .unreadable(path: path, errno: errno) }
        identity = FileIdentity(status)
        var names: [String] = []
        while let entry = readdir(stream) {
            // d_name is a fixed array of bytes that holds a NUL-terminated name.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if PluginFileName.isClaim(name) { names.append(name) }
        }
        self.names = names.sorted()
    }
}

/// Device and inode.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// `libpve-<category>.so`, or `pve-<category>.json` for a manifest.
public enum PluginFileName {
    private static let forms = [(prefix: "libpve-", suffix: ".so"), (prefix: "pve-", suffix: ".json")]

    /// Whether a file by that name wants to be a plugin, be it well named or not.
    static func isClaim(_ name: String) -> Bool { claim(name) != nil }

    static func isManifest(_ name: String) -> Bool { name.hasSuffix(forms[1].suffix) }

    /// The category in the name; nil when it is not one.
    static func category(_ name: String) -> String? {
        claim(name).flatMap { isCategory($0) ? String($0) : nil }
    }

    private static func claim(_ name: String) -> Substring? {
        for form in forms where name.hasPrefix(form.prefix) && name.hasSuffix(form.suffix) {
            let category = name.dropFirst(form.prefix.utf8.count).dropLast(form.suffix.utf8.count)
            if name.utf8.count > form.prefix.utf8.count + form.suffix.utf8.count { return category }
        }
        return nil
    }

    /// The category in the name of the file at `path`; nil when it names none.
    public static func category(ofFile path: String) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return isClaim(name) ? category(name) : nil
    }

    /// Whether a text can be a category: 1 to 40 of `a` to `z`, `0` to `9` and `-`.
    public static func isCategory(_ text: some StringProtocol) -> Bool {
        (1...40).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isLowerOrDigit || $0 == UInt8(ascii: "-") }
    }

    /// The function that a plugin of the category exports.
    public static func entrySymbol(_ category: String) -> String {
        "pve_plugin_" + String(category.map { $0 == "-" ? "_" : $0 })
    }
}
