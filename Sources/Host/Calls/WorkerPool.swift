// Threads for the code of plugins.
// SPDX-License-Identifier: MIT

import Glibc

/// Up to eight threads, each started when work waits and none is idle.
final class WorkerPool: @unchecked Sendable {
    // Sendable: everything mutable is behind the mutex.
    private let limit: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var queue: [@Sendable () -> Void] = []
    private var threads = 0
    private var idle = 0

    init(limit: Int = 8) {
        self.limit = limit
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    /// Runs `work` on a worker as soon as one is free. False when the system gives this pool no thread at all.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        queue.append(work)
        if idle < queue.count && threads < limit && startThread() { threads += 1 }
        guard threads > 0 else {
            queue.removeLast()
            return false
        }
        pthread_cond_signal(changed)
        return true
    }

    /// Whether a worker runs something now.
    var isBusy: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return threads > idle
    }

    private func startThread() -> Bool {
        var thread = pthread_t()
        // The pool lives as long as the process; its threads hold on to it.
        let context = Unmanaged.passRetained(self).toOpaque()
        guard pthread_create(&thread, nil, workerThread, context) == 0 else {
            Unmanaged<WorkerPool>.fromOpaque(context).release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    fileprivate func work() {
        pthread_mutex_lock(mutex)
        while true {
            while queue.isEmpty {
                idle += 1
                pthread_cond_wait(changed, mutex)
                idle -= 1
            }
            let next = queue.removeFirst()
            pthread_mutex_unlock(mutex)
            next()
            pthread_mutex_lock(mutex)
        }
    }
}

private func workerThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<WorkerPool>.fromOpaque(context).takeRetainedValue().work()
    return nil
}
