// The cluster as it is when the simulator starts.
// SPDX-License-Identifier: MIT

/// Guests with a part to play, and the ordinary ones around them.
///
/// The first twelve, in this order from id 100 on:
///
/// | id | name | what is special |
/// |---|---|---|
/// | 100 | web1 | stopped on pve1, starts without trouble |
/// | 101 | db1 | running on pve1, agent answers, two snapshots, a backup |
/// | 102 | web2 | running on pve2, disk on shared storage, agent answers |
/// | 103 | warns | its start ends `WARNINGS: 1` |
/// | 104 | fails | its start ends `start failed: QEMU exited with code 1` |
/// | 105 | slow | its tasks take ten times as long; its agent does not answer |
/// | 106 | locked | `lock: backup` |
/// | 107 | protected | `protection: 1` |
/// | 108 | debian-template | a template |
/// | 109 | build1 | paused on pve3 |
/// | 110 | proxy1 | a running container |
/// | 111 | dns1 | a stopped container |
///
/// The names count, wherever they are used: a clone named "slow" is slow too.
enum Population {
    struct Part {
        var name: String
        var kind = Guest.Kind.qemu
        /// The node, counted from 0; taken modulo the number of nodes.
        var node = 0
        var runs = false
        var tags: String?
        var values: [String: String] = [:]
        var storage = "local-lvm"
        var disk = "32G"
    }

    static let first: [Part] = [
        Part(name: "web1", tags: "prod;web", values: ["agent": "1", "description": "Front end"]),
        Part(
            name: "db1", runs: true, tags: "db;prod", values: ["agent": "1", "memory": "8192", "cores": "4"],
            disk: "64G"),
        Part(
            name: "web2", node: 1, runs: true, tags: "prod;web", values: ["agent": "enabled=1,fstrim_cloned_disks=1"],
            storage: "shared"),
        Part(name: "warns", tags: "demo", values: ["bios": "ovmf"]),
        Part(name: "fails", tags: "demo"),
        Part(name: "slow", node: 1, tags: "demo", values: ["agent": "1"]),
        Part(name: "locked", tags: "demo", values: ["lock": "backup"]),
        Part(name: "protected", tags: "demo", values: ["protection": "1"]),
        Part(
            name: "debian-template", tags: "template",
            values: ["template": "1", "ciuser": "debian", "ipconfig0": "ip=dhcp"], disk: "8G"),
        Part(name: "build1", node: 2, runs: true, tags: "ci"),
        Part(name: "proxy1", kind: .lxc, node: 2, runs: true, tags: "prod", disk: "8G"),
        Part(name: "dns1", kind: .lxc, node: 1, disk: "4G"),
    ]

    private static let roles = ["web", "db", "cache", "mail", "build", "queue", "monitor", "gitlab", "wiki", "vpn"]

    /// An ordinary guest, the `number`th of the cluster.
    static func ordinary(_ number: Int, nodes: Int, random: inout SeededRandom) -> Part {
        let bits = random.next()
        let role = roles[Int(bits % UInt64(roles.count))]
        var part = Part(name: "\(role)\(number)", node: Int((bits >> 8) % UInt64(nodes)))
        part.kind = (bits >> 24) % 5 == 0 ? .lxc : .qemu
        part.runs = (bits >> 32) % 10 < 7
        part.tags = (bits >> 40) % 3 == 0 ? nil : (bits >> 42) % 2 == 0 ? "prod;\(role)" : "\(role);test"
        part.storage = (bits >> 44) % 4 == 0 ? "shared" : "local-lvm"
        part.disk = ["8G", "16G", "32G", "100G"][Int((bits >> 48) % 4)]
        part.values = [
            "memory": ["1024", "2048", "4096", "16384"][Int((bits >> 52) % 4)],
            "cores": ["1", "2", "4", "8"][Int((bits >> 56) % 4)],
        ]
        if (bits >> 60) % 2 == 0, part.kind == .qemu { part.values["agent"] = "1" }
        return part
    }
}

extension Cluster {
    /// Fills a new cluster.
    mutating func populate() {
        for number in 1...max(1, options.nodes) {
            let name = "pve\(number)"
            let isOnline = number == 1 || !options.offlineNodes.contains(name)
            let booted = now - 86_400 * Double(10 + number % 30) - Double(random.next() % 80_000)
            nodeNames.append(name)
            nodes[name] = Node(name: name, number: number, isOnline: isOnline, bootedAt: booted, random: &random)
        }
        storages = [
            Storage(
                name: "local", type: "dir", content: ["iso", "vztmpl", "backup", "import", "snippets"], isShared: false,
                size: 100 << 30, settings: ["path": "/var/lib/vz"]),
            Storage(
                name: "local-lvm", type: "lvmthin", content: ["images", "rootdir"], isShared: false, size: 800 << 30,
                settings: ["thinpool": "data", "vgname": "pve"]),
            Storage(
                name: "shared", type: "nfs", content: ["images", "rootdir", "iso", "backup"], isShared: true,
                size: 8 << 40,
                settings: [
                    "server": "192.0.2.250", "export": "/tank/pve", "path": "/mnt/pve/shared", "options": "vers=4.2",
                ]),
        ]
        let count = max(0, options.guests)
        for number in 0..<count {
            let part =
                number < Population.first.count
                ? Population.first[number]
                : Population.ordinary(number, nodes: nodeNames.count, random: &random)
            settle(part, as: 100 + number)
        }
        storeImages()
        rememberPast()
    }

