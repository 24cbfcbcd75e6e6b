// SIGTERM, SIGINT and SIGHUP as events of the loop.
// SPDX-License-Identifier: MIT

import CSystem
import EventLoop
import Glibc

enum SignalWatch {
    /// Blocks the signals in this thread and those it starts, and calls `action` on the loop when one arrives.
    static func install(on loop: EventLoop, _ action: @escaping () -> Void) {
        signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let descriptor = signalfd(-1, &set, Int32(CSYSTEM_SFD_CLOEXEC | CSYSTEM_SFD_NONBLOCK))
        guard descriptor >= 0 else { return }
        loop.watch(descriptor, for: .read) { _ in
            var information = signalfd_siginfo()
            _ = read(descriptor, &information, MemoryLayout<signalfd_siginfo>.size)
            action()
        }
    }
}
