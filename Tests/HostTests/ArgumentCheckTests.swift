// What is said about a call's arguments before anything is sent.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginLoader
import Testing

@testable import Host

@Suite("Arguments")
struct ArgumentCheckTests {
    private func faults(_ arguments: String, _ parameters: ParameterSpec...) throws -> [String] {
        ArgumentCheck.faults(of: try json(arguments), for: tool("pve_test", parameters))
    }

    @Test(
        arguments: [
            (PVE_TYPE_BOOL, ["true", "false"], ["1", "\"true\""], "true or false"),
            (PVE_TYPE_I32, ["1", "-1", "2.0", "1e3"], ["1.5", "\"1\"", "2147483648", "true"], "an integer"),
            (PVE_TYPE_U32, ["0", "4294967295"], ["-1", "4294967296"], "an integer"),
            (PVE_TYPE_I64, ["-9223372036854775808"], ["9223372036854775808"], "an integer"),
            (PVE_TYPE_U64, ["0"], ["-1"], "an integer"),
            (PVE_TYPE_F64, ["1", "0.5", "-1e-3"], ["\"1\""], "a number"),
            (PVE_TYPE_UTF8, ["\"\"", "\"a\""], ["1", "[]"], "a string"),
            (PVE_TYPE_UTF8_LIST, ["[]", "[\"a\"]"], ["\"a\"", "[1]", "{}"], "an array of strings"),
            (PVE_TYPE_I64_LIST, ["[]", "[1]"], ["1", "[\"1\"]", "[1.5]"], "an array of integers"),
            (PVE_TYPE_OBJECT, ["{}", "{\"a\":1}"], ["[]", "\"{}\""], "an object"),
            (PVE_TYPE_JSON, ["null", "1", "{}"], [], "a value"),
        ] as [(pve_type, [String], [String], String)])
    func takesValuesOfItsType(_ type: pve_type, _ good: [String], _ bad: [String], _ expected: String) throws {
        for value in good { #expect(try faults("{\"x\":\(value)}", ParameterSpec("x", type)) == [], "\(value)") }
        for value in bad {
            let fault = "argument \"x\" takes \(expected); got \(value)"
            #expect(try faults("{\"x\":\(value)}", ParameterSpec("x", type)) == [fault])
        }
    }

    @Test func namesWhatIsMissing() throws {
        #expect(
            try faults("{}", .vmid, .wait)
                == ["argument \"vmid\" is missing; it takes an integer from 100 to 999999999"])
    }

