// A server with tools of a test, a client on the other end of its pipes, and a Proxmox that answers as told.
// SPDX-License-Identifier: MIT

import EventLoop
import Foundation
import JSON
import MCP
import Proxmox
import TestServer

@testable import Host
@testable import PluginLoader

/// Runs a ``Server`` on a thread of its own until the object ends.
final class ServedTools: @unchecked Sendable {
    // Sendable: the ends of the pipes are used by the test alone, everything else by the server's thread alone.
    let proxmox: LoopbackServer
    private let requests = Pipe()
    private let frames = Pipe()
    private let exit = Exit()
    private let held = Held()
    private var unread: [UInt8] = []
    private var lastID = 0

    /// How the server ended. Kept apart, so that its thread does not keep the client.
    private final class Exit: @unchecked Sendable {
        // Sendable: the status is written before the semaphore is posted and read after it was waited for.
        let happened = DispatchSemaphore(value: 0)
        var status: Int32?
    }

    /// The running server and its loop, to do something there.
    private final class Held: @unchecked Sendable {
        // Sendable: set before the first frame is read, used in closures that run on the loop.
        var server: Server?
        var loop: EventLoop?
    }

    init(
        _ tools: [Tool], tier: Tier = .full, graceSeconds: Int = Server.standardGraceSeconds, awaitsCheck: Bool = false,
        confirmation: ConfirmationSettings = ConfirmationSettings(mode: .never), capabilities: String? = nil,
        proxmox reply: @escaping @Sendable (LoopbackServer.Received) -> LoopbackServer.Reply
    ) throws {
        proxmox = LoopbackServer(reply)
        var connection = ConnectionSettings(
            baseURL: try BaseURL("http://127.0.0.1:\(proxmox.port)"),
            credentials: .token(id: "root@pam!test", secret: "s3cret"))
        connection.timeoutSeconds = 20
        var settings = try Settings(SettingSource(flags: [:], environment: [:], file: nil))
        settings.tier = tier
        let registry = try Registry(inventory(tools), settings)
        let input = requests.fileHandleForReading.fileDescriptor
        let output = frames.fileHandleForWriting.fileDescriptor
        let (exit, held, requests, frames) = (exit, held, requests, frames)
        Thread.detachNewThread { [connection] in
            let loop = EventLoop()
            let client = Client(settings: connection, policy: HostPolicy(tier: tier, checksSchema: false), loop: loop)
            let session = Session(
                identity: ServerIdentity(name: "pve-mcp", title: "Proxmox VE", version: "1"), instructions: { "" },
                tools: { registry.entries.map { $0.tool.definition() } })
            let writer = FrameWriter(descriptor: output) { loop.post { loop.stop() } }
            let server = Server(
                loop: loop, session: session, registry: registry, client: client,
                confirmations: Confirmations(confirmation, loop: loop, client: client), input: input, writer: writer,
                graceSeconds: graceSeconds)
            server.isCheckAwaited = { awaitsCheck }
            (held.server, held.loop) = (server, loop)
            exit.status = server.run()
            (held.server, held.loop) = (nil, nil)
            try? frames.fileHandleForWriting.close()
            withExtendedLifetime(requests) { _ = exit.happened.signal() }
        }
        if let capabilities {
            send(
                #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","#
                    + #""capabilities":\#(capabilities),"clientInfo":{"name":"test","version":"1"}}}"#)
            _ = try frame()
        }
    }

    // MARK: The client's end

    /// Sends a tools/call; its id.
    @discardableResult
    func start(_ name: String, _ arguments: String = "{}", progress: Bool = false) -> Int {
        lastID += 1
        let meta = progress ? #","_meta":{"progressToken":\#(lastID)}"# : ""
        send(
            #"{"jsonrpc":"2.0","id":\#(lastID),"method":"tools/call","#
                + #""params":{"name":"\#(name)","arguments":\#(arguments)\#(meta)}}"#)
        return lastID
    }

    func cancel(_ id: Int) {
        send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
    }

    func send(_ line: String) {
        requests.fileHandleForWriting.write(Data((line + "\n").utf8))
    }

    /// What a signal does. To be used while a call is under way.
    func stop(status: Int32 = 0) {
        held.loop?.post { [held] in held.server?.stop(status: status) }
    }

    func closeInput() {
        try? requests.fileHandleForWriting.close()
    }

    /// Closes the server's input and waits for its end; its exit status.
    func end() -> Int32? {
        closeInput()
        exit.happened.wait()
        return exit.status
    }

    /// The next frame; nil when the server has closed its output.
    func frame() throws -> JSONValue? {
        while true {
            if let newline = unread.firstIndex(of: 0x0A) {
                let line = Array(unread[..<newline])
                unread.removeSubrange(...newline)
                return try JSONDocument(line).root
            }
            let data = frames.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            unread += data
        }
    }

    /// Sends a tools/call and reads the answer to it.
    func call(_ name: String, _ arguments: String = "{}") throws -> Answered {
        let id = start(name, arguments)
        while let frame = try frame() {
            if frame["id"]?.int == Int64(id) { return Answered(frame: frame) }
        }
        throw CocoaError(.fileReadUnknown)
    }

    deinit { closeInput() }
}

/// The answer to a tools/call.
struct Answered {
    let frame: JSONValue

    var isError: Bool { frame["result"]?["isError"]?.bool ?? true }
    var text: String { frame["result"]?["content"]?.elements.first { _ in true }?["text"]?.string ?? "" }
    /// The structured result, as it was written.
    var data: String? { frame["result"]?["structuredContent"]?.rawText }
}
