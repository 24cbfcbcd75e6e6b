// Everything that is wrong with a plugin's file and the way to it, not only the first of it.
// SPDX-License-Identifier: MIT

import Glibc

/// What a file is before anything of it is read, and every reason not to load it.
public struct FileExamination: Sendable {
    /// Absolute and free of symbolic links, as far as there is a file.
    public let path: String
    /// Nil when there is no file.
    public let stamp: FileStamp?
    /// In the order in which somebody would put things right. The host loads it only when there are none.
    public let reasons: [RefusalReason]

    /// Looks at the file at `path`, which is absolute.
    public init(_ path: String) {
        var reasons: [RefusalReason] = []
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let name = path[slash...].drop { $0 == "/" }
        guard let resolved = FileExamination.resolved(folder) else {
            self.init(path: path, stamp: nil, reasons: [.unreadable(path: folder, errno: errno)])
            return
        }
        let directory = resolved == "/" ? "" : resolved
        var file = "\(directory)/\(name)"
        do throws(RefusalReason) {
            var status = try FileTrust.status(file)
            if FileTrust.kind(status) == S_IFLNK {
                guard let target = FileExamination.resolved(file) else {
                    throw .unreadable(path: file, errno: errno)
                }
                if !target.hasPrefix(directory + "/") { reasons.append(.leadsOut(target: target)) }
                file = target
                status = try FileTrust.status(file)
            }
            if FileTrust.kind(status) != S_IFREG { reasons.append(.notRegularFile) }
            reasons += FileTrust.faults(file, status)
            reasons += FileTrust.faults(ofDirectory: resolved, isAncestor: false)
            for ancestor in FileExamination.ancestors(of: file) where ancestor != resolved {
                reasons += FileTrust.faults(ofDirectory: ancestor, isAncestor: true)
            }
            self.init(path: file, stamp: FileStamp(status), reasons: reasons)
        } catch {
            self.init(path: file, stamp: nil, reasons: reasons + [error])
        }
    }

    private init(path: String, stamp: FileStamp?, reasons: [RefusalReason]) {
        self.path = path
        self.stamp = stamp
        self.reasons = reasons
    }

    /// Every reason not to trust a directory in which libraries are looked for. One that is not there is as safe as the
    /// place where it could be made.
    public static func faults(ofLibraryDirectory path: String) -> [RefusalReason] {
        guard let existing = ([path] + ancestors(of: path)).lazy.compactMap({ resolved($0) }).first else { return [] }
        return FileTrust.faults(ofDirectory: existing, isAncestor: false)
            + ancestors(of: existing).filter { $0 != existing }.flatMap {
                FileTrust.faults(ofDirectory: $0, isAncestor: true)
            }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The directories above `path`, the nearest first.
    private static func ancestors(of path: String) -> [String] {
        var ancestors: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            ancestors.append(rest.isEmpty ? "/" : String(rest))
        }
        return ancestors
    }
}

extension FileTrust {
    /// Every fault of a directory: of one with plugins, or of one above it.
    static func faults(ofDirectory path: String, isAncestor: Bool) -> [RefusalReason] {
        do throws(RefusalReason) {
            let status = try status(path)
            if isAncestor, isSharedSafely(status) { return [] }
            return faults(path, status)
        } catch {
            return [error]
        }
    }

    /// Owner, then mode.
    static func faults(_ path: String, _ status: stat) -> [RefusalReason] {
        var faults: [RefusalReason] = []
        if status.st_uid != 0, status.st_uid != geteuid() {
            faults.append(.foreignOwner(path: path, uid: status.st_uid))
        }
        if status.st_mode & 0o022 != 0 {
            faults.append(.writableByOthers(path: path, mode: UInt32(status.st_mode & 0o7777)))
        }
        return faults
    }
}
