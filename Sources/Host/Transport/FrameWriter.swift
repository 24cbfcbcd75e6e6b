// The one writer of protocol frames.
// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// Writes whole frames to the client, in order.
///
/// Frames are written at once when the kernel certainly has room for them, so that the event loop cannot block;
/// everything else goes to a thread of its own. A client that stops reading therefore stops nobody but itself.
final class FrameWriter: @unchecked Sendable {
    // Sendable: `state` is behind its mutex, the rest is constant.
    private struct State {
        var queue: [[UInt8]] = []
        /// Bytes in the queue and in the hands of the thread.
        var unwritten = 0
        var threadStarted = false
        var threadBusy = false
        var broken = false
    }

    /// Bytes that may wait for a client that does not read.
    static let backlogLimit = 32 << 20

    private let descriptor: Int32
    private let isSocket: Bool
    private let pipeCapacity: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var state = State()
    private var batch: [UInt8] = []

    /// Called once, on whichever thread noticed, when the client has closed its end.
    let onBroken: @Sendable () -> Void

    init(descriptor: Int32, onBroken: @escaping @Sendable () -> Void) {
        self.descriptor = descriptor
        self.onBroken = onBroken
        var status = stat()
        fstat(descriptor, &status)
        isSocket = status.st_mode & S_IFMT == S_IFSOCK
        let getPipeSize: Int32 = 1032  // F_GETPIPE_SZ, which needs a feature macro
        let capacity = fcntl(descriptor, getPipeSize)
        pipeCapacity = status.st_mode & S_IFMT == S_IFIFO ? Int(max(0, capacity)) : 0
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    /// Keeps a frame until ``flush()``. On the loop's thread.
    func append(_ frame: [UInt8]) {
        if batch.isEmpty { batch = frame } else { batch.append(contentsOf: frame) }
    }

    /// Writes what was appended since the last flush. On the loop's thread; never blocks.
    func flush() {
        guard !batch.isEmpty else { return }
        let bytes = batch
        batch = []
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !state.broken else { return }
        var written = 0
        if state.queue.isEmpty && !state.threadBusy { written = writeAtOnce(bytes) }
        guard written < bytes.count, !state.broken else { return }
        state.queue.append(written == 0 ? bytes : Array(bytes[written...]))
        state.unwritten += bytes.count - written
        if !state.threadStarted {
            state.threadStarted = true
            startThread()
        }
        pthread_cond_signal(changed)
    }

    /// Whether the client has so much to read that nothing more should be taken from it.
    var isBacklogged: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return state.unwritten > FrameWriter.backlogLimit
    }

    /// Waits until everything is written, at most `seconds`. For the end of the process.
    func drain(seconds: Int) {
        flush()
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += seconds
        pthread_mutex_lock(mutex)
        while (!state.queue.isEmpty || state.threadBusy) && !state.broken {
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
        }
        pthread_mutex_unlock(mutex)
    }

    /// How much of `bytes` could be written without any chance of blocking.
    private func writeAtOnce(_ bytes: [UInt8]) -> Int {
        let count: Int
        if isSocket {
            let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
            count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
        } else {
            var unread: Int32 = 0
            // An empty pipe takes its whole capacity; a file or terminal takes anything.
            let isPipe = pipeCapacity > 0
            if isPipe {
                guard ioctl(descriptor, UInt(FIONREAD), &unread) == 0, unread == 0, bytes.count <= pipeCapacity else {
                    return 0
                }
            }
            count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
        if count < 0 && errno != EAGAIN && errno != EINTR { noteBroken() }
        return max(0, count)
    }

    private func noteBroken() {
        guard !state.broken else { return }
        state.broken = true
        state.queue = []
        onBroken()
    }

    private func startThread() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let failed = pthread_create(&thread, nil, frameWriterThread, context)
        if failed != 0 {
            Unmanaged<FrameWriter>.fromOpaque(context).release()
            noteBroken()
        } else {
            pthread_detach(thread)
        }
    }

    fileprivate func runThread() {
        pthread_mutex_lock(mutex)
        while true {
            while state.queue.isEmpty && !state.broken { pthread_cond_wait(changed, mutex) }
            if state.broken { break }
            let frames = state.queue
            state.queue = []
            state.threadBusy = true
            pthread_mutex_unlock(mutex)
            let whole = frames.allSatisfy(writeWhole)
            pthread_mutex_lock(mutex)
            state.threadBusy = false
            state.unwritten -= frames.reduce(0) { $0 + $1.count }
            if !whole { noteBroken() }
            pthread_cond_broadcast(changed)
        }
        pthread_mutex_unlock(mutex)
    }

    private func writeWhole(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { raw in
            var offset = 0
            while offset < raw.count {
                let count = write(descriptor, raw.baseAddress?.advanced(by: offset), raw.count - offset)
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN {
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                    continue
                }
                if count < 0 { return false }
                offset += count
            }
            return true
        }
    }
}

private func frameWriterThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<FrameWriter>.fromOpaque(context).takeRetainedValue().runThread()
    return nil
}
