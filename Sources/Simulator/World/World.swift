// The simulated cluster as seen from outside: one call at a time, on the time of an injected clock.
// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// How a simulated cluster is to be.
struct WorldOptions {
    /// Nodes, named pve1, pve2 and so on.
    var nodes = 3
    /// Guests, virtual machines and containers together, with ids from 100.
    var guests = 12
    /// How long a start takes, in seconds; other tasks take a multiple of it.
    var taskSeconds = 2.0
    /// Equal seeds give equal clusters.
    var seed: UInt64 = 1
    /// The version that the nodes report, such as `9.2` or `8.4`.
    var release = "9.2"
    /// Nodes that cannot be reached. The first node answers and is never among them.
    var offlineNodes: [String] = []
}

/// Whether a node can be reached.
enum NodeState {
    case online, offline
    /// No node of the cluster has this name.
    case unknown
}

/// The time of the system, in seconds since 1970.
@Sendable func systemClock() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// A simulated cluster that can be called from any thread.
///
/// Nothing happens by itself: before a call is answered, every task that is due by the clock is brought to
/// its end. So there are no threads, and a test that turns the clock sees years pass at once.
final class World: @unchecked Sendable {
    // Sendable: everything that changes is inside `cluster`, behind its mutex; the clock is never replaced.
    private let cluster: Mutex<Cluster>
    private let clock: @Sendable () -> Double

    init(options: WorldOptions, clock: @escaping @Sendable () -> Double = systemClock) {
        self.clock = clock
        cluster = Mutex(Cluster(options: options, now: clock()))
    }

    /// Answers a call that has passed authentication and the schema.
    func answer(_ call: APICall) -> APIAnswer {
        guard let endpoint = Endpoints.table[Endpoints.key(call.method, call.template)] else {
            return .failure(status: 501, message: "Method '\(call.method) \(call.template)' not implemented")
        }
        let now = clock()
        return cluster.withLock { cluster in
            cluster.advance(to: now)
            do {
                return try cluster.carryOut(call, endpoint)
            } catch let refusal as Refusal {
                return refusal.answer
            } catch {
                return .failure(status: 500, message: "\(error)")
            }
        }
    }

    /// Looks at the cluster, or changes it, outside any call.
    func withCluster<R: Sendable>(_ body: (inout Cluster) -> sending R) -> R { cluster.withLock { body(&$0) } }

    /// Whether calls of this endpoint are answered here.
    func knows(method: String, template: String) -> Bool {
        Endpoints.table[Endpoints.key(method, template)] != nil
    }

    /// Takes a node off the network, or brings it back; false when there is none of this name or it is the one that
    /// answers.
    func setOnline(_ isOnline: Bool, node name: String) -> Bool {
        withCluster { cluster in
            guard name != cluster.localNode, cluster.nodes[name] != nil else { return false }
            cluster.nodes[name]?.isOnline = isOnline
            return true
        }
    }

    /// The name of the cluster; nil when its one node is in none.
    var clusterName: String? { withCluster { $0.nodeNames.count > 1 ? "lab" : nil } }

    /// The state of a node. `localhost` is the node that answers.
    func nodeState(_ name: String) -> NodeState {
        cluster.withLock { cluster in
            guard let node = cluster.nodes[name == "localhost" ? cluster.localNode : name] else { return .unknown }
            return node.isOnline ? .online : .offline
        }
    }
}
