// Calls of C functions through prepared interfaces: every type at its limits.
// SPDX-License-Identifier: MIT

import CNativeFunctions
import Testing

@testable import NativeCall

/// A function of Tests/CNativeFunctions.
func function(
    _ name: String, _ parameters: [NativeParameter] = [], _ result: NativeResultType, takesHandle: Bool = false,
    isReleased: Bool = false
) throws -> NativeFunction {
    let address = try #require(cnative_function(name), "there is no \(name)")
    return try NativeFunction(
        NativeSignature(takesHandle: takesHandle, parameters, result: result), at: address,
        release: isReleased ? cnative_release : nil)
}

func text(_ text: String) throws -> NativeValue { .text(try #require(NativeBuffer(text: text.utf8))) }

@Suite("Native calls")
struct NativeCallTests {
    @Test func callAFunctionOfNothing() throws {
        #expect(try function("nothing", [], .none).call([]) == .none)
    }

    @Test(arguments: [true, false])
    func carryBooleans(_ value: Bool) throws {
        let negate = try function("not_bool", [.init(.bool)], .bool)
        #expect(negate.call([.bool(value)]) == .bool(!value))
    }

    @Test(arguments: [.min, -1, 0, 1, .max] as [Int32])
    func carry32BitIntegers(_ value: Int32) throws {
        #expect(try function("same_i32", [.init(.i32)], .i32).call([.i32(value)]) == .i32(value))
        let bits = UInt32(bitPattern: value)
        #expect(try function("same_u32", [.init(.u32)], .u32).call([.u32(bits)]) == .u32(bits))
    }

    @Test(arguments: [.min, -1, 0, (1 << 53) + 1, .max] as [Int64])
    func carry64BitIntegers(_ value: Int64) throws {
        #expect(try function("same_i64", [.init(.i64)], .i64).call([.i64(value)]) == .i64(value))
        let bits = UInt64(bitPattern: value)
        #expect(try function("same_u64", [.init(.u64)], .u64).call([.u64(bits)]) == .u64(bits))
    }

    @Test(
        arguments: [
            0, -0.0, 0.1, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.infinity, .infinity,
        ] as [Double])
    func carryDoubles(_ value: Double) throws {
        #expect(try function("same_f64", [.init(.f64)], .f64).call([.f64(value)]) == .f64(value))
    }

    @Test func returnNaNAsItIs() throws {
        guard case .f64(let value) = try function("nan_result", [], .f64).call([]) else { throw Surprise() }
        #expect(value.isNaN)
    }

    @Test(arguments: ["", "a", "äöü 🐧"])
    func carryTexts(_ value: String) throws {
        #expect(try function("same_text", [.init(.text)], .text).call([text(value)]) == .text(value))
    }

    @Test func knowNoTextWithANULInside() {
        #expect(NativeBuffer(text: "a\0b".utf8) == nil)
    }

    @Test(arguments: [[], [0], [0, 255, 0, 128]] as [[UInt8]])
    func carryBytes(_ value: [UInt8]) throws {
        let same = try function("same_bytes", [.init(.bytes)], .bytes)
        #expect(same.call([.bytes(NativeBuffer(value))]) == .bytes(value))
    }

    @Test func carryMegabytes() throws {
        let same = try function("same_text", [.init(.text)], .text)
        let longest = String(repeating: "x", count: NativeFunction.resultLimit)
        #expect(same.call([try text(longest)]) == .text(longest))
        #expect(same.call([try text(longest + "x")]) == .fault(.tooLong))
    }

    @Test func passWhatIsThereByItsAddress() throws {
        let all = NativeType.allCases.map { NativeParameter($0, isOptional: true) }
        let tell = try function("optionals", all, .ownedText, isReleased: true)
        let values: [NativeValue] = [
            .bool(true), .i32(.min), .u32(.max), .i64(.min), .u64(.max), .f64(-2.5), try text("x"),
            .bytes(NativeBuffer([1, 2])),
        ]
        #expect(
            tell.call(values)
                == .text("b1 i-2147483648 u4294967295 l-9223372036854775808 m18446744073709551615 d-2.5 tx x2"))
        #expect(tell.call(all.map { _ in .absent }) == .text("-0"))
    }

    @Test(arguments: NativeType.allCases)
    func tellAbsenceOfOneFromTheOthers(_ missing: NativeType) throws {
        let all = NativeType.allCases.map { NativeParameter($0, isOptional: true) }
        let values: [NativeValue] = [
            .bool(false), .i32(1), .u32(2), .i64(3), .u64(4), .f64(5), try text("y"), .bytes(NativeBuffer([])),
        ]
        let words = ["b0 ", "i1 ", "u2 ", "l3 ", "m4 ", "d5 ", "ty ", "x0"]
        let expected = zip(NativeType.allCases, words).map { type, word in
            type != missing ? word : type == .bytes ? "-0" : ""
        }
        let given = zip(NativeType.allCases, values).map { $0 == missing ? NativeValue.absent : $1 }
        let tell = try function("optionals", all, .ownedText, isReleased: true)
        #expect(tell.call(given) == .text(expected.joined()))
    }

    @Test func passTwelveArguments() throws {
        let types: [NativeType] = [.i32, .f64, .i64, .f64, .u32, .f64, .bool, .f64, .u64, .f64, .i32, .f64]
        let values: [NativeValue] = [
            .i32(1), .f64(2), .i64(3), .f64(4), .u32(5), .f64(6), .bool(true), .f64(8), .u64(9), .f64(1), .i32(2),
            .f64(3),
        ]
        #expect(try function("twelve", types.map { .init($0) }, .f64).call(values) == .f64(321_981_654_321))
        let doubles = (1...12).map { NativeValue.f64(Double($0)) }
        let sum = (1...12).reduce(0) { $0 * 3 + Int64($1) }
        let twelve = try function("twelve_doubles", doubles.map { _ in .init(.f64) }, .i64)
        #expect(twelve.call(doubles) == .i64(sum))
    }

    @Test func refuseThirteenArguments() throws {
        #expect(throws: NativePreparationError.tooManyArguments(13)) {
            try function("nothing", Array(repeating: .init(.i32), count: 12), .none, takesHandle: true)
        }
        #expect(throws: NativePreparationError.tooManyArguments(13)) {
            try function("nothing", Array(repeating: .init(.bytes), count: 6), .status)
        }
    }

    @Test func passTheHandleFirst() throws {
        let add = try function("with_handle", [.init(.i64)], .i64, takesHandle: true)
        var base: Int64 = 40
        withUnsafeMutablePointer(to: &base) { pointer in
            #expect(add.call(handle: OpaquePointer(pointer), [.i64(2)]) == .i64(42))
        }
        #expect(add.call([.i64(2)]) == .i64(2))
    }

    @Test func beCallableFromManyThreadsAtOnce() async throws {
        let same = try function("same_bytes", [.init(.bytes)], .bytes)
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let value = [UInt8](repeating: UInt8(number), count: 1000)
                    return same.call([.bytes(NativeBuffer(value))]) == .bytes(value)
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}

struct Surprise: Error {}
