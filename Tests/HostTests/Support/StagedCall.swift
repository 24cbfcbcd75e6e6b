// One call of a plugin's code on the test's own thread, with a Proxmox that is a closure.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI
import Proxmox
import Synchronization

@testable import Host
@testable import PluginLoader

/// Runs code as a worker would and keeps what came of it.
final class StagedCall: Sendable {
    let context: CallContext
    private let sent = Mutex<[Request]>([])
    private let told = Mutex<[String]>([])

    /// The requests that reached the way to Proxmox.
    var requests: [Request] { sent.withLock { $0 } }
    /// Progress as `progress/total message`.
    var progress: [String] { told.withLock { $0 } }

    /// What the client would get: JSON text, or an error's message; nil without a reply.
    var reply: String? {
        switch context.reply {
        case .value(let value)?: value.rawText
        case .entries(let entries)?: "entries: " + entries.map(\.rawText).joined(separator: ", ")
        case .failure(let message)?: message
        case nil: nil
        }
    }

    /// Runs `code` as the body of a tool.
    init(
        _ arguments: String = "{}", parameters: [ParameterSpec] = [], sends endpoints: [Endpoint] = [],
        result: ResultDescription? = nil, isCancelled: Bool = false,
        proxmox: @escaping @Sendable (Request) -> Result<String, Failure> = { _ in .success("null") },
        code: @escaping @Sendable (PluginSide) -> Void
    ) throws {
        let tool = tool("pve_test", parameters, sends: endpoints, result: result, code: code)
        guard case .call(let body) = tool.body else { preconditionFailure("a tool with code has a call body") }
        let log = Log()
        context = CallContext(
            tool, .call(body), try json(arguments),
            send: { request, completion in
                log.sent?.append(request)
                completion(
                    proxmox(request).map { data in
                        Answer(status: 200, reason: "OK", document: try? JSONDocument("{\"data\":\(data)}"))
                    })
            },
            report: { progress, total, message in
                log.sent?.note("\(progress)/\(total.map { "\($0)" } ?? "?") \(message ?? "-")")
            })
        log.sent = self
        context.isCancelled.store(isCancelled, ordering: .releasing)
        context.run(HostTable.shared)
        log.sent = nil
    }

    private func append(_ request: Request) { sent.withLock { $0.append(request) } }
    private func note(_ line: String) { told.withLock { $0.append(line) } }

    /// Where the closures of the context find the call, which is not made yet when they are.
    private final class Log: @unchecked Sendable {
        // Sendable: set and read on the test's thread.
        var sent: StagedCall?
    }
}
