// A value that one thread waits for and another provides.
// SPDX-License-Identifier: MIT

import Glibc

/// Holds one value, provided once and taken once.
final class Waiting<Value>: @unchecked Sendable {
    // Sendable: `value` is written before the semaphore is posted and read after it was waited for.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var value: Value?

    init() {
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func fulfil(_ value: Value) {
        self.value = value
        sem_post(semaphore)
    }

    /// Sleeps until the value is there.
    func wait() -> Value {
        while true {
            // A signal may wake the thread before its time.
            if sem_wait(semaphore) == 0, let value { return value }
        }
    }
}
