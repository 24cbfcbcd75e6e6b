// A child process that gets so much time to say something.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc

/// A running child whose stdout and stderr are read. Reaped by `wait`, which is called once.
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

    /// The end of what it has written to stderr, at most `errorLimit` bytes.
    private(set) var errors: [UInt8] = []
    /// The most memory it had, once it has been waited for.
    private(set) var mebibytes = 0

    private static let outputLimit = 16 << 20
    private static let errorLimit = 4096
    private let pid: pid_t
    private let pipe: Int32
    private let errorPipe: Int32

    private init(pid: pid_t, pipe: Int32, errorPipe: Int32) {
        self.pid = pid
        self.pipe = pipe
        self.errorPipe = errorPipe
    }

    deinit {
        close(pipe)
        close(errorPipe)
    }

    static func start(_ path: String, _ arguments: [String], _ environment: [String]) -> Result<ProbeChild, StartError>
    {
        guard let output = makePipe() else { return .failure(StartError(number: errno)) }
        defer { close(output.write) }
        guard let errors = makePipe() else {
            let number = errno
            close(output.read)
            return .failure(StartError(number: number))
        }
        defer { close(errors.write) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.write, 2)
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
            close(output.read)
            close(errors.read)
            return .failure(StartError(number: failed))
        }
        return .success(ProbeChild(pid: pid, pipe: output.read, errorPipe: errors.read))
    }

    private static func makePipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [0, 0]
        return csystem_pipe(&ends) == 0 ? (ends[0], ends[1]) : nil
    }

    /// Reads until `isEnough`, the child's end, or the end of its time; then it is gone.
    func wait(milliseconds: Int, until isEnough: ([UInt8]) -> Bool) -> Ending {
        let deadline = ProbeChild.now() + milliseconds
        var isOpen = true
        var areErrorsOpen = true
        while true {
            if hasEnded() {
                drain()
                return end() ?? .outOfTime
            }
            guard !isEnough(output) else {
                drain()
                return end() ?? .outOfTime
            }
            let left = deadline - ProbeChild.now()
            guard left > 0 else {
                drain()
                _ = end()
                return .outOfTime
            }
            // A child that is about to end has closed its pipes already: then look for it every millisecond.
            var descriptors = [
                pollfd(fd: isOpen ? pipe : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: areErrorsOpen ? errorPipe : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&descriptors, 2, isOpen ? Int32(min(left, 100)) : 1) > 0 else { continue }
            if descriptors[0].revents != 0 { isOpen = readSome() }
            if descriptors[1].revents != 0 { areErrorsOpen = readErrors() }
        }
    }

    /// Takes what is there already, but not for ever: what it left behind may go on printing.
    private func drain() {
        for _ in 0..<1024 where !readSome() { break }
        for _ in 0..<1024 where !readErrors() { break }
    }

    /// Takes some of what it printed; false when there is none now.
    private func readSome() -> Bool {
        take(from: pipe) { output += $0.prefix(max(0, ProbeChild.outputLimit - output.count)) }
    }

    /// The same for stderr, of which the end is kept.
    private func readErrors() -> Bool {
        take(from: errorPipe) {
            errors += $0
            if errors.count > ProbeChild.errorLimit { errors.removeFirst(errors.count - ProbeChild.errorLimit) }
        }
    }

    /// Hands over what is there; false when there is nothing, now or for ever. Never waits.
    private func take(from descriptor: Int32, _ body: (UnsafeMutableBufferPointer<UInt8>.SubSequence) -> Void) -> Bool {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0 else { return false }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16384) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { body(buffer.prefix(count)) }
            return count > 0 || (count < 0 && errno == EINTR)
        }
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
        var usage = rusage()
        repeat { found = wait4(pid, &status, 0, &usage) } while found < 0 && errno == EINTR
        guard found == pid else { return nil }
        mebibytes = usage.ru_maxrss >> 10
        return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(status & 0x7F)
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
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
