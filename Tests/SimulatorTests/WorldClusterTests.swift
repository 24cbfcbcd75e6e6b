// Nodes, resources, histories, large clusters.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated cluster")
struct WorldClusterTests {
    @Test func equalSeedsGiveEqualClusters() {
        let options = WorldOptions(nodes: 5, guests: 200, seed: 7)
        let bytes = { (options: WorldOptions) in WorldLab(options).call("GET", "/cluster/resources").json?.raw }
        #expect(bytes(options) == bytes(options))
        #expect(bytes(options) != bytes(WorldOptions(nodes: 5, guests: 200, seed: 8)))
    }

    @Test func resourcesCanBeFiltered() {
        let lab = WorldLab()
        let types = { (filter: [String: String]) in
            Set(lab.call("GET", "/cluster/resources", filter).json?.elements.compactMap { $0["type"]?.string } ?? [])
        }
        #expect(types([:]) == ["qemu", "lxc", "node", "storage", "network"])
        #expect(types(["type": "vm"]) == ["qemu", "lxc"])
        #expect(types(["type": "node"]) == ["node"])
        #expect(types(["type": "storage"]) == ["storage"])
        #expect(types(["type": "sdn"]) == ["network"])
    }

    @Test func changesShowInResources() {
        let lab = WorldLab()
        let row = { lab.call("GET", "/cluster/resources").json?.elements.first { $0["vmid"]?.int == 100 } }
        #expect(row()?["status"]?.string == "stopped")
        _ = lab.vm(100, "PUT", "/config", ["name": "renamed", "tags": "b;a", "memory": "4096"])
        #expect(row()?["name"]?.string == "renamed")
        #expect(row()?["tags"]?.string == "a;b")
        #expect(row()?["maxmem"]?.int == 4096 << 20)
        _ = lab.finish(lab.vm(100, "POST", "/status/start"))
        #expect(row()?["status"]?.string == "running")
        #expect((row()?["cpu"]?.double ?? 2) <= 1)
        #expect(row()?["uptime"]?.int == 58)
    }

    @Test func aNodeCanBeUnreachable() {
        let lab = WorldLab(WorldOptions(offlineNodes: ["pve2", "pve1"]))
        #expect(lab.world.nodeState("pve1") == .online)
        #expect(lab.world.nodeState("localhost") == .online)
        #expect(lab.world.nodeState("pve2") == .offline)
        #expect(lab.world.nodeState("pve4") == .unknown)
        let nodes = lab.call("GET", "/nodes").json?.elements.compactMap { $0["status"]?.string }
        #expect(nodes == ["online", "offline", "online"])
        let guest = lab.call("GET", "/cluster/resources").json?.elements.first { $0["vmid"]?.int == 102 }
        #expect(guest?["status"]?.string == "unknown")
        #expect(lab.call("GET", "/nodes/{node}/status", ["node": "pve2"]).status == 595)
        let quorate = lab.call("GET", "/cluster/status").json?.elements.first { _ in true }?["quorate"]?.int
        #expect(quorate == 1)
    }

    @Test func localhostIsTheNodeThatAnswers() {
        let answer = WorldLab().call("GET", "/nodes/{node}/qemu", ["node": "localhost"])
        #expect(answer.json?.count == 7)
    }

    @Test func nodeSettingsLast() {
        let lab = WorldLab()
        _ = lab.call("PUT", "/nodes/{node}/dns", ["search": "lan", "dns1": "192.0.2.1"])
        let dns = lab.call("GET", "/nodes/{node}/dns").json
        #expect(dns?["search"]?.string == "lan")
        #expect(dns?["dns2"] == nil)
        _ = lab.call("PUT", "/nodes/{node}/time", ["timezone": "Europe/Vienna"])
        #expect(lab.call("GET", "/nodes/{node}/time").json?["timezone"]?.string == "Europe/Vienna")
    }

