// Looks at a stranger's plugin in a child process, so that one that crashes or exits ends the child.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// How looking at a plugin in a child process failed.
public enum ProbeFailure: Equatable, Sendable {
    /// The child's own refusal, complete.
    case refused(String)
    case crashed(signal: Int32)
    /// Ended by a signal when it had used up what it may have of memory.
    case outOfMemory(signal: Int32, mebibytes: Int)
    /// It ended without a verdict.
    case exited(status: Int32)
    case timedOut(milliseconds: Int)
    case cannotStart(errno: Int32)
}

/// What came of looking at a plugin.
public enum ProbeResult: Equatable, Sendable {
    case passed(ProbeReport)
    /// With the end of what it wrote to stderr, on one line and without control characters.
    case failed(ProbeFailure, lastWords: String = "")
}

/// Runs `executable arguments… FILE CATEGORY` and reads its verdict: what `PluginProbe.verdict` returned, on a line of
/// its stdout. The plugin runs in the same process and may write such a line itself, so the verdict is the plugin's word.
///
/// The child gets an empty stdin and an empty environment: what is being looked at is not trusted with anything yet, and
/// restricts itself with `ChildLimits.looking`. It and what it starts are a process group of their own, which is killed
/// when time is up.
public struct PluginProbe: Sendable {
    public var executable: String
    public var arguments: [String]
    public var milliseconds: Int

    public init(executable: String, arguments: [String] = ["probe-plugin"], milliseconds: Int = 10_000) {
        self.executable = executable
        self.arguments = arguments
        self.milliseconds = milliseconds
    }

    private static let mark = "pve-probe: "

    /// Opens `file` in this process and says what it is, on one line without its end. For the child.
    public static func verdict(file: String, category: String, hostTable: UnsafePointer<pve_host>) -> String {
        switch PluginLoader.open(file: file, category: category, hostTable: hostTable) {
        case .plugin(let plugin, let refusals): mark + ProbeReport(plugin, refusals).json
        case .refused(let refusal): mark + ProbeReport.json(refused: refusal.message)
        }
    }

    /// Looks at one file. Blocks until there is a verdict or time is up.
    public func probe(file: String, category: String) -> ProbeResult { look(at: file, category: category).result }

    /// The same, with the end of what a plugin that passed wrote to stderr too.
    public func look(at file: String, category: String) -> (result: ProbeResult, lastWords: String) {
        ChildLimits.hideParent()
        switch ProbeChild.start(executable, arguments + [file, category], []) {
        case .failure(let error): return (.failed(.cannotStart(errno: error.number)), "")
        case .success(let child):
            let ending = child.wait(milliseconds: milliseconds) { PluginProbe.isComplete($0) }
            let words = LastWords.text(child.errors)
            switch PluginProbe.result(in: child.output) {
            case .passed(let report): return (.passed(report), words)
            case .failed(let failure, _): return (.failed(failure, lastWords: words), words)
            case nil: return (.failed(failure(ending, child.mebibytes), lastWords: words), words)
            }
        }
    }

    /// Whether the output ends in a verdict; cheap, because it is asked after each piece that arrives.
    private static func isComplete(_ output: [UInt8]) -> Bool {
        guard output.last == UInt8(ascii: "\n") else { return false }
        let start = output.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return output[start...].starts(with: mark.utf8)
    }

    /// The verdict among what the child printed, if it is complete; a plugin may print too.
    private static func result(in output: [UInt8]) -> ProbeResult? {
        let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard let line = lines.last(where: { $0.starts(with: mark.utf8) }) else { return nil }
        return ProbeReport.result(json: Array(line.dropFirst(mark.utf8.count)))
    }

    private func failure(_ ending: ProbeChild.Ending, _ mebibytes: Int) -> ProbeFailure {
        switch ending {
        case .exited(let status): return .exited(status: status)
        case .killed(let signal):
            // The kernel does not say that a limit was met; one that held nearly all of it has met it.
            let allowed = (ChildLimits.looking.memory ?? .max) >> 20
            return mebibytes >= allowed / 10 * 8
                ? .outOfMemory(signal: signal, mebibytes: mebibytes) : .crashed(signal: signal)
        case .outOfTime: return .timedOut(milliseconds: milliseconds)
        }
    }
}

extension ProbeFailure {
    /// Everything after the file's name; the whole message of `refused`.
    var message: String {
        switch self {
        case .refused(let message): message
        case .crashed(let signal):
            "the child process that looked at it was ended by signal \(signal) (\(String(cString: strsignal(signal)))): "
                + "it crashes when it is opened; ask its author"
        case .outOfMemory(let signal, let mebibytes):
            "the child process that looked at it was ended by signal \(signal) (\(String(cString: strsignal(signal)))) "
                + "with \(mebibytes) MiB in memory, about what it may have: it runs out of memory when it is opened; ask "
                + "its author"
        case .exited(let status):
            "the child process that looked at it ended with status \(status) and without a verdict: it ends the process "
                + "when it is opened; ask its author"
        case .timedOut(let milliseconds):
            "the child process that looked at it had no verdict after \(milliseconds) ms: it hangs when it is opened; "
                + "ask its author"
        case .cannotStart(let number):
            "the child process that looks at strangers' plugins cannot be started: "
                + "\(String(cString: strerror(number))); start pve-mcp by its full path"
        }
    }
}
