// What a child process that runs a stranger's code may use and do.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc

/// Limits that a process puts on itself before it opens a stranger's plugin; they cannot be taken back.
///
/// Whatever they are, the process ends when the thread that started it does, leaves no core, gains no privileges by
/// running other programs, gives up all capabilities, and, on kernels with Landlock, cannot trace, read or signal the
/// process that started it. What is forbidden to it besides (`writesFiles` and so on) needs Landlock too.
public struct ChildLimits: Equatable, Sendable {
    /// Bytes that it may map beyond what it has mapped when the limits are applied; nil: any number.
    public var memory: Int?
    /// Seconds of processor time in all; nil: any number.
    public var cpuSeconds: Int?
    public var openFiles: Int?
    /// Whether it may make, change and remove files.
    public var writesFiles: Bool
    /// Whether it may run other programs.
    public var runsPrograms: Bool
    /// Whether it may bind and connect TCP sockets.
    public var connects: Bool

    public init(
        memory: Int? = nil, cpuSeconds: Int? = nil, openFiles: Int? = nil, writesFiles: Bool = false,
        runsPrograms: Bool = false, connects: Bool = false
    ) {
        self.memory = memory
        self.cpuSeconds = cpuSeconds
        self.openFiles = openFiles
        self.writesFiles = writesFiles
        self.runsPrograms = runsPrograms
        self.connects = connects
    }

    /// For a child that looks at a plugin and says what it is: it needs to do nothing but say so.
    public static let looking = ChildLimits(memory: 512 << 20, cpuSeconds: 10, openFiles: 64)

    /// For a child that runs a plugin's tools: what a tool is for may need files, programs and the network.
    public static func serving(mebibytes: Int) -> ChildLimits {
        ChildLimits(
            memory: mebibytes << 20, openFiles: 256, writesFiles: true, runsPrograms: true, connects: true)
    }

    /// What could not be limited.
    public struct Failure: Error, Equatable, Sendable {
        public let limit: String
        public let errno: Int32

        /// For the log.
        public var message: String {
            "this process cannot be restricted (\(limit)): \(String(cString: strerror(errno))); no plugin is opened in it"
        }
    }

    /// Applies the limits to this process. A child calls it first of all. `listener` is the descriptor whose other end
    /// the parent holds: when that is closed already, the parent is gone and the process ends at once.
    public func apply(listener: Int32? = 1) throws(Failure) {
        var allowed: UInt32 = 0
        if writesFiles { allowed |= UInt32(CSYSTEM_CHILD_WRITES) }
        if runsPrograms { allowed |= UInt32(CSYSTEM_CHILD_EXECUTES) }
        if connects { allowed |= UInt32(CSYSTEM_CHILD_CONNECTS) }
        var limits = csystem_child_limits(
            memory: UInt64(memory ?? 0), cpu_seconds: UInt64(cpuSeconds ?? 0), open_files: UInt64(openFiles ?? 0),
            allowed: allowed, listener: listener ?? -1)
        if let limit = csystem_limit_child(&limits) {
            throw Failure(limit: String(cString: limit), errno: errno)
        }
    }

    /// Keeps children, which have the same user, from reading this process's memory and environment. The process that
    /// starts them calls it before the first; debuggers cannot attach to it afterwards.
    public static func hideParent() { _ = csystem_hide_from_children() }
}
