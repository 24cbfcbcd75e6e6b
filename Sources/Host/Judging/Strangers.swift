// Looking at strangers' plugins before they are opened: from the cache, or in a child process.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI
import PluginLoader

/// Looks at files that did not come with the host. Nothing of it runs, and nothing is opened, for those that did.
final class Strangers {
    // Made for the first stranger: without one, nothing here costs anything.
    private lazy var probe = PluginProbe(executable: Environment.executable)
    private lazy var cache = VerdictCache(environment: Environment.values)
    /// Files whose account was known from the cache.
    private(set) var known: Set<String> = []

    /// What a file is. `file` is free of symbolic links and has been checked by `FileTrust`.
    func look(at file: String, category: String) -> ProbeResult {
        // What a manifest binds lies in another file, which may change by itself.
        guard !file.hasSuffix(".json"), let key = key(file, category) else { return describe(file, category) }
        if let report = cache.report(for: key) {
            known.insert(file)
            Log.write(.debug, "plugin \(file): known from the cache")
            return .passed(report)
        }
        let result = describe(file, category)
        // A file that has changed meanwhile is not the one that was looked at.
        if case .passed(let report) = result, self.key(file, category) == key, !cache.keep(report, for: key) {
            Log.write(.debug, "plugin \(file): its description cannot be cached")
        }
        return result
    }

    private func describe(_ file: String, _ category: String) -> ProbeResult {
        let (result, words) = probe.look(at: file, category: category)
        Log.write(.debug, "plugin \(file): described in a child process")
        if !words.isEmpty {
            Log.write(.debug, "plugin \(file): it wrote to stderr meanwhile: \(words)")
        }
        return result
    }

    private func key(_ file: String, _ category: String) -> VerdictKey? {
        guard let read = try? FileBytes(file), let digest = Digest(ofFile: read.bytes) else { return nil }
        return VerdictKey(
            path: file, category: category, stamp: read.stamp, sha256: digest.hex, host: Strangers.host)
    }

    /// A new build of the same version may look closer.
    private static var host: String {
        let abi = "\(PVE_ABI_MAJOR).\(PVE_ABI_MINOR)"
        let program = FileExamination(Environment.executable).stamp
        return "\(Version.text) \(abi) \(program.map { "\($0.size)-\($0.modified)-\($0.inode)" } ?? "")"
    }
}
