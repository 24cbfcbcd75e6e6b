// Whether a file can have been put in place, or be changed, by somebody other than root and the user.
// SPDX-License-Identifier: MIT

import Glibc

/// Checks files and the directories above them. Directories are looked at once.
///
/// A directory is trusted when root or the user owns it and nobody else may write to it, and so are all above it. Above
/// the plugin directory, one that others may write to is trusted if it is sticky and root's, as /tmp is: in it nobody
/// can rename or remove what another owns. As a plugin directory it is not, since anybody could add plugins.
struct FileTrust {
    private let user = geteuid()
    private var directories: [String: RefusalReason?] = [:]

    /// A plugin file that may be loaded.
    struct TrustedFile {
        /// Free of symbolic links.
        let path: String
        let owner: uid_t
        /// The owner of the directory it was found in.
        let directoryOwner: uid_t
    }

    /// The file `name` in `directory`, which is absolute and free of symbolic links. The checks are in the order in
    /// which somebody would put things right: what the file is, whose it is, then the way to it.
    mutating func check(_ name: String, in directory: String) throws(RefusalReason) -> TrustedFile {
        let listed = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
        var path = listed
        var status = try FileTrust.status(listed)
        if FileTrust.kind(status) == S_IFLNK {
            guard let resolved = realpath(listed, nil) else { throw .unreadable(path: listed, errno: errno) }
            path = String(cString: resolved)
            free(resolved)
            guard path.hasPrefix(directory == "/" ? "/" : directory + "/") else { throw .leadsOut(target: path) }
            status = try FileTrust.status(path)
        }
        guard FileTrust.kind(status) == S_IFREG else { throw .notRegularFile }
        try checkAccess(path, status)
        let home = try FileTrust.status(directory)
        try checkAccess(directory, home)
        if let reason = checkParents(of: path) { throw reason }
        return TrustedFile(path: path, owner: status.st_uid, directoryOwner: home.st_uid)
    }

    private func checkAccess(_ path: String, _ status: stat) throws(RefusalReason) {
        guard status.st_uid == 0 || status.st_uid == user else { throw .foreignOwner(path: path, uid: status.st_uid) }
        if status.st_mode & 0o022 != 0 { throw .writableByOthers(path: path, mode: UInt32(status.st_mode & 0o7777)) }
    }

    /// What is wrong with a directory above `path`, the nearest first.
    private mutating func checkParents(of path: String) -> RefusalReason? {
        guard let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        if let known = directories[parent] { return known }
        let reason = checkAncestor(parent) ?? checkParents(of: parent)
        directories[parent] = .some(reason)
        return reason
    }

    private func checkAncestor(_ path: String) -> RefusalReason? {
        do throws(RefusalReason) {
            let status = try FileTrust.status(path)
            if FileTrust.isSharedSafely(status) { return nil }
            try checkAccess(path, status)
            return nil
        } catch {
            return error
        }
    }

    /// A directory like /tmp, in which nobody can rename or remove what another owns.
    static func isSharedSafely(_ status: stat) -> Bool { status.st_uid == 0 && status.st_mode & S_ISVTX != 0 }

    static func status(_ path: String) throws(RefusalReason) -> stat {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
        return status
    }

    static func kind(_ status: stat) -> mode_t { status.st_mode & S_IFMT }
}
