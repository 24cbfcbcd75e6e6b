// What functions hand over is copied and given back once, and what they get wrong is told.
// SPDX-License-Identifier: MIT

import CNativeFunctions
import Testing

@testable import NativeCall

// The functions count what is not given back, each thread for itself.
@Suite("Ownership in native calls")
struct NativeOwnershipTests {
    /// Calls, and expects as many releases and nothing left over.
    private func call(
        _ function: NativeFunction, _ values: [NativeValue] = [], releases: Int32
    ) -> NativeResult {
        let before = cnative_releases()
        let result = function.call(values)
        #expect(cnative_releases() - before == releases)
        #expect(cnative_held() == 0)
        return result
    }

    @Test func giveOwnedTextBackOnce() throws {
        let own = try function("owned_text", [.init(.text)], .ownedText, isReleased: true)
        #expect(call(own, [try text("mine")], releases: 1) == .text("mine"))
    }

    @Test func giveOwnedTextBackThatCannotBeRead() throws {
        let bad = try function("owned_bad_text", [], .ownedText, isReleased: true)
        #expect(call(bad, releases: 1) == .fault(.notUTF8))
    }

    @Test func haveNothingToGiveBackOfNULL() throws {
        let own = try function("owned_text", [.init(.text, isOptional: true)], .ownedText, isReleased: true)
        #expect(call(own, [.absent], releases: 0) == .fault(.noText))
    }

    @Test func leaveBorrowedTextAlone() throws {
        let same = try function("same_text", [.init(.text)], .text, isReleased: true)
        #expect(call(same, [try text("yours")], releases: 0) == .text("yours"))
    }

    @Test func giveOwnedBytesBackOnce() throws {
        let own = try function("owned_bytes", [], .bytes, isReleased: true)
        #expect(call(own, releases: 1) == .bytes(Array("ab".utf8)))
    }

    @Test func tellTextsThatAreNone() throws {
        #expect(try function("no_text", [], .text).call([]) == .fault(.noText))
        #expect(try function("bad_text", [], .text).call([]) == .fault(.notUTF8))
    }

    @Test func tellBytesThatAreNotThere() throws {
        #expect(try function("no_bytes", [], .bytes).call([]) == .fault(.noBytes(length: 3)))
        #expect(try function("unsaid_bytes", [], .bytes).call([]) == .bytes([]))
        #expect(try function("endless_bytes", [], .bytes).call([]) == .fault(.tooLong))
    }

    @Test func tellAStatus() throws {
        let status = try function("status", [.init(.i32), .init(.text, isOptional: true)], .status, isReleased: true)
        #expect(call(status, [.i32(0), .absent], releases: 0) == .none)
        #expect(call(status, [.i32(-7), try text("no")], releases: 1) == .failure(status: -7, message: "no"))
        #expect(call(status, [.i32(1), .absent], releases: 0) == .failure(status: 1, message: nil))
        // Words about a success are nobody's to read, but they are given back.
        #expect(call(status, [.i32(0), try text("fine")], releases: 1) == .none)
    }

    @Test func leaveWordsAloneThatNobodyReleases() throws {
        let status = try function("plain_status", [.init(.i32)], .status)
        #expect(call(status, [.i32(1)], releases: 0) == .failure(status: 1, message: "the disk is full"))
    }

    @Test func passHandleBytesAndWordsTogether() throws {
        let everything = try function(
            "with_everything", [.init(.bytes), .init(.i32, isOptional: true)], .status, takesHandle: true,
            isReleased: true)
        #expect(
            call(everything, [.bytes(NativeBuffer([9])), .absent], releases: 1)
                == .failure(status: -1, message: "something is missing"))
        var handle = 0
        withUnsafeMutablePointer(to: &handle) { pointer in
            let result = everything.call(
                handle: OpaquePointer(pointer), [.bytes(NativeBuffer([9])), .i32(1)])
            #expect(result == .failure(status: 9, message: nil))
        }
    }
}
