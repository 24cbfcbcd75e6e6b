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

    /// Runs `work` on a worker as soon as one is free.
    func run(_ work: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        queue.append(work)
        if idle < queue.count && threads < limit && startThread() { threads += 1 }
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
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
