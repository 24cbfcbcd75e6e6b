// What was said of a plugin comes back for the same file only.
// SPDX-License-Identifier: MIT

import Foundation
import PluginLoader
import Testing

@testable import Host

@Suite("The cache of verdicts")
struct VerdictCacheTests {
    private let home: String
    private let stamp: FileStamp
    private let report = ProbeReport(
        description: Array(#"{"category":"good","tools":[]}"#.utf8), refusals: ["one", "two \"quoted\""])

    init() throws {
        var template = Array("/tmp/pve-cache-XXXXXX".utf8CString)
        home = try #require(mkdtemp(&template).map { String(cString: $0) })
        stamp = try #require(FileExamination(home).stamp)
    }

    private var cache: VerdictCache { VerdictCache(environment: ["HOME": home]) }

    private func key(path: String = "/p", category: String = "good", sha256: String = "00", host: String = "1")
        -> VerdictKey
    {
        VerdictKey(path: path, category: category, stamp: stamp, sha256: sha256, host: host)
    }

    @Test func whatWasKeptComesBack() {
        #expect(cache.report(for: key()) == nil)
        #expect(cache.keep(report, for: key()))
        #expect(cache.report(for: key()) == report)
        #expect(cache.keep(ProbeReport(description: report.description, refusals: []), for: key()))
        #expect(cache.report(for: key())?.refusals == [])
    }

    @Test func itComesBackForTheSameFileAlone() {
        #expect(cache.keep(report, for: key()))
        for other in [key(path: "/q"), key(category: "bad"), key(sha256: "01"), key(host: "2")] {
            #expect(cache.report(for: other) == nil)
        }
    }

    @Test func noPlaceIsNoFault() {
        for environment in [[:], ["HOME": "relative"], ["XDG_CACHE_HOME": ""], ["HOME": "/proc/nothing"]] {
            #expect(!VerdictCache(environment: environment).keep(report, for: key()))
            #expect(VerdictCache(environment: environment).report(for: key()) == nil)
        }
    }

    @Test func theCachesFolderComesBeforeTheHome() {
        #expect(CacheDirectory.place(["HOME": "/h"])?.path == "/h/.cache/pve-mcp/verdicts")
        #expect(CacheDirectory.place(["HOME": "/h", "XDG_CACHE_HOME": "/x"])?.path == "/x/pve-mcp/verdicts")
        #expect(CacheDirectory.place(["HOME": "/h", "XDG_CACHE_HOME": "x"])?.path == "/h/.cache/pve-mcp/verdicts")
    }

    @Test func aFullCacheIsEmptied() throws {
        let place = try #require(CacheDirectory.place(["HOME": home]))
        let directory = try #require(CacheDirectory.open(place, creates: true))
        for number in 0..<CacheDirectory.fileLimit { #expect(directory.write("entry\(number)", [1])) }
        #expect(directory.write("last", [2]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["last"])
        #expect(directory.read("last") == [2])
    }
}
