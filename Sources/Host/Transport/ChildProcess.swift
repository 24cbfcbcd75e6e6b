// A child process whose output is read and whose input is held open.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc

/// A running child. Its stdin is a pipe that closes when this process ends, however it ends.
struct ChildProcess {
    let pid: pid_t
    /// What the child prints; read until it closes.
    let output: Int32
    /// The write end of the child's stdin.
    let input: Int32

    /// Starts `path` with `arguments`; stderr is shared. Nil when it cannot be started, with errno saying why.
    static func start(_ path: String, _ arguments: [String], environment: [String]? = nil) -> ChildProcess? {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard csystem_pipe(&toChild) == 0 else { return nil }
        guard csystem_pipe(&fromChild) == 0 else {
            close(toChild[0])
            close(toChild[1])
            return nil
        }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var pid = pid_t()
        let failed = withCStrings([path] + arguments) { argv in
            guard let environment else { return posix_spawn(&pid, path, &actions, &attributes, argv, environ) }
            return withCStrings(environment) { posix_spawn(&pid, path, &actions, &attributes, argv, $0) }
        }
        guard failed == 0 else {
            errno = failed
            close(toChild[1])
            close(fromChild[0])
            return nil
        }
        return ChildProcess(pid: pid, output: fromChild[0], input: toChild[1])
    }

    /// Closes the pipes, sends `signal` and waits for the end of the child.
    func end(_ signal: Int32 = SIGTERM) {
        close(input)
        close(output)
        kill(pid, signal)
        _ = waitForExit()
    }

    /// Waits for the child; its exit status, or 128 + the signal that ended it. To be asked once.
    func waitForExit() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private static func withCStrings<R>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}