    @Test func servicesStopAndStart() {
        let lab = WorldLab()
        let command = { (name: String, what: String) in
            lab.call("POST", "/nodes/{node}/services/{service}/\(what)", ["service": name])
        }
        let state = {
            lab.call("GET", "/nodes/{node}/services/{service}/state", ["service": "cron"]).json?["state"]?.string
        }
        #expect(state() == "running")
        #expect(lab.finish(command("cron", "stop")) == "OK")
        #expect(state() == "dead")
        #expect(lab.finish(command("cron", "start")) == "OK")
        #expect(state() == "running")
        #expect(command("pveproxy", "stop").status == 500)
    }

    @Test(arguments: [
        ("hour", 60, 60), ("day", 1440, 60), ("week", 336, 1800), ("month", 1440, 1800), ("year", 1440, 21_600),
    ])
    func historiesHaveTheirPoints(timeframe: String, points: Int, step: Int64) {
        let lab = WorldLab()
        let rows = lab.vm(101, "GET", "/rrddata", ["timeframe": timeframe]).json?.elements.map { $0 } ?? []
        #expect(rows.count == points)
        let times = rows.compactMap { $0["time"]?.int }
        #expect(zip(times.dropFirst(), times).allSatisfy { $0 - $1 == step })
        #expect(rows.last?["cpu"] != nil)
        let stopped = lab.vm(100, "GET", "/rrddata", ["timeframe": timeframe]).json?.elements.map { $0 } ?? []
        #expect(stopped.allSatisfy { $0.count == 1 })
    }

    @Test func theSyslogNamesTasks() {
        let lab = WorldLab()
        let upid = lab.vm(100, "POST", "/status/start").text
        lab.clock.turn(5)
        let log = lab.call("GET", "/nodes/{node}/syslog", ["limit": "500"])
        let lines = log.json?.elements.compactMap { $0["t"]?.string } ?? []
        #expect(lines.last?.hasSuffix("end task \(upid) OK") == true)
        #expect(lines.last?.hasPrefix("Jan 15 08:00:02 pve1 pvedaemon[") == true)
        #expect(log.total == lines.count)
    }

    @Test func theSyslogCountsFromTheOldestLine() {
        let lab = WorldLab()
        for _ in 0..<30 {
            _ = lab.vm(100, "POST", "/status/start")
            lab.clock.turn(5)
            _ = lab.vm(100, "POST", "/status/stop")
            lab.clock.turn(5)
        }
        let all = lab.call("GET", "/nodes/{node}/syslog", ["limit": "500"]).json?.elements.map { $0["t"]?.string } ?? []
        #expect(all.count > 100)
        for values in [[:], ["limit": "0"]] {
            let log = lab.call("GET", "/nodes/{node}/syslog", values)
            #expect(log.json?.elements.map { $0["t"]?.string } == Array(all.prefix(50)))
            #expect(log.total == all.count)
        }
        func count(_ values: [String: String]) -> Int? { lab.call("GET", "/nodes/{node}/syslog", values).total }
        // The clock began at 2027-01-15 08:00:00.
        let earlier = count(["until": "2027-01-15 07:59:59"]) ?? 0
        #expect(earlier > 0 && earlier < all.count)
        #expect(count(["since": "2027-01-15 08:00"]) == all.count - earlier)
        #expect(count(["since": "2027-01-15"]) == count(["since": "2027-01-15 00:00:00"]))
        #expect(
            lab.call("GET", "/nodes/{node}/syslog", ["since": "2027-01-16"]).json?.elements.map { $0["t"]?.string }
                == ["-- No entries --"])
    }

    @Test func largeClustersAnswerQuickly() {
        let lab = WorldLab(WorldOptions(nodes: 32, guests: 10_000))
        let clock = ContinuousClock()
        var rows = 0
        let elapsed = clock.measure { rows = lab.call("GET", "/cluster/resources").json?.count ?? 0 }
        #expect(rows == 10_000 + 32 + 3 * 32 + 32)
        // A build without optimisation is some ten times slower than the 20 ms a release build stays below.
        #expect(elapsed < .seconds(3))
        #expect(lab.call("GET", "/cluster/nextid").text == "10100")
    }

    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    ])
    func digestsAreSHA1(text: String, digest: String) {
        #expect(SHA1.hexadecimal(of: Array(text.utf8)) == digest)
    }
}
