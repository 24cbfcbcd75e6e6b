// The command line of pve-sim.
// SPDX-License-Identifier: MIT

/// What was asked for on the command line.
struct SimulatorOptions {
    var world = WorldOptions()
    var port = 0
    var usesTLS = true
    var certificateDirectory: String?
    var logFile: String?
    var hasControl = false
    var loginDelay = 0
    var endsWithParent = true
    var endsWithInput = false
    var faults: [FaultRule] = []
    var tokens: [(id: String, secret: String)] = []
    var passwords = [("root@pam", "pve-sim"), ("auditor@pve", "pve-sim")]
    var shows: Text?

    enum Text { case help, version }

    /// An option that makes no sense; the text names it.
    struct UsageError: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    static let help = """
        pve-sim: a Proxmox VE API server that is not one, on 127.0.0.1

        usage: pve-sim [options]

        It prints the settings a client needs, one per line, and serves until SIGTERM or SIGINT.

          --port N             listen on port N (default 0: a free one)
          --http               plain HTTP instead of HTTPS
          --cert-dir DIR       write pve-root-ca.pem, pve-ssl.pem and pve-ssl.key there (default: a private directory)
          --release R          the release whose API it has: 9.2 (default) or 8.4
          --nodes N            nodes pve1 to pveN (default 3)
          --guests N           guests at start (default 12)
          --offline NODE       a node that cannot be reached; may be repeated
          --task-seconds S     how long tasks run (default 2)
          --seed N             makes another cluster
          --token ID=SECRET    another API token, as in 'root@pam!ci=1234'; it has all rights of its user
          --password ID=TEXT   the password of a user (root@pam and auditor@pve have 'pve-sim')
          --auth-delay S       hold every 401 back (default 0; a real server: 3)
          --log FILE           append every request as a line of JSON
          --control            serve /sim/faults and /sim/log
          --until-eof          end when standard input ends
          --detached           go on when the parent process ends

        Built-in tokens, all with the printed secret: root@pam!demo (all rights), root@pam!nothing (none),
        auditor@pve!ro (may read).

        Faults; each may be repeated, and end in #COUNT:

          --fail 'METHOD PATTERN=EFFECT'   EFFECT: STATUS[:reason], empty:STATUS[:reason], html[:STATUS], half, silence
          --drop 'METHOD PATTERN'          carry the request out, then end the connection without an answer
          --drop-idle                      end each connection after its answer without saying so
          --latency MS | 'METHOD PATTERN=MS'

        METHOD may be *. In PATTERN, * stands for part of a path segment, ** at the end for any rest:
          --fail 'GET /nodes=500:oops#1' --drop 'POST /nodes/*/qemu/*/status/start'

          --help, --version

        """

    init() {}

    /// Reads the arguments behind the program's name.
    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            var name = argument
            var attached: String?
            if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
                name = String(argument[..<equals])
                attached = String(argument[argument.index(after: equals)...])
            }
            if try setFlag(name, attached) { continue }
            guard Self.valued.contains(name) else {
                throw UsageError(description: "unknown option '\(argument)'; see pve-sim --help")
            }
            guard let value = attached ?? rest.popFirst() else {
                throw UsageError(description: "\(name) needs a value; see pve-sim --help")
            }
            try set(name, value)
        }
    }

    private static let valued = [
        "--port", "--cert-dir", "--release", "--nodes", "--guests", "--offline", "--task-seconds", "--seed", "--token",
        "--password", "--auth-delay", "--log", "--fail", "--drop", "--latency",
    ]

    private mutating func setFlag(_ name: String, _ attached: String?) throws(UsageError) -> Bool {
        switch name {
        case "--help", "-h": shows = .help
        case "--version": shows = .version
        case "--http": usesTLS = false
        case "--control": hasControl = true
        case "--until-eof": endsWithInput = true
        case "--detached": endsWithParent = false
        case "--drop-idle":
            try add(name, "* /**") { text throws(FaultRule.SyntaxError) in
                try FaultRule(requests: text, effect: .dropIdle)
            }
        default: return false
        }
        if attached != nil { throw UsageError(description: "\(name) takes no value") }
        return true
    }

    private mutating func set(_ name: String, _ value: String) throws(UsageError) {
        switch name {
        case "--port": port = try Self.integer(name, value, 0...65535)
        case "--cert-dir": certificateDirectory = value
        case "--nodes": world.nodes = try Self.integer(name, value, 1...64)
        case "--guests": world.guests = try Self.integer(name, value, 0...100_000)
        case "--seed":
            guard let seed = UInt64(value) else { throw UsageError(description: "--seed: '\(value)' is not a number") }
            world.seed = seed
        case "--release":
            guard APIFacts.releases.contains(value) else {
                let known = APIFacts.releases.joined(separator: " and ")
                throw UsageError(description: "--release: '\(value)' is not known; there are \(known)")
            }
            world.release = value
        case "--offline": world.offlineNodes.append(value)
        case "--task-seconds": world.taskSeconds = try Self.seconds(name, value)
        case "--auth-delay": loginDelay = Int(try Self.seconds(name, value) * 1000)
        case "--log": logFile = value
        case "--token": tokens.append(try Self.pair(name, value, wantsToken: true))
        case "--password": passwords.append(try Self.pair(name, value, wantsToken: false))
        case "--fail": try add(name, value) { text throws(FaultRule.SyntaxError) in try FaultRule(text) }
        case "--drop":
            try add(name, value) { text throws(FaultRule.SyntaxError) in try FaultRule(requests: text, effect: .drop) }
        default: try setLatency(value)
        }
    }

    private mutating func setLatency(_ value: String) throws(UsageError) {
        var rule = "* /**=latency:\(value)"
        if let equals = value.firstIndex(of: "=") {
            rule = "\(value[..<equals])=latency:\(value[value.index(after: equals)...])"
        }
        try add("--latency", rule) { text throws(FaultRule.SyntaxError) in try FaultRule(text) }
    }

    private mutating func add(
        _ option: String, _ text: String, _ read: (String) throws(FaultRule.SyntaxError) -> FaultRule
    ) throws(UsageError) {
        do throws(FaultRule.SyntaxError) {
            faults.append(try read(text))
        } catch {
            throw UsageError(description: "\(option): \(error)")
        }
    }

    private static func integer(_ name: String, _ value: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw UsageError(
                description: "\(name): '\(value)' is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func seconds(_ name: String, _ value: String) throws(UsageError) -> Double {
        guard let number = Double(value), number >= 0, number <= 86400 else {
            throw UsageError(description: "\(name): '\(value)' is not a number of seconds from 0 to 86400")
        }
        return number
    }

    private static func pair(
        _ name: String, _ value: String, wantsToken: Bool
    ) throws(UsageError) -> (String, String) {
        let parts = value.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let principal = Principal(parts[0]), (principal.token != nil) == wantsToken else {
            let shape = wantsToken ? "USER@REALM!NAME=SECRET" : "USER@REALM=PASSWORD"
            // The value holds a secret: it is not repeated here.
            throw UsageError(description: "\(name): the value must look like \(shape)")
        }
        return (principal.id, String(parts[1]))
    }
}
