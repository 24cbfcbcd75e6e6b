// The host's table, used as a plugin would.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
import Synchronization
import Testing

@testable import Host

@Suite("Host table")
struct HostTableTests {
    @Test func saysWhatItServes() {
        let host = HostTable.shared.pointee
        #expect(host.head.magic == UInt32(PVE_MAGIC_HOST))
        #expect(host.head.struct_size == UInt32(MemoryLayout<pve_host>.size))
        #expect(host.head.abi_major == UInt16(PVE_ABI_MAJOR) && host.abi_major_min == UInt16(PVE_ABI_MAJOR))
        #expect(host.features == 7)
        #expect(String(cString: host.version) == Version.text)
        #expect(host.extension(HostTable.shared, "pve.json/1") != nil)
        #expect(host.extension(HostTable.shared, "pve.request/1") != nil)
        #expect(host.extension(HostTable.shared, "pve.json/2") == nil)
        #expect(host.extension(HostTable.shared, nil) == nil)
    }

    @Test func takesOneReply() throws {
        let call = try StagedCall { plugin in
            #expect(plugin.reply(#"{"a":1}"#) == PVE_OK.code)
            #expect(plugin.reply(#"{"a":2}"#) == PVE_TWICE.code)
            #expect(plugin.reply("not json") == PVE_TWICE.code)
            #expect(plugin.fail("too late") == PVE_TWICE.code)
        }
        #expect(call.reply == #"{"a":1}"#)
    }

    @Test func takesOneFailure() throws {
        let call = try StagedCall { plugin in
            #expect(plugin.fail("no such thing") == PVE_OK.code)
            #expect(plugin.fail("again") == PVE_TWICE.code)
            #expect(plugin.reply("{}") == PVE_TWICE.code)
        }
        #expect(call.reply == "no such thing")
    }

    @Test func refusesRepliesThatAreNotJSON() throws {
        let call = try StagedCall { plugin in
            for text in ["", "{", "{} {}", "{'a':1}", "nul", "\u{1}"] {
                #expect(plugin.reply(text) == PVE_INVALID.code, "\(text)")
            }
            #expect(plugin.host.pointee.reply(plugin.call, nil, 2) == PVE_INVALID.code)
            #expect(plugin.host.pointee.reply(plugin.call, "{}", -1) == PVE_INVALID.code)
            #expect(plugin.host.pointee.fail(plugin.call, nil, 0) == PVE_INVALID.code)
            #expect(plugin.reply("{}") == PVE_OK.code)
        }
        #expect(call.reply == "{}")
    }