    @Test func namesWhatIsNotKnownAndWhatMayHaveBeenMeant() throws {
        #expect(
            try faults("{\"vmld\":1,\"vmid\":100}", .vmid, .wait)
                == ["argument \"vmld\" is not known (did you mean \"vmid\"?); the tool takes vmid, wait"])
        #expect(
            try faults("{\"cores\":1}", .options)
                == [
                    "argument \"cores\" is not known; the tool takes options; further API parameters go into \"options\""
                ])
        #expect(try faults("{\"x\":1}") == ["argument \"x\" is not known; the tool takes none"])
    }

    @Test(arguments: [("{\"a\":\"geheim\"}", "an object"), ("[\"geheim\"]", "an array"), ("1", "a number")])
    func showsNoSecret(_ value: String, _ noun: String) throws {
        #expect(
            try faults("{\"x\":\(value)}", ParameterSpec("x", PVE_TYPE_UTF8, flags: [PVE_PARAMETER_SECRET]))
                == ["argument \"x\" takes a string; got \(noun)"])
    }

    @Test func refusesWhatIsGivenTwice() throws {
        #expect(try faults("{\"vmid\":100,\"vmid\":101}", .vmid) == ["argument \"vmid\" is given twice"])
    }

    @Test(
        arguments: [
            ("99", "an integer from 100 to 999999999; got 99"),
            ("1000000000", "an integer from 100 to 999999999; got 1000000000"),
        ])
    func keepsToBounds(_ value: String, _ expected: String) throws {
        #expect(try faults("{\"vmid\":\(value)}", .vmid) == ["argument \"vmid\" takes \(expected)"])
    }

    @Test func keepsToOneBound() throws {
        let low = ParameterSpec("x", PVE_TYPE_F64, in: 0.5...(.infinity))
        #expect(try faults("{\"x\":0.25}", low) == ["argument \"x\" takes a number of at least 0.5; got 0.25"])
        let high = ParameterSpec("x", PVE_TYPE_I32, in: -(.infinity)...5)
        #expect(try faults("{\"x\":6}", high) == ["argument \"x\" takes an integer of at most 5; got 6"])
    }

    @Test func keepsToChoices() throws {
        let text = ParameterSpec("x", PVE_TYPE_UTF8, choices: ["a", "b"])
        #expect(try faults("{\"x\":\"b\"}", text) == [])
        #expect(try faults("{\"x\":\"c\"}", text) == ["argument \"x\" takes one of a, b; got \"c\""])
        let list = ParameterSpec("x", PVE_TYPE_UTF8_LIST, choices: ["a", "b"])
        #expect(try faults("{\"x\":[\"c\"]}", list) == ["argument \"x\" takes an array of any of a, b; got [\"c\"]"])
        let number = ParameterSpec("x", PVE_TYPE_I32, choices: ["1", "2"])
        #expect(try faults("{\"x\":2}", number) == [])
        #expect(try faults("{\"x\":3}", number) == ["argument \"x\" takes one of 1, 2; got 3"])
    }

    @Test func keepsToLengthAndPattern() throws {
        let text = ParameterSpec("x", PVE_TYPE_UTF8, maximumLength: 3, pattern: "^[a-zä]+$")
        #expect(try faults("{\"x\":\"abc\"}", text) == [])
        for wrong in ["abcd", "1", ""] {
            #expect(
                try faults("{\"x\":\"\(wrong)\"}", text)
                    == [
                        "argument \"x\" takes a string of at most 3 characters that matches ^[a-zä]+$; got \"\(wrong)\""
                    ])
        }
    }

    @Test func takesNullForLeftOut() throws {
        for spec in [.wait, .fields, .options, .guestNode] as [ParameterSpec] {
            #expect(try faults("{\"\(String(cString: spec.value.name))\":null}", spec) == [])
        }
        #expect(
            try faults("{\"vmid\":null}", .vmid)
                == ["argument \"vmid\" is missing; it takes an integer from 100 to 999999999"])
        #expect(try faults("{\"vmid\":null,\"vmid\":100}", .vmid).first == "argument \"vmid\" is given twice")
    }

    @Test func boundsListsAndOptions() throws {
        func list(_ count: Int) -> String { "[" + (0..<count).map { "\"f\($0)\"" }.joined(separator: ",") + "]" }
        let tags = ParameterSpec("tags", PVE_TYPE_UTF8_LIST)
        #expect(try faults("{\"tags\":\(list(1000))}", tags) == [])
        #expect(
            try faults("{\"tags\":\(list(1001))}", tags) == ["argument \"tags\" takes at most 1000 elements; got 1001"])
        #expect(try faults("{\"fields\":\(list(200))}", .fields) == [])
        #expect(
            try faults("{\"fields\":\(list(50_000))}", .fields)
                == ["argument \"fields\" takes at most 200 elements; got 50000"])
        let members = (0..<60_000).map { "\"o\($0)\":1" }.joined(separator: ",")
        #expect(
            try faults("{\"options\":{\(members)}}", .options)
                == ["argument \"options\" takes at most 200 members; got 60000"])
    }

    @Test func neverEchoesAnOption() throws {
        for options in ["{\"cipassword\":{\"a\":\"SECRET\"}}", "{\"sshkeys\":[[\"SECRET\"]]}", "\"x=SECRET\""] {
            let found = try faults("{\"options\":\(options)}", .options)
            #expect(found.count == 1 && !found[0].contains("SECRET"), "\(found)")
        }
    }

    @Test func neverEchoesASecret() throws {
        let password = ParameterSpec("password", PVE_TYPE_UTF8, flags: [PVE_PARAMETER_SECRET], maximumLength: 8)
        #expect(
            try faults("{\"password\":\"correct-horse\"}", password)
                == ["argument \"password\" takes a string of at most 8 characters; got a string"])
    }

    @Test func findsEveryFaultAndSaysTheFirstFew() throws {
        #expect(try faults("{\"vmid\":1,\"x\":1,\"wait\":-1}", .vmid, .wait).count == 3)
        let many = (0..<500).map { "\"n\($0)\":1" }.joined(separator: ",")
        let message = ArgumentError(faults: try faults("{\(many)}")).message
        #expect(message.hasPrefix("Nothing was sent: argument \"n0\" is not known"))
        #expect(message.hasSuffix("; and 490 more."))
    }

    @Test func boundsWhatItRepeats() throws {
        let long = String(repeating: "x", count: 100_000)
        let fault = try #require(try faults("{\"\(long)\":\"\(long)\",\"vmid\":\"\(long)\"}", .vmid).first)
        #expect(fault.utf8.count < 200)
        #expect(try faults("{\"vmid\":\"\(long)\"}", .vmid)[0].utf8.count < 200)
    }
}
