// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct PropertyStringTests {
    let validator: Validator
    let create: APIEndpoint

    init() throws {
        let facts = try APIFacts(release: "9.2")
        validator = Validator(facts: facts)
        create = try #require(facts.endpoint(method: "POST", path: ["nodes", "pve1", "qemu"])).endpoint
    }

    private func error(_ name: String, _ value: String) -> String? {
        let given: [String: ParameterValue] = ["node": .text("pve1"), "vmid": .text("100"), name: .text(value)]
        let errors = validator.check(given, of: create).1
        return errors.texts.first { $0.parameter == name }?.text
    }

    @Test(arguments: [
        ("net0", "virtio,bridge=vmbr0,firewall=on"), ("net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0"),
        ("net31", "model=e1000"), ("scsi0", "local-lvm:8,discard=on,ssd=1"), ("ide2", "none,media=cdrom"),
        ("ide2", "local:iso/debian.iso,media=cdrom"), ("agent", "1"), ("agent", "enabled=1,fstrim_cloned_disks=true"),
        ("memory", "2048"), ("cpu", "host,flags=+aes"), ("boot", "order=scsi0;net0"), ("ipconfig0", "ip=dhcp"),
        ("ipconfig0", "ip=10.0.0.2/24,gw=10.0.0.1"), ("efidisk0", "local-lvm:1,efitype=4m"),
        ("startup", "order=1,up=5"),
    ])
    func `Property strings accept`(_ name: String, _ value: String) {
        #expect(error(name, value) == nil)
    }

    @Test(arguments: [
        ("net0", "bridge=vmbr0", "format error\nnet0.model: property is missing and it is not optional"),
        ("net0", "virtio,bogus=1", "invalid key in comma-separated list property: bogus"),
        ("net0", "virtio,bridge=a,bridge=b", "duplicate key in comma-separated list property: bridge"),
        ("net0", "virtio,e1000", "duplicate key in comma-separated list property: model"),
        ("net0", "virtio,bridge=", "missing key in comma-separated list property"),
        (
            "net0", "virtio,firewall=maybe",
            "format error\nnet0.firewall: type check ('boolean') failed - got 'maybe'"
        ),
        ("memory", "8", "format error\nmemory.current: value must have a minimum value of 16"),
        ("ipconfig0", "dhcp", "value without key, but schema does not define a default key"),
        ("tags", "a b!", "invalid characters in tag"),
    ])
    func `Property strings refuse`(_ name: String, _ value: String, _ text: String) {
        #expect(error(name, value) == "invalid format - \(text)\n")
    }
}
