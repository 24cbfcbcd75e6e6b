// Everything that is wrong with a file and the way to it.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

@Suite("Examining plugin files")
struct ExaminationTests {
    private let workshop: Workshop
    private let file: String

    init() throws {
        workshop = try Workshop()
        file = try workshop.fixture("good")
    }

    @Test func aFileInOrderHasNoFaultAndAStamp() throws {
        let examination = FileExamination(file)
        #expect(examination.reasons == [])
        #expect(examination.path == file)
        let stamp = try #require(examination.stamp)
        #expect(stamp.mode == 0o755 && stamp.owner == geteuid())
        #expect(try FileBytes(file).stamp == stamp)
    }

    @Test func everyFaultIsNamedTheNearestFirst() throws {
        let base = (workshop.path as NSString).deletingLastPathComponent
        chmod(file, 0o777)
        chmod(workshop.path, 0o775)
        chmod(base, 0o757)
        #expect(
            FileExamination(file).reasons == [
                .writableByOthers(path: file, mode: 0o777), .writableByOthers(path: workshop.path, mode: 0o775),
                .writableByOthers(path: base, mode: 0o757),
            ])
    }

    @Test func aLinkIsFollowedAndMayNotLeadOut() throws {
        let inside = workshop.path + "/libpve-inside.so"
        try FileManager.default.createSymbolicLink(atPath: inside, withDestinationPath: file)
        #expect(FileExamination(inside).reasons == [])
        #expect(FileExamination(inside).path == file)
        let outer = try workshop.fixture("outer", in: workshop.outside)
        let link = workshop.path + "/libpve-outer.so"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: outer)
        #expect(FileExamination(link).reasons == [.leadsOut(target: outer)])
    }

    @Test func whatIsNotThereIsSaid() {
        let missing = workshop.path + "/libpve-missing.so"
        #expect(FileExamination(missing).reasons == [.unreadable(path: missing, errno: ENOENT)])
        #expect(FileExamination(missing).stamp == nil)
        #expect(FileExamination("/nonexistent/a/b.so").reasons == [.unreadable(path: "/nonexistent/a", errno: ENOENT)])
    }

    @Test func aFolderIsNoFile() {
        #expect(FileExamination(workshop.path).reasons.contains(.notRegularFile))
    }

    @Test func aFolderForLibrariesIsJudgedWhereItIsOrCouldBeMade() {
        #expect(FileExamination.faults(ofLibraryDirectory: workshop.path) == [])
        #expect(FileExamination.faults(ofLibraryDirectory: "/tmp/nobody-made-this/yet").count == 1)
        chmod(workshop.outside, 0o777)
        #expect(
            FileExamination.faults(ofLibraryDirectory: workshop.outside + "/later")
                == [.writableByOthers(path: workshop.outside, mode: 0o777)])
    }
}
