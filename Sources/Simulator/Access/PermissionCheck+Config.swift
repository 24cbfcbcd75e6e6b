// Which privilege each option of a virtual machine needs, beyond what the endpoint asks of everybody.
// SPDX-License-Identifier: MIT

extension PermissionCheck {
    /// Why a change of a configuration is refused; nil when it is allowed, or when the call is no such change.
    func configDenial(of endpoint: APIEndpoint) -> String? {
        guard endpoint.method != "GET", endpoint.template == "/nodes/{node}/qemu/{vmid}/config" else { return nil }
        let control: Set<String> = [
            "node", "vmid", "digest", "delete", "revert", "force", "skiplock", "background_delay",
        ]
        let named = ["delete", "revert"].flatMap { Validator.splitList(values[$0] ?? "") }
        let path = "/vms/\(values["vmid"] ?? "")"
        for option in (values.keys.filter { !control.contains($0) } + named).sorted() {
            let wanted = Self.machinePrivileges(option, values[option])
            if let denial = missing(wanted, on: path, any: true) { return denial }
        }
        return nil
    }

    /// Privileges of which one is needed to set an option of a virtual machine.
    private static func machinePrivileges(_ option: String, _ value: String?) -> [String] {
        let stem = String(option.prefix { !$0.isNumber })
        switch stem {
        case "affinity", "cores", "cpu", "cpulimit", "cpuunits", "numa", "smp", "sockets", "vcpus":
            return ["VM.Config.CPU"]
        case "allow-ksm", "balloon", "hugepages", "keephugepages", "memory", "shares": return ["VM.Config.Memory"]
        case "net", "nameserver", "searchdomain": return ["VM.Config.Network"]
        case "ipconfig": return ["VM.Config.Network", "VM.Config.Cloudinit"]
        case "cicustom", "cipassword", "citype", "ciupgrade", "ciuser", "sshkeys":
            return ["VM.Config.Cloudinit", "VM.Config.Network"]
        case "cdrom": return ["VM.Config.CDROM"]
        case "ide", "sata", "scsi", "virtio":
            let isMedium = value?.split(separator: ",").contains { $0 == "media=cdrom" } == true
            if isMedium { return ["VM.Config.CDROM"] }
            return ["VM.Config.Disk"]
        case "efidisk", "tpmstate", "unused", "vmstatestorage": return ["VM.Config.Disk"]
        case "acpi", "arch", "audio", "bios", "hostpci", "hotplug", "intel-tdx", "ivshmem", "keyboard", "kvm",
            "machine", "parallel", "rng", "scsihw", "serial", "smbios", "tablet", "usb", "vga", "virtiofs",
            "vmgenid", "watchdog":
            return ["VM.Config.HWType"]
        default: return ["VM.Config.Options"]
        }
    }
}
