// Settings of a VM that creating and changing it share.
// SPDX-License-Identifier: MIT

import PluginKit

/// What the machine consists of; the defaults are those of a new one.
let hardware: [Parameter] = [
    .string("name", "Name (DNS name)."),
    .string("description", "Notes, Markdown."),
    .string("tags", "e.g. web;prod"),
    .integer("memory", "MiB.", in: 16..., default: 512),
    .integer("cores", "Cores per socket.", in: 1..., default: 1),
    .integer("sockets", "CPU sockets.", in: 1..., default: 1),
    .string("cpu", "CPU type, e.g. host or x86-64-v2-AES."),
    .string("ostype", "Guest system; l26: Linux; win11: Windows 11, 2022, 2025; other."),
    .string("bios", "ovmf: UEFI; wants efidisk0.", choices: ["seabios", "ovmf"], default: "seabios"),
    .string("machine", "e.g. q35"),
    .string("efidisk0", "e.g. local-lvm:1,efitype=4m,pre-enrolled-keys=1"),
    .string("scsihw", "SCSI controller, e.g. virtio-scsi-single.", default: "lsi"),
    .string("scsi0", "Disk: local-lvm:32 (new, GiB), local-lvm:0,import-from=local:import/x.qcow2"),
    .string("ide2", "local:iso/x.iso,media=cdrom, or local-lvm:cloudinit"),
    .string("net0", "e.g. virtio,bridge=vmbr0,tag=20,firewall=1"),
    .string("boot", "e.g. order=scsi0;ide2;net0"),
    .string("agent", "Guest agent, e.g. 1 or enabled=1,fstrim_cloned_disks=1"),
    .bool("onboot", "Start with the node."),
    .bool("protection", "Refuse deletion."),
]

/// What cloud-init tells the guest; needs a drive such as `ide2: local-lvm:cloudinit`.
let cloudInit: [Parameter] = [
    .string("ciuser", "Cloud-init user."),
    .string("cipassword", "Cloud-init password.").secret,
    .string("sshkeys", "Public keys, a line each."),
    .string("ipconfig0", "e.g. ip=dhcp or ip=10.0.0.5/24,gw=10.0.0.1"),
]
