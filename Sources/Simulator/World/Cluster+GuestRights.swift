// What callers need for guests, volumes and backups, where the endpoint decides in its code.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// Refuses an endpoint that may look at volumes to those who may not see this one.
    func demandAccess(_ call: APICall, to volume: String, in storage: String) throws {
        let path = "/storage/\(storage)"
        if mayAny(call, ["Datastore.Allocate"], on: path) { return }
        let file = volume.drop { $0 != ":" }.dropFirst()
        let kind = file.prefix { $0 != "/" }
        if kind == "iso" || kind == "vztmpl" || kind == "import" || kind == "snippets" {
            return try demandAny(
                call, ["Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit"], on: path)
        }
        try demandAny(call, ["Datastore.AllocateSpace"], on: path)
        guard let owner = Self.ownerInName(String(file)) else { return }
        try demandAny(call, [kind == "backup" ? "VM.Backup" : "VM.Config.Disk"], on: "/vms/\(owner)")
    }

    /// Refuses the removal of backups to those who may not back the guest up, and of the rest to nearly all.
    func demandRemoval(_ call: APICall, ofBackupsOf guest: Int?, in storage: String) throws {
        guard let guest else { return try demandAny(call, ["Datastore.Allocate"], on: "/storage/\(storage)") }
        try demandAny(call, ["Datastore.AllocateSpace"], on: "/storage/\(storage)")
        try demandAny(call, ["VM.Backup"], on: "/vms/\(guest)")
    }

    /// The guest in a name such as `vm-100-disk-0` or `backup/vzdump-qemu-100-2026_11_20-…`.
    static func ownerInName(_ file: String) -> Int? {
        file.split(whereSeparator: { "/-".contains($0) }).lazy.compactMap { Int($0) }.first
    }

    /// Refuses new volumes to those who may not allocate on their storages.
    func demandSpace(_ call: APICall, for values: [String: String], default storage: String? = nil) throws {
        var names: Set<String> = []
        for (name, value) in values where ConfigOption.holdsVolume(name) {
            let drive = Drive(value)
            if drive.isCDROM, !drive.isCloudInit { continue }
            if let own = drive.storage { names.insert(own) }
        }
        if let storage { names.insert(storage) }
        for name in names.sorted() { try demandAny(call, ["Datastore.AllocateSpace"], on: "/storage/\(name)") }
    }

    /// Refuses options of a container to those who lack the privilege for that sort of option.
    func demandOptions(_ call: APICall, _ names: some Sequence<String>, of vmid: Int) throws {
        for name in names.sorted() {
            let privilege =
                switch name {
                case "cores", "cpulimit", "cpuunits": "VM.Config.CPU"
                case "memory", "swap": "VM.Config.Memory"
                case "hostname", "nameserver", "searchdomain": "VM.Config.Network"
                case _ where ContainerOption.index(of: name, in: "net") != nil: "VM.Config.Network"
                case _ where ContainerOption.isVolume(name) || ConfigOption.isUnused(name): "VM.Config.Disk"
                default: "VM.Config.Options"
                }
            try demandAny(call, [privilege], on: "/vms/\(vmid)")
        }
    }

    /// Refuses a bulk action without the privilege on each guest that is named, or on all when none is.
    func demandEach(_ call: APICall, _ privilege: String, on guests: [Int]?) throws {
        guard let guests, !guests.isEmpty else { return try demandAny(call, [privilege], on: "/") }
        for guest in guests { try demandAny(call, [privilege], on: "/vms/\(guest)") }
    }

    /// What options of a backup need beyond the right to make it.
    func demandBackupOptions(_ call: APICall, storage: String) throws {
        if call.values["prune-backups"] != nil || call.values["maxfiles"] != nil {
            try demandAny(call, ["Datastore.Allocate"], on: "/storage/\(storage)")
        }
        for name in ["bwlimit", "performance", "ionice"] where call.values[name] != nil {
            try demandAny(call, ["Sys.Modify"], on: "/")
        }
    }
}
