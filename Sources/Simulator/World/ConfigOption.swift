// The options a virtual machine's configuration can hold, and how their values behave.
// SPDX-License-Identifier: MIT

/// Facts about configuration options.
enum ConfigOption {
    /// Answered as JSON numbers: integers and booleans. Everything else is a text, `memory` too.
    private static let numeric: Set<String> = [
        "acpi", "allow-ksm", "autostart", "balloon", "ciupgrade", "cores", "cpulimit", "cpuunits", "freeze",
        "keephugepages", "kvm", "localtime", "migrate_downtime", "migrate_speed", "numa", "onboot", "protection",
        "reboot", "shares", "smp", "sockets", "tablet", "tdf", "template", "vcpus", "swap", "unprivileged", "console",
        "tty", "debug", "snaptime",
    ]

    private static let textual: Set<String> = [
        "affinity", "agent", "amd-sev", "arch", "args", "audio0", "bios", "boot", "bootdisk", "cdrom", "cicustom",
        "cipassword", "citype", "ciuser", "cpu", "description", "efidisk0", "hookscript", "hotplug", "hugepages",
        "intel-tdx", "ivshmem", "keyboard", "lock", "machine", "memory", "meta", "name", "nameserver", "ostype",
        "rng0", "scsihw", "searchdomain", "smbios1", "spice_enhancements", "sshkeys", "startdate", "startup", "tags",
        "tpmstate0", "vga", "vmgenid", "vmstate", "vmstatestorage", "watchdog", "parent", "runningmachine",
        "runningcpu",
    ]

    private static let indexed: [String: Int] = [
        "hostpci": 16, "ide": 4, "ipconfig": 32, "net": 32, "numa": 8, "parallel": 3, "sata": 6, "scsi": 31,
        "serial": 4, "unused": 256, "usb": 14, "virtio": 16, "virtiofs": 10,
    ]

    /// Changed at once in a running guest, with hotplug as it is by default.
    private static let live: Set<String> = [
        "cpulimit", "cpuunits", "description", "hookscript", "lock", "name", "onboot", "protection", "shares",
        "startup", "tags", "vmstatestorage",
    ]

    static func exists(_ name: String) -> Bool {
        numeric.contains(name) || textual.contains(name) || indexed.keys.contains { index(of: name, in: $0) != nil }
    }

    static func isNumeric(_ name: String) -> Bool { numeric.contains(name) }

    /// The number in `net3` for the family `net`; nil when the name is not of that family.
    static func index(of name: String, in family: String) -> Int? {
        guard name.hasPrefix(family), let number = Int(name.dropFirst(family.count)), number >= 0,
            number < indexed[family] ?? 0
        else { return nil }
        return number
    }

    /// Drives that are attached, not `unused3`.
    static func isDrive(_ name: String) -> Bool {
        let family =
            switch name.utf8.first {
            case UInt8(ascii: "s"): name.hasPrefix("scsi") ? "scsi" : "sata"
            case UInt8(ascii: "i"): "ide"
            case UInt8(ascii: "v"): "virtio"
            default: ""
            }
        if family.isEmpty { return name == "efidisk0" || name == "tpmstate0" }
        return index(of: name, in: family) != nil
    }

    /// Drives of virtual machines, root file systems and mount points of containers.
    static func holdsVolume(_ name: String) -> Bool { isDrive(name) || ContainerOption.isVolume(name) }

    static func isUnused(_ name: String) -> Bool { index(of: name, in: "unused") != nil }

    /// Whether a running guest takes the new value at once; otherwise it waits for the next start.
    static func isHotpluggable(_ name: String, old: String?, new: String?) -> Bool {
        if live.contains(name) || isUnused(name) || index(of: name, in: "net") != nil
            || index(of: name, in: "usb") != nil
        {
            return true
        }
        guard isDrive(name) else { return false }
        // A medium can be changed in any drive; disks can be plugged on SCSI and virtio only.
        if let old, let new, Drive(old).isCDROM, Drive(new).isCDROM { return !Drive(old).isCloudInit }
        return name.hasPrefix("scsi") || name.hasPrefix("virtio")
    }
}
