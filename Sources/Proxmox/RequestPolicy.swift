// What a request must pass before it leaves.
// SPDX-License-Identifier: MIT

/// Decides whether a request may be sent. Asked for every request of a ``Client``, at the point where it leaves.
///
/// The only exchange that is not asked about is the client's own login with the configured password.
public protocol RequestPolicy {
    /// Nil when the request may go; otherwise why not. `release` is the server's version, such as `9.0.3`, once known.
    func check(_ request: Request, release: String?) -> Failure?

    /// The request as this release takes it, when it has to be another one; nil when it may go as it is. Asked for before
    /// ``check(_:release:)``. Nil by default.
    func adapt(_ request: Request, release: String?) -> Request?

    /// Whether `release` matters: the client then asks for the version before the first request. True by default.
    var usesRelease: Bool { get }
}

extension RequestPolicy {
    public var usesRelease: Bool { true }
    public func adapt(_ request: Request, release: String?) -> Request? { nil }
}

/// Lets every request pass.
public struct UncheckedPolicy: RequestPolicy {
    public init() {}
    public func check(_ request: Request, release: String?) -> Failure? { nil }
    public var usesRelease: Bool { false }
}