    @Test(
        arguments: [
            (PVE_SHAPE_NONE, ["1", "null", "[]", "{}"], []),
            (PVE_SHAPE_OBJECT, ["{}"], ["[]", "1", "null"]),
            (PVE_SHAPE_LIST, ["[]", "[{}]"], ["{}", "\"x\"", "null"]),
            (PVE_SHAPE_SERIES, ["[{}]"], ["{}"]),
            (PVE_SHAPE_LOG, ["[]", #"[{"n":1,"t":"x"}]"#], ["{}", "\"x\""]),
            (
                PVE_SHAPE_TASK, [#""UPID:pve1:000004B7:05CC7967:6B005F6C:qmstart:101:root@pam:""#, "null"],
                ["{}", "\"UPID\"", "1"]
            ),
        ] as [(pve_shape, [String], [String])])
    func refusesRepliesOfAnotherShape(_ shape: pve_shape, _ good: [String], _ bad: [String]) throws {
        for text in bad {
            let call = try StagedCall(result: result(shape)) { #expect($0.reply(text) == PVE_INVALID.code, "\(text)") }
            #expect(call.reply == nil)
        }
        for text in good {
            let call = try StagedCall(result: result(shape)) { #expect($0.reply(text) == PVE_OK.code, "\(text)") }
            #expect(call.reply == text)
        }
    }

    @Test func copiesWhatItIsGiven() throws {
        let call = try StagedCall { plugin in
            let text = UnsafeMutablePointer<CChar>(strdup("gone"))!
            defer { free(text) }
            #expect(plugin.host.pointee.fail(plugin.call, text, 4) == PVE_OK.code)
            memset(text, 0x21, 4)
        }
        #expect(call.reply == "gone")
    }

    @Test func replacesWhatIsNotUTF8() throws {
        let call = try StagedCall { plugin in
            let bytes: [CChar] = [0x61, -1]
            #expect(plugin.host.pointee.fail(plugin.call, bytes, 2) == PVE_OK.code)
        }
        #expect(call.reply == "a\u{FFFD}")
    }

    @Test func tellsProgress() throws {
        let call = try StagedCall { plugin in
            let host = plugin.host.pointee
            #expect(host.progress(plugin.call, 1, 4, "one", 3) == PVE_OK.code)
            #expect(host.progress(plugin.call, 2, 0, nil, 0) == PVE_OK.code)
            #expect(host.progress(plugin.call, .nan, 0, nil, 0) == PVE_INVALID.code)
            #expect(host.progress(plugin.call, .infinity, 0, nil, 0) == PVE_INVALID.code)
            #expect(host.cancelled(plugin.call) == 0)
        }
        #expect(call.progress == ["1.0/4.0 one", "2.0/? -"])
    }

    @Test func saysThatTheClientHasGivenUp() throws {
        let call = try StagedCall(isCancelled: true) { plugin in
            #expect(plugin.host.pointee.cancelled(plugin.call) == 1)
            #expect(plugin.host.pointee.progress(plugin.call, 1, 0, nil, 0) == PVE_CANCELLED.code)
            #expect(plugin.send(PVE_METHOD_GET, "/version").status == PVE_CANCELLED.code)
        }
        #expect(call.progress == [] && call.requests == [])
    }

    @Test func refusesOtherThreads() throws {
        let seen = Mutex<[Int32]>([])
        let call = try StagedCall(sends: [endpoint(PVE_METHOD_GET, "/version")]) { plugin in
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                seen.withLock { seen in
                    seen.append(plugin.reply("{}"))
                    seen.append(plugin.fail("x"))
                    seen.append(plugin.host.pointee.progress(plugin.call, 1, 0, nil, 0))
                    seen.append(plugin.json.begin_object(plugin.call))
                    seen.append(plugin.send(PVE_METHOD_GET, "/version").status)
                    seen.append(Int32(plugin.arguments))
                    seen.append(plugin.host.pointee.cancelled(plugin.call))
                }
                done.signal()
            }
            done.wait()
        }
        let invalid = PVE_INVALID.code
        #expect(seen.withLock { $0 } == [invalid, invalid, invalid, invalid, invalid, 0, 0])
        #expect(call.reply == nil && call.progress == [] && call.requests == [])
    }

    /// A plugin may keep a handle, on this thread or another, and use it when the call has ended and another runs.
    @Test func refusesHandlesOfCallsThatHaveEnded() throws {
        let kept = Mutex<PluginSide?>(nil)
        let first = try StagedCall { plugin in
            kept.withLock { $0 = plugin }
            plugin.reply(#""first""#)
        }
        let stale = try #require(kept.withLock { $0 })
        @Sendable func expectNothing(_ plugin: PluginSide) {
            #expect(plugin.reply("1") == PVE_INVALID.code)
            #expect(plugin.fail("late") == PVE_INVALID.code)
            #expect(plugin.host.pointee.progress(plugin.call, 1, 0, nil, 0) == PVE_INVALID.code)
            #expect(plugin.host.pointee.cancelled(plugin.call) == 1)
            #expect(plugin.json.begin_object(plugin.call) == PVE_INVALID.code)
            #expect(plugin.arguments == 0)
            #expect(plugin.send(PVE_METHOD_GET, "/version").status == PVE_INVALID.code)
        }
        expectNothing(stale)
        let second = try StagedCall { plugin in
            expectNothing(stale)
            // Numbers, and addresses of something else, are no handles either.
            for bits in [UInt(1) << 40, UInt.max, UInt(bitPattern: plugin.host)] {
                expectNothing(PluginSide(host: plugin.host, call: OpaquePointer(bitPattern: bits)!))
            }
            plugin.reply(#""second""#)
        }
        #expect(first.reply == #""first""#)
        #expect(second.reply == #""second""#)
    }

    @Test func refusesNoCall() {
        let host = HostTable.shared.pointee
        #expect(host.reply(nil, "{}", 2) == PVE_INVALID.code)
        #expect(host.fail(nil, "x", 1) == PVE_INVALID.code)
        #expect(host.progress(nil, 1, 0, nil, 0) == PVE_INVALID.code)
        #expect(host.cancelled(nil) == 1)
    }
}
