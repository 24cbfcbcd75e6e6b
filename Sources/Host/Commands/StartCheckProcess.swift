// The check of the connection at the start, in a child process: it delays nothing and leaves no memory behind.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import Proxmox

/// Runs `pve-mcp check --json` with this process's own settings, and says what came of it. On the loop's thread.
final class StartCheckProcess {
    /// Milliseconds after the start; a client's first requests come before it.
    static let delay = 50

    private let loop: EventLoop
    private let client: Client
    private let isStrict: Bool
    private let failed: () -> Void
    private var child: ChildProcess?
    private var text: [UInt8] = []
    /// Whether a verdict is to come.
    private(set) var isUnderWay = false

    /// `failed` is called when `isStrict` and there is no good verdict.
    init(on loop: EventLoop, _ client: Client, isStrict: Bool, failed: @escaping () -> Void) {
        self.loop = loop
        self.client = client
        self.isStrict = isStrict
        self.failed = failed
    }

    /// Starts the check a moment from now. `environment` says where Proxmox is and who we are there.
    func schedule(environment: [String: String]) {
        isUnderWay = true
        loop.after(milliseconds: StartCheckProcess.delay) { [weak self] in self?.start(environment) }
    }

    /// Ends a check that is under way. Call it before the server ends: a check may wait long for an answer.
    func end() {
        guard let child else { return }
        self.child = nil
        loop.unwatch(child.output)
        child.end(SIGKILL)
    }

    private func start(_ environment: [String: String]) {
        let words = ["check", "--json", "--ends-with-parent"]
        let entries = environment.map { "\($0.key)=\($0.value)" }
        guard let child = ChildProcess.start(Environment.executable, words, environment: entries) else {
            return judge(nil, "the connection check cannot be started: \(TextFile.lastError)")
        }
        self.child = child
        loop.watch(child.output, for: .read) { [weak self] _ in self?.readOutput() }
    }

    private func readOutput() {
        guard let child else { return }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(child.output, &chunk, chunk.count)
        if count > 0 { return text.append(contentsOf: chunk[..<count]) }
        end()
        judge(StartVerdict(json: text), "the connection check ended without a verdict")
    }

    private func judge(_ verdict: StartVerdict?, _ otherwise: String) {
        isUnderWay = false
        if let verdict, verdict.isGood {
            Log.info(verdict.text)
            if let version = verdict.version { client.assumeVersion(version) }
        } else {
            Log.error(verdict?.text ?? otherwise)
            if isStrict { failed() }
        }
    }
}
