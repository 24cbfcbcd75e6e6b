// Addresses, credentials and fingerprints as people write them.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Connection settings")
struct SettingsTests {
    @Test(
        "an address is completed",
        arguments: [
            ("https://pve1.example.com", "https://pve1.example.com:8006"),
            ("pve1", "https://pve1:8006"),
            ("https://PVE1.Example.com:443/", "https://pve1.example.com:443"),
            ("https://10.0.0.5:8006/api2/json", "https://10.0.0.5:8006"),
            ("https://10.0.0.5:8006/api2/json/", "https://10.0.0.5:8006"),
            (" https://[fd00::1]:8006 \n", "https://[fd00::1]:8006"),
            ("https://proxy.example.com:443/pve/api2/json", "https://proxy.example.com:443/pve"),
            ("http://127.0.0.1:8105", "http://127.0.0.1:8105"),
            ("http://localhost", "http://localhost:8006"),
            ("http://[::1]:8105", "http://[::1]:8105"),
        ])
    func completes(given: String, text: String) throws {
        #expect(try BaseURL(given).text == text)
    }

    @Test(
        "what is wrong with an address is named",
        arguments: [
            ("", "expected the address"),
            ("http://pve1.example.com:8006", "unprotected"),
            ("http://127.0.0.1.example.com", "unprotected"),
            ("ftp://pve1", "expected https, not ftp"),
            ("https://pve1:0", "port from 1 to 65535"),
            ("https://pve1:99999", "port from 1 to 65535"),
            ("https://pve1:8006/#v1:0:18", "no ? or #"),
            ("https://pve1:8006/../x", "ends with the port"),
            ("https://pve 1:8006", "no blanks"),
            ("https://:8006", "expected a host"),
            ("https://[::g]:8006", "expected a host"),
        ])
    func refusesAddress(given: String, says: String) {
        let error = #expect(throws: SettingError.self) { try BaseURL(given) }
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("https://pve.example.com:8006") == true)
    }

    @Test("a password inside an address is not repeated")
    func hidesPasswordInAddress() {
        for given in ["https://root:geheim@pve1:8006", "https://root:geheim@pve1:8006/#x", "ftp://root:geheim@pve1"] {
            let error = #expect(throws: SettingError.self) { try BaseURL(given) }
            #expect(error?.message.contains("geheim") == false)
        }
    }

    @Test("a token's id has its form checked, and its secret is not shown")
    func tokens() throws {
        let token = try Credentials.token(checkingID: "root@pam!mcp", secret: "11111111-2222-3333-4444-555555555555\n")
        #expect(token == .token(id: "root@pam!mcp", secret: "11111111-2222-3333-4444-555555555555"))
        #expect("\(token)" == "root@pam!mcp")
        #expect(String(reflecting: token) == "root@pam!mcp")
        for wrong in ["root@pam", "root!mcp", "root@pam!", "root@pam!a b", "@pam!mcp", "root@pam!1x", "ro:ot@pam!mcp"] {
            let error = #expect(throws: SettingError.self) {
                try Credentials.token(checkingID: wrong, secret: "geheim")
            }
            #expect(error?.message.contains("user@realm!name") == true)
            #expect(error?.message.contains("geheim") == false)
        }
        let whole = #expect(throws: SettingError.self) {
            try Credentials.token(checkingID: "root@pam!mcp=geheim", secret: "x")
        }
        #expect(whole?.message.contains("geheim") == false)
        #expect(throws: SettingError.self) { try Credentials.token(checkingID: "root@pam!mcp", secret: "a b") }
    }

    @Test("a user has a realm")
    func users() throws {
        #expect(try Credentials.password(checkingUser: "root@pam", password: "x y").identity == "root@pam")
        #expect(throws: SettingError.self) { try Credentials.password(checkingUser: "root", password: "x") }
        #expect(throws: SettingError.self) { try Credentials.password(checkingUser: "root@pam", password: "") }
    }

    @Test("a fingerprint is read with and without colons and shown with them")
    func fingerprints() throws {
        let plain = String(repeating: "0a", count: 32)
        let colons = (0..<32).map { _ in "0A" }.joined(separator: ":")
        #expect(try Fingerprint(plain) == Fingerprint(colons))
        #expect(try Fingerprint(plain).description == colons)
        let short = #expect(throws: SettingError.self) { try Fingerprint(String(repeating: "0a", count: 20)) }
        #expect(short?.message.contains("SHA-1") == true)
        #expect(throws: SettingError.self) { try Fingerprint(String(repeating: "0g", count: 32)) }
    }
}
