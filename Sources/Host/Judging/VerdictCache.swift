// What child processes said of strangers' plugins, so that each file is looked at once.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

/// Which file was looked at, and by which host: when any of it differs, it is looked at again.
struct VerdictKey: Equatable {
    let path: String
    let category: String
    let stamp: FileStamp
    /// Of the file's bytes, in hexadecimal digits.
    let sha256: String
    /// The program that looked: its version and its file.
    let host: String

    /// The name of the cache's file: one for each path and category.
    var name: String? { Digest("verdict", path, category)?.hex }
}

/// Reports of plugins that passed, kept in files.
///
/// Failures are not kept: a crash or a hang may have been the machine's, and a file that is refused is
/// put right by changing it. Nothing in here is trusted more than the plugin: what it opens is checked again.
struct VerdictCache {
    private static let format: Int64 = 1

    private let environment: [String: String]

    init(environment: [String: String]) { self.environment = environment }

    /// What was said of the file; nil when nothing is known, or what is there cannot be trusted.
    func report(for key: VerdictKey) -> ProbeReport? {
        guard let place = CacheDirectory.place(environment), let name = key.name,
            let bytes = CacheDirectory.open(place, creates: false)?.read(name),
            let root = try? JSONDocument(bytes).root, root["format"]?.int == VerdictCache.format,
            root["path"]?.string == key.path, root["category"]?.string == key.category,
            root["device"]?.string == "\(key.stamp.device)", root["inode"]?.string == "\(key.stamp.inode)",
            root["size"]?.int == key.stamp.size, root["mtime_ns"]?.int == key.stamp.modified,
            root["ctime_ns"]?.int == key.stamp.changed, root["sha256"]?.string == key.sha256,
            root["host"]?.string == key.host, let report = root["report"],
            case .passed(let kept)? = ProbeReport.result(json: report.raw)
        else { return nil }
        return kept
    }

    /// Keeps what was said of the file. False when it cannot be kept.
    func keep(_ report: ProbeReport, for key: VerdictKey) -> Bool {
        guard let place = CacheDirectory.place(environment), let name = key.name,
            let directory = CacheDirectory.open(place, creates: true)
        else { return false }
        var writer = JSONWriter(reserving: report.description.count + 1024)
        writer.object {
            $0.member("format", VerdictCache.format)
            $0.member("path", key.path)
            $0.member("category", key.category)
            // Numbers of 64 bits without a sign.
            $0.member("device", "\(key.stamp.device)")
            $0.member("inode", "\(key.stamp.inode)")
            $0.member("size", key.stamp.size)
            $0.member("mtime_ns", key.stamp.modified)
            $0.member("ctime_ns", key.stamp.changed)
            $0.member("sha256", key.sha256)
            $0.member("host", key.host)
            $0.member("report", raw: Array(report.json.utf8))
        }
        return directory.write(name, writer.bytes)
    }
}
