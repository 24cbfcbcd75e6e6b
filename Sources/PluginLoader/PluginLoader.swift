// Finds plugins, looks at them, opens those wanted and says why it did not take the others.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// Loads the plugins of a process. Used once, on the main thread, before any tool runs.
///
/// Files of categories that are not selected are listed by name and never opened. A refused file or tool stops nothing
/// else. What is open stays open: tools hold pointers into it.
public final class PluginLoader {
    /// Looks at a file (path, category) in another process, which says what it is.
    public typealias Probe = (_ file: String, _ category: String) -> ProbeResult

    private let directories: [PluginDirectory]
    private let selection: CategorySelection
    private let isolation: IsolationSelection
    private let manifestTiers: [String: UInt8]
    private let hostTable: UnsafePointer<pve_host>
    private let isSafeMode: Bool
    private let probe: Probe?

    private var trust = FileTrust()
    private var inventory = PluginInventory()
    /// Which file a tool's name came from.
    private var toolOwners: [String: String] = [:]

    /// `hostTable` is handed to plugins, which may keep it: it must live as long as the process. Its `features` decide
    /// which bodies are admitted. `probe` is asked about plugins that are not first-party, or are isolated; without it
    /// the latter are refused. In safe mode plugins that are not first-party are left out.
    public init(
        directories: [PluginDirectory], selection: CategorySelection, isolation: IsolationSelection = .init(nil),
        manifestTiers: [String: UInt8] = [:], hostTable: UnsafePointer<pve_host>, isSafeMode: Bool = false,
        probe: Probe? = nil
    ) {
        self.directories = directories
        self.selection = selection
        self.isolation = isolation
        self.manifestTiers = manifestTiers
        self.hostTable = hostTable
        self.isSafeMode = isSafeMode
        self.probe = probe
    }

    /// Loads everything selected. Throws when there is no plugin directory or a category that does not exist is named.
    public func load() throws(SelectionError) -> PluginInventory {
        inventory = PluginInventory()
        toolOwners = [:]
        let listings = try list()
        var candidates: [String: [Candidate]] = [:]
        for listing in listings {
            for name in listing.names {
                if let category = PluginFileName.category(name) {
                    candidates[category, default: []].append(Candidate(name: name, listing: listing))
                } else {
                    let file = Candidate(name: name, listing: listing).file
                    inventory.refusals.append(Refusal(file: file, category: nil, reason: .badFileName(name)))
                }
            }
        }
        let categories = CategorySelection.order(candidates.keys)
        try selection.check(found: categories, in: listings.map(\.path))
        try isolation.check(found: categories)
        for category in categories {
            let files = candidates[category] ?? []
            if selection.admits(category) {
                load(category, from: files)
            } else {
                inventory.unselected += files.map { FoundFile(category: category, file: $0.file) }
            }
        }
        return inventory
    }

    private struct Candidate {
        let name: String
        let listing: DirectoryListing

        var file: String { listing.path == "/" ? "/\(name)" : "\(listing.path)/\(name)" }
    }

    /// Reads the directories that are there, each once.
    private func list() throws(SelectionError) -> [DirectoryListing] {
        var listings: [DirectoryListing] = []
        for directory in directories {
            do throws(RefusalReason) {
                guard let listing = try DirectoryListing(directory) else { continue }
                if !listings.contains(where: { $0.identity == listing.identity }) { listings.append(listing) }
            } catch {
                inventory.refusals.append(Refusal(file: directory.path, category: nil, reason: error))
            }
        }
        if listings.isEmpty && inventory.refusals.isEmpty {
            let places = directories.map(\.path).joined(separator: ", ")
            throw SelectionError(
                message: "there is no plugin directory; looked for \(places.isEmpty ? "none" : places). Install the "
                    + "plugins, or name their directory with PVE_PLUGIN_PATH or --plugin-dir")
        }
        return listings
    }

    /// Takes the first of `files` that can be loaded; files after it come too late.
    private func load(_ category: String, from files: [Candidate]) {
        var holder: String?
        for candidate in files {
            do throws(RefusalReason) {
                if let holder { throw .categoryTaken(by: holder) }
                let plugin = try open(candidate, category)
                inventory.plugins.append(plugin)
                holder = candidate.file
            } catch {
                let refusal = Refusal(file: candidate.file, category: category, reason: error)
                if error == .safeMode { inventory.leftOut.append(refusal) } else { inventory.refusals.append(refusal) }
            }
        }
    }

