// Looks at a stranger's plugin in a child process, so that one that crashes or exits ends the child.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// How looking at a plugin in a child process failed.
public enum ProbeFailure: Equatable, Sendable {
    /// The child's own refusal, complete.
    case refused(String)
    case crashed(signal: Int32)
    /// It ended without a verdict.
    case exited(status: Int32)
    case timedOut(milliseconds: Int)
    case cannotStart(errno: Int32)
}

/// What came of looking at a plugin.
public enum ProbeResult: Equatable, Sendable {
    case passed
    case failed(ProbeFailure)

    /// For the loader: nil when the plugin may be opened.
    public var reason: RefusalReason? {
        switch self {
        case .passed: nil
        case .failed(let failure): .probe(failure)
        }
    }
}

/// Runs `executable arguments… FILE CATEGORY` and reads its verdict: what `PluginProbe.verdict` returned, on a line of
/// its stdout.
///
/// The child gets an empty stdin, this process's stderr, and its environment without the variables that begin with
/// `PVE_`: what is being looked at is not trusted with credentials yet. It and what it starts are a process group of
/// their own, which is killed when time is up.
public struct PluginProbe: Sendable {
    public var executable: String
    public var arguments: [String]
    public var milliseconds: Int
    /// `NAME=value` each.
    public let environment: [String]

    /// `environment` is this process's own when it is not given.
    public init(
        executable: String, arguments: [String] = ["probe-plugin"], milliseconds: Int = 10_000,
        environment: [String]? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.milliseconds = milliseconds
        self.environment = (environment ?? ProbeChild.environment()).filter { !$0.hasPrefix("PVE_") }
    }

    private static let mark = "pve-probe: "
    private static let pass = "passed"

    /// Opens `file` in this process and says what it is, on one line without its end. For the child.
    public static func verdict(file: String, category: String, hostTable: UnsafePointer<pve_host>) -> String {
        switch PluginLoader.open(file: file, category: category, hostTable: hostTable) {
        case .plugin: mark + pass
        case .refused(let refusal): mark + String(refusal.message.map { $0.isNewline ? " " : $0 })
        }
    }

    /// Looks at one file. Blocks until there is a verdict or time is up.
    public func probe(file: String, category: String) -> ProbeResult {
        switch ProbeChild.start(executable, arguments + [file, category], environment) {
        case .failure(let error): return .failed(.cannotStart(errno: error.number))
        case .success(let child):
            let ending = child.wait(milliseconds: milliseconds) { PluginProbe.result(in: $0) != nil }
            if let result = PluginProbe.result(in: child.output) { return result }
            switch ending {
            case .exited(let status): return .failed(.exited(status: status))
            case .killed(let signal): return .failed(.crashed(signal: signal))
            case .outOfTime: return .failed(.timedOut(milliseconds: milliseconds))
            }
        }
    }

    /// The verdict among what the child printed, if it is complete; a plugin may print too.
    private static func result(in output: [UInt8]) -> ProbeResult? {
        let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard let line = lines.last(where: { $0.starts(with: mark.utf8) }) else { return nil }
        let text = String(decoding: line.dropFirst(mark.utf8.count), as: UTF8.self)
        return text == pass ? .passed : .failed(.refused(text))
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
