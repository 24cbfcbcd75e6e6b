// Writing frames to clients that read, do not read, and have gone.
// SPDX-License-Identifier: MIT

import Foundation
import Glibc
import Synchronization
import Testing

@testable import Host

@Suite("Frame writer")
struct FrameWriterTests {
    /// Two connected descriptors: the client's end and the server's.
    private func ends(socket: Bool) -> (client: Int32, server: Int32) {
        var ends: [Int32] = [0, 0]
        if socket {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        } else {
            pipe(&ends)
        }
        return (ends[0], ends[1])
    }

    private func readAll(_ descriptor: Int32, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < count {
            let read = read(descriptor, &chunk, chunk.count)
            guard read > 0 else { break }
            bytes += chunk[..<read]
        }
        return bytes
    }

    /// A frame with its number in every place, so that a mixture shows.
    private func frame(_ number: Int, _ count: Int) -> [UInt8] {
        Array(repeating: UInt8(0x61 + number % 26), count: count) + [0x0A]
    }

    @Test(arguments: [false, true])
    func writesAtOnceWhatFits(socket: Bool) {
        let (client, server) = ends(socket: socket)
        defer { close(client) }
        let writer = FrameWriter(descriptor: server) {}
        writer.append(Array("a\n".utf8))
        writer.append(Array("b\n".utf8))
        writer.flush()
        #expect(readAll(client, count: 4) == Array("a\nb\n".utf8))
        close(server)
    }

    @Test(arguments: [false, true])
    func keepsTheOrderWhenTheClientIsSlowAndBlocksNobody(socket: Bool) {
        let (client, server) = ends(socket: socket)
        defer { close(client) }
        let writer = FrameWriter(descriptor: server) {}
        var expected: [UInt8] = []
        // Far more than any buffer takes; nobody reads until all are handed over.
        for number in 0..<60 {
            let frame = frame(number, 50_000 + number)
            expected += frame
            writer.append(frame)
            writer.flush()
        }
        #expect(readAll(client, count: expected.count) == expected)
        writer.drain(seconds: 10)
        writer.append(Array("end\n".utf8))
        writer.flush()
        #expect(readAll(client, count: 4) == Array("end\n".utf8))
        close(server)
    }

    @Test func writesToADescriptorThatDoesNotBlock() {
        let (client, server) = ends(socket: false)
        defer { close(client) }
        _ = fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK)
        let writer = FrameWriter(descriptor: server) {}
        let frame = frame(1, 500_000)
        writer.append(frame)
        writer.flush()
        #expect(readAll(client, count: frame.count) == frame)
        writer.drain(seconds: 10)
        close(server)
    }

    @Test func writesToAFile() throws {
        let path = NSTemporaryDirectory() + "frames-\(UUID().uuidString)"
        defer { unlink(path) }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        let writer = FrameWriter(descriptor: file) {}
        let frame = frame(2, 300_000)
        writer.append(frame)
        writer.drain(seconds: 10)
        close(file)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(frame))
    }

    @Test(arguments: [false, true])
    func saysOnceThatTheClientHasGone(socket: Bool) {
        signal(SIGPIPE, SIG_IGN)
        let (client, server) = ends(socket: socket)
        let broken = Mutex(0)
        let writer = FrameWriter(descriptor: server) { broken.withLock { $0 += 1 } }
        close(client)
        for _ in 0..<3 {
            writer.append(Array("x\n".utf8))
            writer.flush()
        }
        writer.drain(seconds: 10)
        #expect(broken.withLock { $0 } == 1)
        close(server)
    }

    @Test func noticesWhileItWritesThatTheClientHasGone() {
        signal(SIGPIPE, SIG_IGN)
        let (client, server) = ends(socket: false)
        let broken = DispatchSemaphore(value: 0)
        let writer = FrameWriter(descriptor: server) { broken.signal() }
        writer.append(frame(3, 500_000))
        writer.flush()
        _ = readAll(client, count: 1000)
        close(client)
        broken.wait()
        writer.drain(seconds: 10)
        close(server)
    }

    @Test func drainingGivesUpOnAClientThatNeverReads() {
        let (client, server) = ends(socket: false)
        let writer = FrameWriter(descriptor: server) {}
        writer.append(frame(4, 500_000))
        writer.drain(seconds: 0)
        #expect(readAll(client, count: 500_001).count == 500_001)
        close(client)
    }
}