    private func open(_ candidate: Candidate, _ category: String) throws(RefusalReason) -> Plugin {
        let file = try trust.check(candidate.name, in: candidate.listing.path)
        let isManifest = PluginFileName.isManifest(candidate.name)
        let isFirstParty = !isManifest && candidate.listing.isFirstParty && file.owner == file.directoryOwner
        if isSafeMode, !isFirstParty { throw .safeMode }
        if isManifest {
            if CategorySelection.standardCategories.contains(category) { throw .standardCategory }
        } else {
            try SharedObject.check(file.path)
        }
        let isIsolated = isManifest || isolation.admits(category, isFirstParty: isFirstParty)
        let report = isIsolated || !isFirstParty ? try look(file.path, category, isNeeded: isIsolated) : nil
        let library: PluginLibrary
        if isManifest {
            library = try PluginLibrary(image: try manifest(file.path), file.path, category)
        } else if isIsolated, let report {
            library = try PluginLibrary(image: try report.image(), file.path, category)
        } else {
            library = try PluginLibrary(file.path, category, hostTable)
        }
        var plugin = try library.plugin(isFirstParty: isFirstParty)
        plugin.isIsolated = isIsolated
        plugin.isManifest = isManifest
        var refused = try library.checkTools(&plugin, features: hostTable.pointee.features, owners: &toolOwners)
        // What this process knows from the description alone lacks the tools that were refused where it was made.
        if isIsolated, !isManifest { refused += report?.refusals.map { .probe(.refused($0)) } ?? [] }
        inventory.refusals += refused.map { Refusal(file: candidate.file, category: category, reason: $0) }
        return plugin
    }

    private func look(
        _ file: String, _ category: String, isNeeded: Bool
    ) throws(RefusalReason) -> ProbeReport? {
        guard let probe else {
            if isNeeded { throw .probe(.cannotStart(errno: ENOSYS)) }
            return nil
        }
        switch probe(file, category) {
        case .passed(let report): return report
        case .failed(let failure, let words): throw .probe(failure, lastWords: words)
        }
    }

    /// The tools of a manifest, whose library is opened elsewhere only. An absolute path to one must be as safe as the way
    /// to a plugin.
    private func manifest(_ file: String) throws(RefusalReason) -> UnsafePointer<pve_plugin> {
        let manifest = try Manifest(file: file)
        if let slash = manifest.library.lastIndex(of: "/") {
            guard let folder = realpath(String(manifest.library[..<slash]) + "/", nil) else {
                throw .unreadable(path: manifest.library, errno: errno)
            }
            defer { free(folder) }
            let name = String(manifest.library[manifest.library.index(after: slash)...])
            _ = try trust.check(name, in: String(cString: folder))
        }
        do throws(DescriptionFault) {
            return try manifest.descriptor(tiers: manifestTiers)
        } catch {
            throw .badManifest(error.message)
        }
    }

    /// What one file is, when it is opened alone.
    public enum Opening: Sendable {
        /// With the refusals of its tools.
        case plugin(Plugin, [Refusal])
        case refused(Refusal)
    }

    /// Opens one file as a plugin of `category`, whatever its name and place: for the child process that looks at a
    /// stranger's. `file` is an absolute path.
    public static func open(file: String, category: String, hostTable: UnsafePointer<pve_host>) -> Opening {
        do throws(RefusalReason) {
            guard PluginFileName.isCategory(category) else { throw .badFileName(category) }
            let library: PluginLibrary
            if PluginFileName.isManifest(file) {
                library = try PluginLibrary(manifest: file, category)
            } else {
                try SharedObject.check(file)
                library = try PluginLibrary(file, category, hostTable)
            }
            var plugin = try library.plugin(isFirstParty: false)
            var owners: [String: String] = [:]
            let refused = try library.checkTools(&plugin, features: hostTable.pointee.features, owners: &owners)
            return .plugin(plugin, refused.map { Refusal(file: file, category: category, reason: $0) })
        } catch {
            return .refused(Refusal(file: file, category: category, reason: error))
        }
    }
}
