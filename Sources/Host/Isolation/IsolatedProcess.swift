// Starts a process with nothing but a private socket.
// SPDX-License-Identifier: MIT

import Glibc

enum IsolatedProcess {
    /// Starts `path` with an empty environment and the other end of `socket` as descriptor 3. Its standard streams are this
    /// process's, which are the protocol's no more. Nil when it cannot be started, with errno saying why.
    static func start(_ path: String, _ arguments: [String]) -> (pid: pid_t, socket: Int32)? {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], PluginHostCommand.descriptor)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var nothing: [UnsafeMutablePointer<CChar>?] = [nil]
        var pid = pid_t()
        let failed = posix_spawn(&pid, path, &actions, &attributes, &words, &nothing)
        guard failed == 0 else {
            close(ends[0])
            errno = failed
            return nil
        }
        return (pid, ends[0])
    }
}
