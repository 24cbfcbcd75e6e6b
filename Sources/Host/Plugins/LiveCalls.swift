// The calls whose code runs now, by the handles that plugins hold.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI
import Synchronization

/// Finds the call behind a plugin's `pve_call *`.
///
/// A handle is a number that is given once, never an address: a plugin that keeps one beyond its call, or makes one up,
/// reaches nothing. The functions of the contract get nothing but the handle, so the table is the process's.
enum LiveCalls {
    /// Every call whose code runs, for questions from other threads.
    private static let running = Mutex<[UInt: CallContext]>([:])
    private static let given = Atomic<UInt>(0)
    /// Which call's code the thread runs: the way from handle to call that takes no lock.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        // Fails only when a process has made a thousand keys; then no thread finds its call, and each gets no reply.
        pthread_key_create(&key, nil)
        return key
    }()

    /// Runs `code` with a new handle for `context`, which this thread may use for as long as that takes.
    static func run(_ context: CallContext, _ code: (OpaquePointer?) -> Void) {
        let number = given.add(1, ordering: .relaxed).newValue
        context.handle = number
        running.withLock { $0[number] = context }
        let outer = pthread_getspecific(key)
        // The caller holds the context until this returns, and then the thread has it no more.
        pthread_setspecific(key, Unmanaged.passUnretained(context).toOpaque())
        code(OpaquePointer(bitPattern: number))
        pthread_setspecific(key, outer)
        running.withLock { $0[number] = nil }
    }

    /// The call of this handle; nil when it has ended, or on every thread but its own.
    static func own(_ call: OpaquePointer?) -> CallContext? {
        guard let current = pthread_getspecific(key) else { return nil }
        // What `run` put there, on this thread, and has not yet taken away.
        let context = Unmanaged<CallContext>.fromOpaque(current).takeUnretainedValue()
        return context.handle == UInt(bitPattern: call) ? context : nil
    }

    /// The call of this handle, on any thread; nil when it has ended.
    static func any(_ call: OpaquePointer?) -> CallContext? {
        running.withLock { $0[UInt(bitPattern: call)] }
    }
}
