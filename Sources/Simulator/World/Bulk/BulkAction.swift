// An action on many guests: what is done with each, in which order, and what is said of it.
// SPDX-License-Identifier: MIT

/// What a bulk action is to do.
struct BulkAction: Sendable {
    enum Kind: String, Sendable {
        case start, shutdown, suspend, migrate
    }

    var kind: Kind
    /// Only these; nil for all guests of the cluster.
    var guests: [Int]?
    var workers: Int
    /// Options of the calls that are made for each guest.
    var timeout: Int?
    var forcesStop = true
    var toDisk = false
    var stateStorage: String?
    var target = ""
    var isOnline = false
    var movesLocalDisks = false
    var caller: String

    init(_ kind: Kind, _ call: APICall) {
        self.kind = kind
        guests = call.lists["vms"].map { $0.compactMap { Int($0) } }
        workers = call.number("max-workers") ?? call.number("maxworkers") ?? (kind == .migrate ? 1 : 4)
        timeout = call.number("timeout")
        forcesStop = call.values["force-stop"] != "0"
        toDisk = call.flag("to-disk")
        stateStorage = call.values["statestorage"]
        target = call.values["target"] ?? ""
        isOnline = call.flag("online")
        movesLocalDisks = call.flag("with-local-disks")
        caller = call.caller
    }

    /// The first line of its log.
    var opening: String {
        let verb = ["start": "Starting", "shutdown": "Shutting down", "suspend": "Suspending", "migrate": "Migrating"]
        let suffix = kind == .migrate ? " to \(target)" : ""
        guard let guests else { return "\(verb[kind.rawValue] ?? "") all guests\(suffix)" }
        return "\(verb[kind.rawValue] ?? "") guests\(suffix): \(guests.map { "\($0)" }.joined(separator: ", "))"
    }

    /// What the log calls a failure of one guest.
    var gerund: String {
        switch kind {
        case .start: "Starting"
        case .shutdown, .suspend: "Stopping"
        case .migrate: "Migrating"
        }
    }

    /// The exit status when some guests failed.
    func failure(of guests: [Int]) -> String {
        let list = guests.map { "\($0)" }.joined(separator: ", ")
        return kind == .start
            ? "Some guests failed to start: \(list)" : "Some guests failed to \(kind.rawValue) \(list)"
    }
}

/// The `startup` option of a guest: `order=2,up=30,down=60`.
struct StartupOrder {
    var order: Int?
    /// Seconds to wait after its start, and for its shutdown.
    var up: Int?
    var down: Int?

    init(_ text: String?) {
        for part in (text ?? "").split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, let number = Int(halves[1]) else {
                order = Int(part)
                continue
            }
            switch halves[0] {
            case "order": order = number
            case "up": up = number
            case "down": down = number
            default: break
            }
        }
    }
}
