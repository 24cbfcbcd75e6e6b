// A node: its hardware, its services, and how busy it is.
// SPDX-License-Identifier: MIT

/// A node of the cluster.
struct Node {
    let name: String
    /// From 1, in the order of the names.
    let number: Int
    var isOnline: Bool
    /// Seconds since 1970.
    var bootedAt: Double
    let cpus: Int
    /// Bytes.
    let memory: Int
    let rootDisk: Int
    let fingerprint: String
    var dns = ["search": "example.net", "dns1": "192.0.2.53", "dns2": "198.51.100.53"]
    var timezone = "UTC"
    var network: NodeNetwork
    /// Services that are not running.
    var stoppedServices: Set<String> = []
    private var lastPID = 1200

    init(name: String, number: Int, isOnline: Bool, bootedAt: Double, random: inout SeededRandom) {
        self.name = name
        self.number = number
        self.isOnline = isOnline
        self.bootedAt = bootedAt
        cpus = [16, 24, 32].randomElement(using: &random) ?? 16
        memory = ([64, 128, 256].randomElement(using: &random) ?? 64) << 30
        rootDisk = 100 << 30
        network = NodeNetwork(address: Self.address(ofNumber: number))
        let digits = Array(random.hex(64).uppercased())
        fingerprint = stride(from: 0, to: 64, by: 2).map { "\(digits[$0])\(digits[$0 + 1])" }.joined(separator: ":")
    }

    /// In the documentation range 192.0.2.0/24; larger clusters go on in 198.51.100.0/24.
    var address: String { Self.address(ofNumber: number) }

    private static func address(ofNumber number: Int) -> String {
        number < 250 ? "192.0.2.\(number)" : "198.51.100.\(number - 249)"
    }

    mutating func nextPID() -> Int {
        lastPID += 1
        return lastPID
    }
}

/// Values that vary with time as measured ones do: new every ten seconds, as pvestatd measures.
struct Load {
    let seed: UInt64
    /// What is measured; any number that no other thing has.
    let subject: UInt64

    /// A value between 0 and 1 at a time, the same whenever it is asked for again.
    func level(at time: Double, _ quantity: UInt64 = 0) -> Double {
        let moment = UInt64(max(0, time) / 10)
        let base = share(SeededRandom.mix(seed ^ subject &* 0x9E37_79B9 ^ quantity << 40))
        let noise = share(SeededRandom.mix(seed ^ subject << 20 ^ moment << 8 ^ quantity))
        return base * 0.6 + noise * 0.2 + 0.02
    }

    private func share(_ bits: UInt64) -> Double { Double(bits >> 40) / Double(1 << 24) }
}
