// The faults in force. They can change while requests are served.
// SPDX-License-Identifier: MIT

import Synchronization

/// What one request meets.
struct MetFaults: Sendable, Equatable {
    var status: (code: Int, reason: String?, body: FaultRule.Body)?
    var isHalf = false
    var isSilent = false
    var isDropped = false
    var endsSilently = false
    var latency = 0
    /// The rules that were met, as written, for the log.
    var rules: [String] = []

    static func == (left: MetFaults, right: MetFaults) -> Bool {
        left.status?.code == right.status?.code && left.isHalf == right.isHalf && left.isSilent == right.isSilent
            && left.isDropped == right.isDropped && left.endsSilently == right.endsSilently
            && left.latency == right.latency && left.rules == right.rules
    }
}

/// The list of rules. Any thread may use it.
final class Faults: Sendable {
    private let rules: Mutex<[FaultRule]>

    init(_ rules: [FaultRule] = []) {
        self.rules = Mutex(rules)
    }

    func add(_ new: [FaultRule]) { rules.withLock { $0 += new } }

    func removeAll() { rules.withLock { $0 = [] } }

    /// The rules in force, with how often each still applies.
    var all: [FaultRule] { rules.withLock { $0 } }

    /// What a request meets; counts it.
    func meet(method: String, path: [String]) -> MetFaults {
        rules.withLock { rules in
            var met = MetFaults()
            if rules.isEmpty { return met }
            for index in rules.indices where rules[index].applies(method: method, path: path) {
                switch rules[index].effect {
                case .status(let code, let reason, let body):
                    if met.status != nil { continue }
                    met.status = (code, reason, body)
                case .half: met.isHalf = true
                case .silence: met.isSilent = true
                case .drop: met.isDropped = true
                case .dropIdle: met.endsSilently = true
                case .latency(let time): met.latency += time
                }
                met.rules.append(rules[index].text)
                rules[index].remaining = rules[index].remaining.map { $0 - 1 }
            }
            rules.removeAll { $0.remaining == 0 }
            return met
        }
    }
}
