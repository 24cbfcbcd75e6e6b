// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite struct ValidatorTests {
    let validator: Validator

    init() throws {
        validator = Validator(facts: try APIFacts(release: "9.2"))
    }

    private func errors(_ schema: String, _ value: ParameterValue) throws -> [String: String] {
        var errors = ParameterErrors()
        validator.check(value, Parameter(try JSONDocument(schema).root), path: "p", kind: nil, &errors)
        return Dictionary(uniqueKeysWithValues: errors.texts.map { ($0.parameter, $0.text) })
    }

    @Test(arguments: [
        (#"{"type":"boolean"}"#, "yes", "type check ('boolean') failed - got 'yes'"),
        (#"{"type":"integer"}"#, "1.5", "type check ('integer') failed - got '1.5'"),
        (#"{"type":"integer"}"#, "", "type check ('integer') failed - got ''"),
        (#"{"type":"number"}"#, "0x10", "type check ('number') failed - got '0x10'"),
        (#"{"type":"number"}"#, "inf", "type check ('number') failed - got 'inf'"),
        (#"{"type":"integer","minimum":"16"}"#, "15", "value must have a minimum value of 16"),
        (#"{"type":"number","maximum":128}"#, "128.5", "value must have a maximum value of 128"),
        (#"{"type":"string","maxLength":2}"#, "äöü", "value may only be 2 characters long"),
        (#"{"type":"string","minLength":2}"#, "ä", "value must be at least 2 characters long"),
        (#"{"type":"string","pattern":"(?^i:[a-c]+)"}"#, "ABd", "value does not match the regex pattern"),
        (
            #"{"type":"string","enum":["a","b"]}"#, "x",
            "value 'x' does not have a value in the enumeration 'a, b'"
        ),
        (#"{"type":"array"}"#, "x", "type check ('array') failed"),
    ])
    func `A wrong value is named`(_ schema: String, _ value: String, _ text: String) throws {
        #expect(try errors(schema, .text(value)) == ["p": text])
    }

    @Test(arguments: [
        (#"{"type":"boolean"}"#, "0"), (#"{"type":"integer"}"#, "-5"), (#"{"type":"number"}"#, "1."),
        (#"{"type":"number"}"#, "1e3"), (#"{"type":"string","maxLength":3}"#, "äöü"),
        (#"{"type":"string","pattern":"^a$"}"#, "a"), (#"{"type":"string","enum":["a"]}"#, "a"),
    ])
    func `A right value passes`(_ schema: String, _ value: String) throws {
        #expect(try errors(schema, .text(value)) == [:])
    }

    @Test func `Lists and objects are named in Perl's words`() throws {
        let string = #"{"type":"string"}"#
        #expect(try errors(string, .list([.text("a")])) == ["p": "type check ('string') failed - got ARRAY"])
        #expect(try errors(string, .object) == ["p": "type check ('string') failed - got HASH"])
        let numbers = #"{"type":"array","items":{"type":"integer"}}"#
        #expect(
            try errors(numbers, .list([.text("1"), .text("x")])) == ["p[1]": "type check ('integer') failed - got 'x'"])
        #expect(try errors(#"{"type":"boolean"}"#, .truth(true)) == [:])
    }

    @Test(arguments: [
        ("pve-vmid", "99", "value does not look like a valid VM ID"),
        ("pve-vmid", "012", "value does not look like a valid VM ID"),
        ("pve-node", "-a", "value does not look like a valid node name"),
        ("pve-configid", "a", "invalid configuration ID 'a'"),
        ("pve-storage-id", "1a", "storage ID '1a' contains illegal characters"),
        ("pve-storage-id", "a", "storage ID 'a' contains illegal characters"),
        ("pve-vmid-list", "100, 1x", "value does not look like a valid VM ID"),
        ("mac-addr", "01:00:00:00:00:00", "value does not look like a valid unicast MAC address"),
        ("CIDR", "10.0.0.0/4", "value does not look like a valid CIDR network"),
        ("ip", "10.0.0.256", "value does not look like a valid IP address"),
        ("address", "a_b", "value does not look like a valid address: a_b"),
        ("dns-name", "a..b", "value does not look like a valid DNS name"),
        ("disk-size", "8GB", "value does not look like a valid disk size: 8GB"),
        ("pve-userid", "root", "value 'root' does not look like a valid user name"),
        ("pve-replication-job-id", "x1", "invalid replication job id 'x1'"),
    ])
    func `Named formats refuse`(_ format: String, _ value: String, _ text: String) throws {
        let schema = #"{"type":"string","format":"\#(format)"}"#
        #expect(try errors(schema, .text(value)) == ["p": "invalid format - \(text)\n"])
    }

    @Test(arguments: [
        ("pve-vmid", "100"), ("pve-node", "pve-1"), ("pve-configid", "a_1"), ("pve-storage-id", "local-lvm"),
        ("pve-vmid-list", "100;101 102"), ("pve-vmid-list", ""), ("mac-addr", "BC:24:11:00:00:01"),
        ("CIDR", "fd00::/64"), ("ip", "::1"), ("address", "pve.example.org"), ("disk-size", "1.5G"),
        ("pve-userid", "jo.doe@pve"), ("email-opt", ""), ("no-such-format", "anything"),
    ])
    func `Named formats accept`(_ format: String, _ value: String) throws {
        #expect(try errors(#"{"type":"string","format":"\#(format)"}"#, .text(value)) == [:])
    }
}
