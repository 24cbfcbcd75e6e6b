// The simulated cluster, seen from the HTTP side.
// SPDX-License-Identifier: MIT

import Synchronization

/// How the cluster is made at start.
struct WorldOptions: Sendable {
    var nodes = 3
    var guests = 12
    var taskSeconds = 2.0
    var seed: UInt64 = 1
    var release = "9.2"
    var offlineNodes: [String] = []
}

/// Whether a node can be talked to.
enum NodeState: Sendable {
    case online, offline, unknown
}

/// The cluster's state. Any thread may call it.
final class World: @unchecked Sendable {
    private let options: WorldOptions

    init(options: WorldOptions) {
        self.options = options
    }

    func answer(_ call: APICall) -> APIAnswer {
        let version =
            #"{"release":"\#(options.release)","repoid":"14a22df32f0e0000","version":"\#(options.release).1"}"#
        return .data(json: Array(version.utf8))
    }

    func knows(method: String, template: String) -> Bool {
        method == "GET" && template == "/version"
    }

    func nodeState(_ name: String) -> NodeState {
        guard let number = Int(name.dropFirst(3)), name.hasPrefix("pve"), (1...options.nodes).contains(number) else {
            return .unknown
        }
        return options.offlineNodes.contains(name) ? .offline : .online
    }
}
