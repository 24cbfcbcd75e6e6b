// Arguments of a call as C values, and C results as answers.
// SPDX-License-Identifier: MIT

import JSON
import NativeCall
import PluginABI
import Testing

@testable import Host
@testable import PluginLoader

@Suite("Native arguments and results")
struct NativeArgumentTests {
    private func values(_ arguments: String, _ parameters: [ParameterSpec]) throws -> [NativeValue] {
        try NativeArguments.values(try json(arguments), for: nativeTool(parameters))
    }

    private func faults(_ arguments: String, _ parameters: [ParameterSpec]) throws -> [String] {
        let error = #expect(throws: ArgumentError.self) { try values(arguments, parameters) }
        return error?.faults ?? []
    }

    @Test func fillInDefaultsAndTellWhatIsAbsent() throws {
        let parameters = [
            ParameterSpec("a", PVE_TYPE_I32, default: "5"), ParameterSpec("b", PVE_TYPE_F64),
            ParameterSpec("c", PVE_TYPE_U64, flags: [PVE_PARAMETER_REQUIRED]),
        ]
        let made = try values(#"{"b":null,"c":18446744073709551615}"#, parameters)
        guard case .i32(5) = made[0], case .absent = made[1], case .u64(.max) = made[2] else {
            Issue.record("\(made)")
            return
        }
    }

    @Test func tellEveryFaultByName() throws {
        let required: [pve_parameter_flag] = [PVE_PARAMETER_REQUIRED]
        let parameters = [
            ParameterSpec("number", PVE_TYPE_I32, flags: required),
            ParameterSpec("text", PVE_TYPE_UTF8, flags: required),
            ParameterSpec("data", PVE_TYPE_BYTES, flags: required),
            ParameterSpec("gone", PVE_TYPE_BOOL, flags: required),
        ]
        #expect(
            try faults(#"{"number":2147483648,"text":"a\u0000","data":"?"}"#, parameters) == [
                #"argument "number" takes an integer; got 2147483648"#,
                #"argument "text" has the character U+0000 in it, which would end the text early; leave it out"#,
                #"argument "data" takes bytes as base64 (A-Z, a-z, 0-9, + and /, padded with =); got "?""#,
                #"argument "gone" is missing; it takes true or false"#,
            ])
    }

    @Test func keepSecretsOutOfFaults() throws {
        let flags: [pve_parameter_flag] = [PVE_PARAMETER_REQUIRED, PVE_PARAMETER_SECRET]
        for type in [PVE_TYPE_BYTES, PVE_TYPE_I32] {
            let faults = try faults(#"{"key":"hunter2"}"#, [ParameterSpec("key", type, flags: flags)])
            #expect(faults.count == 1 && !faults[0].contains("hunter2"))
        }
    }

    @Test(arguments: [
        (NativeResult.none, "null"), (.bool(true), #"{"result":true}"#), (.i32(.min), #"{"result":-2147483648}"#),
        (.u64(.max), #"{"result":18446744073709551615}"#), (.f64(0.5), #"{"result":0.5}"#),
        (.text("\"\n"), #"{"result":"\"\n"}"#), (.bytes([0, 1]), #"{"result":"AAE="}"#),
        (.failure(status: 1, message: "No."), "No."),
        (.failure(status: -2, message: ""), "The function of pve_test failed with status -2 and did not say why."),
        (.f64(.nan), "The function of pve_test returned NaN (no number), which has no notation in an answer."),
        (.fault(.tooLong), "The function of pve_test returned more than 16 MiB; this is a fault of the plugin."),
    ])
    func answerWhatTheFunctionReturned(_ result: NativeResult, _ text: String) throws {
        let type: pve_type = result == .none ? PVE_TYPE_NONE : PVE_TYPE_I32
        switch CallContext.Reply(result, of: nativeTool([], type)) {
        case .value(let value)?: #expect(value.rawText == text)
        case .failure(let message)?: #expect(message == text)
        default: Issue.record("no reply")
        }
    }

    @Test func haveNoAnswerOfAShapeThatNobodyReplied() {
        let list = nativeTool([], PVE_TYPE_NONE, result: result(PVE_SHAPE_LIST, "all"))
        if let reply = CallContext.Reply(.none, of: list) { Issue.record("\(reply)") }
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func writeAndReadBase64(_ text: String) {
        #expect(Base64.decode(Base64.encode(Array(text.utf8)).utf8) == Array(text.utf8))
    }

    @Test func writeBase64AsOthersDo() {
        #expect(Base64.encode(Array("foobar".utf8)) == "Zm9vYmFy" && Base64.encode(Array("fo".utf8)) == "Zm8=")
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    }

    @Test(arguments: ["A", "AA", "AAA", "AA=A", "A===", "====", "AB==", "AAB=", "AA==AA==", "AA =", "AA-_", "Zm9v\n"])
    func readNoBase64ThatIsNone(_ text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }
}
