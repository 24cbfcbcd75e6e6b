// The plugin's side of the socket: takes calls from the host and runs them.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc
import JSON
import PluginLoader
import Proxmox
import Synchronization

/// The plugin's side of the socket. One thread reads; another runs the calls, one at a time.
final class PluginGuest: @unchecked Sendable {
    // Sendable: `state` and writing are behind their mutexes, the rest is the reading thread's.
    private struct State {
        var context: CallContext?
        var call: UInt32 = 0
        var answer: (request: Request, completion: CallContext.Completion)?
    }

    private let socket: Int32
    private let pool = WorkerPool(limit: 1)
    private let state = Mutex(State())
    private let writing = Mutex(())
    private var frames = IsolationFrames()
    private let mappedAtFirst = Int(csystem_mapped_bytes())

    init(_ socket: Int32) { self.socket = socket }

    /// Writes a whole frame. Nothing can be done when the host is gone: the reading thread sees that too.
    func send(_ kind: IsolationFrame.Kind, _ call: UInt32, _ payload: [UInt8]) {
        let bytes = IsolationFrame(kind: kind, call: call, payload: payload).bytes
        writing.withLock { _ in
            var offset = 0
            while offset < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                offset += count
            }
        }
    }

    /// Serves until the host closes the socket.
    func serve(_ tools: [String: Tool]) {
        send(.ready, 0, [])
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = read(socket, chunk.baseAddress, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            frames.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            do throws(IsolationFault) {
                while let frame = try frames.next() { receive(frame, tools) }
            } catch {
                return
            }
        }
    }

    private func receive(_ frame: IsolationFrame, _ tools: [String: Tool]) {
        switch frame.kind {
        case .run: start(frame, tools)
        case .answer:
            let waiting = state.withLock { state -> (request: Request, completion: CallContext.Completion)? in
                guard state.call == frame.call else { return nil }
                defer { state.answer = nil }
                return state.answer
            }
            if let waiting { waiting.completion(IsolatedAnswer.result(frame.payload, waiting.request)) }
        case .cancel:
            state.withLock { if $0.call == frame.call { $0.context?.isCancelled.store(true, ordering: .releasing) } }
        default: break
        }
    }

    private func start(_ frame: IsolationFrame, _ tools: [String: Tool]) {
        let number = frame.call
        guard let root = try? JSONDocument(frame.payload).root, let name = root["tool"]?.string,
            let tool = tools[name], let arguments = root["arguments"]
        else { return fail(number, "The plugin's process does not have this tool.") }
        let code: CallCode
        do throws(ArgumentError) {
            guard let found = try CallCode(tool, arguments) else {
                return fail(number, "The plugin's process has no code for \(tool.name).")
            }
            code = found
        } catch {
            return fail(number, error.message)
        }
        let context = CallContext(
            tool, code, arguments,
            send: { [self] request, completion in
                state.withLock { $0.answer = (request, completion) }
                send(.request, number, request.isolationJSON)
            },
            report: { [self] progress, total, message in
                send(.progress, number, IsolatedProgress(progress, total, message).json)
            })
        state.withLock {
            $0.context = context
            $0.call = number
        }
        let isQueued = pool.run { [self] in
            context.run(HostTable.shared)
            state.withLock { $0.context = nil }
            send(.ended, number, IsolatedReply.json(context.reply, kib: mappedKiB))
        }
        if !isQueued { fail(number, "The plugin's process gets no thread.") }
    }

    private func fail(_ call: UInt32, _ message: String) {
        send(.ended, call, IsolatedReply.json(.failure(message), kib: mappedKiB))
    }

    /// What this process has mapped since it was limited: its limit counts that, be it resident or not. 0 when the
    /// system does not say.
    private var mappedKiB: Int { max(0, Int(csystem_mapped_bytes()) - mappedAtFirst) / 1024 }
}
