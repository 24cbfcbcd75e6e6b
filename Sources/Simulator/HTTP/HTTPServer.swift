// Listens on loopback and serves each connection on a thread of its own.
// SPDX-License-Identifier: MIT

import CSimulatorTLS
import Glibc
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1, with TLS or without.
final class HTTPServer: @unchecked Sendable {
    // Sendable: everything but the date cache is written in `init` only, and a Mutex guards that one.

    /// What Proxmox allows one connection.
    struct Limits: Sendable {
        var idleSeconds = 5
        var answersPerConnection = 100
    }

    /// Why the server cannot listen.
    struct StartError: Error, CustomStringConvertible {
        let description: String
    }

    let tls: OpaquePointer?
    let limits: Limits
    let handler: @Sendable (HTTPRequest) -> HTTPReply
    /// The port it listens on.
    let port: Int
    private let listener: Int32
    private let dateCache = Mutex((second: 0, text: ""))

    /// Binds `port` on 127.0.0.1; 0 takes a free one. Clients may connect from now on.
    init(
        port: Int, tls: OpaquePointer?, limits: Limits = Limits(),
        handler: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) throws(StartError) {
        self.tls = tls
        self.limits = limits
        self.handler = handler
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            // sockaddr_in is one of the layouts a sockaddr stands for.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 512) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard listener >= 0, bound else {
            let reason = String(cString: strerror(errno))
            if listener >= 0 { close(listener) }
            throw StartError(description: "cannot listen on 127.0.0.1 port \(port): \(reason); try another --port")
        }
        self.listener = listener
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Accepts connections on a new thread from now on.
    func start() {
        Thread.start { self.acceptAll() }
    }

    private func acceptAll() {
        while true {
            let socket = accept(listener, nil, nil)
            if socket >= 0 {
                Thread.start {
                    var connection = HTTPConnection(socket: socket, server: self)
                    connection.serve()
                }
            } else if errno == EBADF || errno == EINVAL {
                return
            } else if errno == EMFILE || errno == ENFILE {
                // Out of descriptors: connections wait in the kernel until another one ends.
                usleep(10_000)
            }
        }
    }

    /// The time for the Date header, made once a second.
    func date() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return dateCache.withLock { cache in
            if cache.second != now.tv_sec { cache = (now.tv_sec, HTTPDate.text(now.tv_sec)) }
            return cache.text
        }
    }

    deinit { close(listener) }
}

/// Threads that nobody joins.
enum Thread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a new thread. When the system has no thread left, it runs on this one.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        defer { pthread_attr_destroy(&attributes) }
        // The new thread takes the reference over.
        let box = Unmanaged.passRetained(Body(body)).toOpaque()
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, threadMain, box)
        if status != 0 { _ = threadMain(box) }
    }

    private static let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
        guard let box else { return nil }
        Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run()
        return nil
    }
}
