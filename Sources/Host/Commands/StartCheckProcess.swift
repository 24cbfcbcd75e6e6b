// The check of the connection at the start, in a child process: it delays nothing and leaves no memory behind.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import Proxmox

enum StartCheckProcess {
    /// Milliseconds after the start; a client's first requests come before it.
    static let delay = 50

    /// Runs `pve-mcp check --json` with this process's own settings a moment from now, and reports what it says.
    /// `failed` is called for a bad verdict when `strict`.
    static func schedule(
        on loop: EventLoop, _ client: Client, strict: Bool, arguments: [String], failed: @escaping () -> Void
    ) {
        loop.after(milliseconds: delay) {
            guard let child = ChildProcess.start(Environment.executable, ["check", "--json"] + arguments) else {
                return Log.warning("the connection check cannot be started: \(TextFile.lastError)")
            }
            var text: [UInt8] = []
            loop.watch(child.output, for: .read) { _ in
                var chunk = [UInt8](repeating: 0, count: 4096)
                let count = read(child.output, &chunk, chunk.count)
                if count > 0 { return text.append(contentsOf: chunk[..<count]) }
                loop.unwatch(child.output)
                close(child.output)
                close(child.input)
                _ = child.waitForExit()
                report(text, client, strict: strict, failed)
            }
        }
    }

    private static func report(_ text: [UInt8], _ client: Client, strict: Bool, _ failed: () -> Void) {
        guard let verdict = StartVerdict(json: text) else {
            return Log.warning("the connection check ended without a verdict")
        }
        if verdict.isGood {
            Log.info(verdict.text)
            if let version = verdict.version { client.assumeVersion(version) }
        } else {
            Log.error(verdict.text)
            if strict { failed() }
        }
    }
}
