// libcurl's sockets and its timer, on the event loop.
// SPDX-License-Identifier: MIT

import CCurl
import EventLoop

/// What libcurl waits for. It calls in through C functions with a pointer to this object, which therefore outlives the
/// libcurl client.
final class CurlSockets {
    private let loop: EventLoop
    private var client: OpaquePointer?
    private var afterEvent: () -> Void = {}

    /// What libcurl waits for; 0 when it does not. Sockets of connections that idle stay registered with the loop, so
    /// that a request over an open connection costs no system calls for registering.
    private var wanted: [Int32: Int32] = [:]
    private var registered: [Int32: Int32] = [:]
    private var connections: Set<Int32> = []

    private var deadline: UInt64?
    private var armed: (timer: EventLoop.Timer, at: UInt64)?

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// Begins to pass events to `client`, and calls `afterEvent` after each.
    func attach(_ client: OpaquePointer, afterEvent: @escaping () -> Void) {
        self.client = client
        self.afterEvent = afterEvent
    }

    /// Stops passing events. Call before the client is closed.
    func detach() {
        client = nil
        afterEvent = {}
        deadline = nil
        if let armed { loop.cancel(armed.timer) }
        armed = nil
    }

    // MARK: From libcurl

    func opened(_ descriptor: Int32) {
        // libcurl closes a connection that is given up while it is being made without saying so. Its number comes again,
        // and what is noted of it belongs to the old one.
        forget(descriptor)
        connections.insert(descriptor)
    }

    func watch(_ descriptor: Int32, _ interest: Int32) {
        wanted[descriptor] = interest
        if interest == 0 {
            // Other descriptors than connections (the resolver's) are closed without a word.
            if !connections.contains(descriptor) { forget(descriptor) }
            return
        }
        guard registered[descriptor] != interest else { return }
        registered[descriptor] = interest
        var mask: EventLoop.Interest = []
        if interest & Int32(CCURL_READ) != 0 { mask.insert(.read) }
        if interest & Int32(CCURL_WRITE) != 0 { mask.insert(.write) }
        loop.watch(descriptor, for: mask) { [unowned self] seen in ready(descriptor, seen) }
    }

    func closing(_ descriptor: Int32) {
        connections.remove(descriptor)
        forget(descriptor)
    }

    func setTimer(_ milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : loop.now() + UInt64(milliseconds) * 1_000_000
    }

    // MARK: From the loop

    private func ready(_ descriptor: Int32, _ seen: EventLoop.Interest) {
        guard wanted[descriptor, default: 0] != 0, let client else {
            // An idle connection that the server has closed: libcurl finds out when it wants to use it.
            registered[descriptor] = nil
            loop.unwatch(descriptor)
            return
        }
        var events: Int32 = 0
        if seen.contains(.read) { events |= Int32(CCURL_READ) }
        if seen.contains(.write) { events |= Int32(CCURL_WRITE) }
        if seen.contains(.closed) { events |= Int32(CCURL_FAILED) }
        ccurl_ready(client, descriptor, events)
        afterEvent()
    }

    /// Sets the loop's timer for what libcurl asked for last. An earlier timer is left to fire and look again, because
    /// libcurl moves its deadline with every request.
    func settle() {
        guard let deadline else { return }
        if let armed {
            if armed.at <= deadline { return }
            loop.cancel(armed.timer)
        }
        let now = loop.now()
        let wait = deadline > now ? Int((deadline - now + 999_999) / 1_000_000) : 0
        armed = (loop.after(milliseconds: wait) { [unowned self] in timerFired() }, deadline)
    }

    private func timerFired() {
        armed = nil
        guard let client, let deadline else { return }
        guard deadline <= loop.now() else { return settle() }
        self.deadline = nil
        ccurl_timeout(client)
        afterEvent()
    }

    private func forget(_ descriptor: Int32) {
        wanted[descriptor] = nil
        if registered.removeValue(forKey: descriptor) != nil { loop.unwatch(descriptor) }
    }
}
