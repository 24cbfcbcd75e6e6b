// Threads for the code of plugins.
// SPDX-License-Identifier: MIT

import Foundation
import Synchronization
import Testing

@testable import Host

@Suite("Worker pool")
struct WorkerPoolTests {
    @Test func runsEightAtOnceAndAllInTheEnd() {
        let pool = WorkerPool()
        let state = Mutex((running: 0, most: 0, done: 0))
        let gate = DispatchSemaphore(value: 0)
        let eight = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        for _ in 0..<30 {
            let isTaken = pool.run {
                let running = state.withLock { state in
                    state.running += 1
                    state.most = max(state.most, state.running)
                    return state.running
                }
                if running == 8 { eight.signal() }
                gate.wait()
                state.withLock { state in
                    state.running -= 1
                    state.done += 1
                }
                ended.signal()
            }
            #expect(isTaken)
        }
        // The eighth runs while seven others do and none has ended.
        eight.wait()
        #expect(pool.isBusy)
        for _ in 0..<30 { gate.signal() }
        for _ in 0..<30 { ended.wait() }
        #expect(state.withLock { $0.most } == 8)
        #expect(state.withLock { $0.done } == 30)
    }

    @Test func usesAThreadAgain() {
        let pool = WorkerPool(limit: 1)
        let threads = Mutex<Set<UInt>>([])
        for _ in 0..<3 {
            let ended = DispatchSemaphore(value: 0)
            let isTaken = pool.run {
                _ = threads.withLock { $0.insert(UInt(pthread_self())) }
                ended.signal()
            }
            #expect(isTaken)
            ended.wait()
        }
        #expect(threads.withLock { $0.count } == 1)
    }
}
