// Looks at a stranger's plugin in a child process, so that one that crashes or exits ends the child.
// SPDX-License-Identifier: MIT

/// How looking at a plugin in a child process failed.
public enum ProbeFailure: Equatable, Sendable {
    /// The child's own refusal, complete.
    case refused(String)
    case crashed(signal: Int32)
    case exited(status: Int32)
    case timedOut(milliseconds: Int)
    case cannotStart(errno: Int32)

    var message: String {
        switch self {
        case .refused(let message): message
        case .crashed(let signal):
            "looking at it in a child process ended with signal \(signal): it crashes when it is opened; ask its author"
        case .exited(let status):
            "looking at it in a child process ended with exit status \(status) before there was a verdict: it ends the "
                + "process when it is opened; ask its author"
        case .timedOut(let milliseconds):
            "looking at it in a child process took more than \(milliseconds) ms: it hangs when it is opened; ask its "
                + "author"
        case .cannotStart(let number):
            "the child process that looks at it first cannot be started: error \(number)"
        }
    }
}
