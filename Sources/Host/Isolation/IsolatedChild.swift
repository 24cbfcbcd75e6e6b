// One process that runs a plugin's tools, as the host sees it.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import JSON
import PluginLoader
import Proxmox

/// A process and the call that it runs. Started once; when it is lost, the plugin starts another. On the loop's thread.
final class IsolatedChild: @unchecked Sendable {
    /// Milliseconds that opening the plugin may take.
    private static let openingTime = 10_000

    // Sendable: captured by completions that run on the loop's thread, like everything here.
    private unowned let plugin: IsolatedPlugin
    private let loop: EventLoop
    private var pid: pid_t = 0
    private var socket: Int32 = -1
    private var frames = IsolationFrames()
    private var outgoing: [UInt8] = []
    private(set) var call: IsolatedCall?
    private var number: UInt32 = 0
    private var isCancelled = false
    /// Whether the plugin is open there.
    private var isReady = false
    /// Requests of the call that the host works on: meanwhile the code is not silent but waiting.
    private var requests = 0
    private var silence: EventLoop.Timer?
    private var isOver = false

    init(_ plugin: IsolatedPlugin, loop: EventLoop) {
        self.plugin = plugin
        self.loop = loop
    }

    var isIdle: Bool { call == nil && !isOver }

    func start() -> Result<Void, IsolationFault> {
        ChildLimits.hideParent()
        let words = ["plugin-host", plugin.file, plugin.category, String(plugin.settings.memory)]
        guard let started = IsolatedProcess.start(Environment.executable, words) else {
            return .failure(IsolationFault(message: TextFile.lastError))
        }
        (pid, socket) = (started.pid, started.socket)
        watch()
        return .success(())
    }

    func run(_ call: IsolatedCall) {
        self.call = call
        number &+= 1
        isCancelled = false
        requests = 0
        var writer = JSONWriter()
        writer.object {
            $0.member("tool", call.tool.name)
            $0.member("arguments", call.arguments)
        }
        send(.run, writer.bytes)
        listen()
    }

    func cancel() {
        isCancelled = true
        send(.cancel, [])
    }

    /// Ends the process, and takes it from the system's table.
    func end() {
        guard !isOver else { return }
        isOver = true
        if let silence { loop.cancel(silence) }
        loop.unwatch(socket)
        close(socket)
        kill(pid, SIGKILL)
        reap()
    }

    @discardableResult
    private func reap() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return status
    }

    // MARK: The socket

    private func watch() {
        loop.watch(socket, for: outgoing.isEmpty ? .read : [.read, .write]) { [weak self] seen in
            guard let self, !isOver else { return }
            if seen.contains(.write) { flush() }
            if !isOver, seen.contains(.read) || seen.contains(.closed) { receive() }
        }
    }

    private func send(_ kind: IsolationFrame.Kind, _ payload: [UInt8]) {
        guard !isOver else { return }
        let wasEmpty = outgoing.isEmpty
        outgoing += IsolationFrame(kind: kind, call: number, payload: payload).bytes
        if wasEmpty { flush() }
    }

    private func flush() {
        let wasEmpty = outgoing.isEmpty
        var offset = 0
        while offset < outgoing.count {
            let count = outgoing.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress! + offset, outgoing.count - offset,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR { continue }
            // Full: the rest waits. Broken: reading finds that out too.
            guard count > 0 else { break }
            offset += count
        }
        outgoing.removeFirst(offset)
        if !wasEmpty || !outgoing.isEmpty { watch() }
    }

    private func receive() {
        let isOpen = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { chunk in
            let count = recv(socket, chunk.baseAddress, chunk.count, Int32(MSG_DONTWAIT))
            if count > 0 { frames.append(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
            return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
        }
        do throws(IsolationFault) {
            while !isOver, let frame = try frames.next() { try take(frame) }
        } catch {
            return lose("sent \(error.message), which is not the protocol", kills: true)
        }
        if !isOpen, !isOver { lose(nil, kills: false) }
    }

    // MARK: What it says

    private func take(_ frame: IsolationFrame) throws(IsolationFault) {
        switch frame.kind {
        case .ready:
            isReady = true
            listen()
        case .refused:
            return lose("refused to serve: \(String(decoding: frame.payload, as: UTF8.self))", kills: true)
        case .request, .progress, .ended:
            guard let call, frame.call == number else { throw IsolationFault(message: "a frame of no call") }
            listen()
            switch frame.kind {
            case .request: request(frame.payload, call)
            case .progress:
                guard let progress = IsolatedProgress(json: frame.payload) else {
                    throw IsolationFault(message: "progress that cannot be read")
                }
                if !isCancelled { call.report(progress) }
            default:
                guard let (reply, kib) = IsolatedReply.read(frame.payload) else {
                    throw IsolationFault(message: "a reply that cannot be read")
                }
                ended(reply, kib: kib)
            }
        default: throw IsolationFault(message: "a frame that is the host's")
        }
    }

    private func request(_ json: [UInt8], _ call: IsolatedCall) {
        guard let request = Request(isolationJSON: json, of: call.tool) else {
            return send(
                .answer,
                IsolatedAnswer.json(
                    .failure(.refused("The plugin's code asked for a request that its tool does not declare."))))
        }
        requests += 1
        listen()
        let asked = number
        call.request(request) { [weak self] result in
            guard let self, !isOver, number == asked, self.call != nil else { return }
            requests -= 1
            listen()
            send(.answer, IsolatedAnswer.json(result))
        }
    }

    private func ended(_ reply: CallContext.Reply?, kib: Int) {
        let call = call
        self.call = nil
        if let silence { loop.cancel(silence) }
        silence = nil
        if !isCancelled { call?.ended(reply) }
        if kib > plugin.settings.memory * 1024 / 2 { return plugin.retire(self) }
        plugin.freed(self)
    }

    /// Starts the time anew that the code may be silent.
    private func listen() {
        if let silence { loop.cancel(silence) }
        silence = nil
        guard call != nil, requests == 0 else { return }
        // Opening a plugin is no silence of its code, and takes what it takes on a busy machine.
        let patience = isReady ? plugin.settings.silence : max(plugin.settings.silence, IsolatedChild.openingTime)
        silence = loop.after(milliseconds: patience) { [weak self] in
            guard let self, !isOver else { return }
            let seconds = Double(patience) / 1000
            lose("gave no sign of life for \(seconds) s and was ended", kills: true)
        }
    }

    /// It is of no more use. `what` it did; nil where its end says that.
    private func lose(_ what: String?, kills: Bool) {
        isOver = true
        if let silence { loop.cancel(silence) }
        loop.unwatch(socket)
        close(socket)
        if kills { kill(pid, SIGKILL) }
        let status = reap()
        let subject =
            call.map { "The process of plugin \(plugin.category) that ran \($0.tool.name)" }
            ?? "A process of plugin \(plugin.category)"
        let why = "\(subject) \(what ?? IsolatedChild.ending(status))."
        let call = call
        self.call = nil
        if !isCancelled { call?.ended(.failure("\(why) Nothing of its answer is known; other calls go on.")) }
        plugin.lost(self, why)
    }

    private static func ending(_ status: Int32) -> String {
        let signal = status & 0x7F
        if signal == 0 { return "ended with status \((status >> 8) & 0xFF) during the call" }
        return "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
}
