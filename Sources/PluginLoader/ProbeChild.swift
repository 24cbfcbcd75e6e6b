// A child process that gets so much time to say something.
// SPDX-License-Identifier: MIT

import Glibc

/// A running child whose stdout is read. Reaped by `wait`, which is called once.
final class ProbeChild {
    enum Ending {
        case exited(Int32)
        case killed(Int32)
        case outOfTime
    }

    struct StartError: Error {
        let number: Int32
    }

    /// What it has printed so far, at most `outputLimit` bytes.
    private(set) var output: [UInt8] = []

    private static let outputLimit = 65_536
    private let pid: pid_t
    private let pipe: Int32

    private init(pid: pid_t, pipe: Int32) {
        self.pid = pid
        self.pipe = pipe
    }

    deinit { close(pipe) }

    static func start(_ path: String, _ arguments: [String], _ environment: [String]) -> Result<ProbeChild, StartError>
    {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { return .failure(StartError(number: errno)) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))

        var pid = pid_t()
        let failed = withPointers([path] + arguments) { argv in
            withPointers(environment) { posix_spawn(&pid, path, &actions, &attributes, argv, $0) }
        }
        guard failed == 0 else {
            close(ends[0])
            return .failure(StartError(number: failed))
        }
        return .success(ProbeChild(pid: pid, pipe: ends[0]))
    }

    /// Reads until `isEnough`, the child's end, or the end of its time; then it is gone.
    func wait(milliseconds: Int, until isEnough: ([UInt8]) -> Bool) -> Ending {
        let deadline = ProbeChild.now() + milliseconds
        var isOpen = true
        while true {
            if hasEnded() {
                drain()
                return end() ?? .outOfTime
            }
            guard !isEnough(output) else { return end() ?? .outOfTime }
            let left = deadline - ProbeChild.now()
            guard left > 0 else {
                _ = end()
                return .outOfTime
            }
            // A child that is about to end has closed its pipe already: then look for it every millisecond.
            var descriptor = pollfd(fd: isOpen ? pipe : -1, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, isOpen ? Int32(min(left, 100)) : 1) > 0 { isOpen = readSome() }
        }
    }

    private func drain() {
        var descriptor = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        while poll(&descriptor, 1, 0) > 0, readSome() {}
    }

    /// Takes what is there; false when there will be no more.
    private func readSome() -> Bool {
        let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
            let count = read(pipe, buffer.baseAddress, buffer.count)
            if count > 0 { output += buffer.prefix(min(count, max(0, ProbeChild.outputLimit - output.count))) }
            return count
        }
        return count > 0 || (count < 0 && errno == EINTR)
    }

    /// Whether it has ended; leaves it to be reaped, so that its number stays its own.
    private func hasEnded() -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == SIGCHLD
    }

    /// Kills it and what it has started, and reaps it.
    private func end() -> Ending? {
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        var found: pid_t
        repeat { found = waitpid(pid, &status, 0) } while found < 0 && errno == EINTR
        guard found == pid else { return nil }
        return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(status & 0x7F)
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// This process's environment.
    static func environment() -> [String] {
        var variables: [String] = []
        var entry = environ
        while let variable = entry.pointee {
            variables.append(String(cString: variable))
            entry += 1
        }
        return variables
    }

    private static func withPointers<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + strings.count).initialize(to: nil)
        defer {
            for index in strings.indices { free(pointers[index]) }
            pointers.deallocate()
        }
        return body(pointers)
    }
}
