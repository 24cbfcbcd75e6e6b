// Values that are percent-encoded before they are encoded.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Values of the format urlencoded")
struct URLEncodedValuesTests {
    private func sent(_ value: String, as name: String = "sshkeys", _ method: Method = .put) throws -> String {
        let request = Request(
            method, "/nodes/{node}/qemu/{vmid}/config", path: ["node": "pve1", "vmid": "100"],
            [.init(name, .string(value))])
        let encoded = try EncodedRequest(request, base: try BaseURL("https://pve1"))
        return String(decoding: encoded.body ?? [], as: UTF8.self)
    }

    @Test(
        "plain keys are encoded twice, encoded ones once",
        arguments: [
            ("ssh-ed25519 AAAA+/= me@host", "ssh-ed25519%2520AAAA%252B%252F%253D%2520me%2540host"),
            ("ssh-rsa A\nssh-rsa B\n", "ssh-rsa%2520A%250Assh-rsa%2520B"),
            ("ssh-ed25519%20AAAA%2B%2F%3D%20me%40host", "ssh-ed25519%2520AAAA%252B%252F%253D%2520me%2540host"),
            ("ssh-rsa%20A%0A\n", "ssh-rsa%2520A%250A"), ("", ""),
        ])
    func encodes(_ value: String, _ expected: String) throws {
        #expect(try sent(value) == "sshkeys=\(expected)")
        #expect(try sent(value, .post) == "sshkeys=\(expected)")
    }

    @Test("what has another format is encoded once")
    func leavesOthers() throws {
        #expect(try sent("a b", as: "description") == "description=a%20b")
        #expect(try sent("a b", as: "nonsense") == "nonsense=a%20b")
    }

    private func sent(_ value: String, _ method: Method) throws -> String { try sent(value, as: "sshkeys", method) }
}