    private mutating func settle(_ part: Population.Part, as vmid: Int) {
        let node = nodeNames[part.node % nodeNames.count]
        let created = Int(now) - 86_400 * (30 + vmid % 300)
        var config = GuestConfig()
        if part.kind == .qemu {
            let values = [
                "name": part.name, "memory": "2048", "cores": "2", "sockets": "1", "cpu": "x86-64-v2-AES",
                "ostype": "l26", "scsihw": "virtio-scsi-single", "numa": "0", "onboot": "1",
                "net0": "virtio=\(random.mac()),bridge=vmbr0,firewall=1", "boot": "order=scsi0;net0",
                "smbios1": "uuid=\(random.uuid())", "vmgenid": random.uuid(),
                "meta": "creation-qemu=10.1.2,ctime=\(created)",
            ]
            config.current = values.merging(part.values) { $1 }
            let storage = storages.first { $0.name == part.storage } ?? storages[1]
            let image = (part.values["template"] == "1" ? "base" : "vm") + "-\(vmid)-disk-0"
            let volume = storage.volume(image, of: vmid, format: storage.defaultFormat)
            config.current["scsi0"] = "\(volume),discard=on,iothread=1,size=\(part.disk),ssd=1"
            if part.values["ciuser"] != nil {
                config.current["ide2"] =
                    "\(storage.volume("vm-\(vmid)-cloudinit", of: vmid, format: "qcow2")),media=cdrom"
            }
        } else {
            config.current = [
                "hostname": part.name, "memory": "1024", "swap": "512", "cores": "2", "arch": "amd64",
                "ostype": "debian", "unprivileged": "1", "onboot": "1", "features": "nesting=1",
                "rootfs": "local-lvm:vm-\(vmid)-disk-0,size=\(part.disk)",
                "net0": "name=eth0,bridge=vmbr0,hwaddr=\(random.mac()),ip=dhcp,type=veth",
            ].merging(part.values) { $1 }
        }
        if let tags = part.tags { config.current["tags"] = tags }
        let guest = Guest(vmid: vmid, kind: part.kind, node: node, config: config)
        if part.runs {
            let since = now - Double(600 + random.next() % 700_000)
            guest.run = part.name == "build1" ? .paused(since: since) : .running(since: since)
            guest.pid = nodes[node]?.nextPID() ?? 1
        }
        if part.name == "db1" {
            for (name, age, text) in [("before-upgrade", 12, "PostgreSQL 16"), ("after-upgrade", 11, "PostgreSQL 17")] {
                guest.config.snapshots.add(
                    Snapshot(
                        name: name, description: text, time: Int(now) - age * 86_400, hasMemory: false, parent: nil,
                        values: guest.config.current))
            }
        }
        guests[vmid] = guest
        guestIDs.append(vmid)
    }

    /// Images, container templates and backups.
    private mutating func storeImages() {
        let stamp = now - 6 * 86_400
        // Every node has these two on its own disk, so they stand here without a node.
        storages[0].volumes["local:iso/debian-13.1.0-amd64-netinst.iso"] = StoredVolume(
            content: "iso", format: "iso", size: 822_083_584, time: Int(stamp) - 500_000)
        storages[0].volumes["local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"] = StoredVolume(
            content: "vztmpl", format: "tzst", size: 129_710_398, time: Int(stamp) - 400_000)
        storages[2].volumes["shared:iso/ubuntu-24.04.3-live-server-amd64.iso"] = StoredVolume(
            content: "iso", format: "iso", size: 3_303_444_480, time: Int(stamp) - 900_000)
        guard let guest = guests[101], guest.kind == .qemu else { return }
        let name = "shared:backup/vzdump-qemu-101-\(CalendarTime(stamp).fileStamp).vma.zst"
        storages[2].volumes[name] = StoredVolume(
            content: "backup", format: "vma.zst", size: 9_412_603_904, time: Int(stamp), vmid: 101, notes: "db1",
            backup: guest.config.current)
    }

    /// Tasks of the last days, so that lists are not empty.
    private mutating func rememberPast() {
        let present = now
        for (type, id, age, outcome) in [
            ("vzdump", "", 6 * 86_400.0, TaskOutcome.ok), ("aptupdate", "", 90_000, .ok),
            ("qmstart", "101", 40_000, .ok),
            ("qmstart", "104", 30_000, .failed("start failed: QEMU exited with code 1")),
            ("qmstart", "103", 20_000, .warnings(1)),
        ] {
            now = present - age
            let failure: String? = if case .failed(let text) = outcome { text } else { nil }
            let warnings = if case .warnings(let count) = outcome { count } else { 0 }
            _ = begin(type, id: id, on: localNode, by: "root@pam") { _ in
                TaskCourse(seconds: 12, lines: ["starting task \(type)"], warnings: warnings, failure: failure)
            }
            advance(to: now + 12)
        }
        now = present
    }
}
