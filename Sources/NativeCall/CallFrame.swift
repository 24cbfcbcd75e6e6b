// The arguments of one call in memory, laid out as libffi wants their addresses.
// SPDX-License-Identifier: MIT

import CFFI

/// Room for the arguments and the result of one call. Freed when the last copy is gone.
struct CallFrame {
    /// An argument, or what an argument points to, takes 8 bytes of either array.
    private final class Room {
        let arguments: UnsafeMutablePointer<UInt64>
        let cells: UnsafeMutablePointer<UInt64>
        let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
        let result: UnsafeMutablePointer<UInt64>

        init() {
            let count = NativeSignature.argumentLimit
            arguments = .allocate(capacity: count)
            cells = .allocate(capacity: count)
            addresses = .allocate(capacity: count)
            // An ffi_arg is a register; two of them are room enough on every machine.
            result = .allocate(capacity: 2)
            arguments.initialize(repeating: 0, count: count)
            cells.initialize(repeating: 0, count: count)
            result.initialize(repeating: 0, count: 2)
            for index in 0..<count { (addresses + index).initialize(to: UnsafeMutableRawPointer(arguments + index)) }
        }

        deinit {
            arguments.deallocate()
            cells.deallocate()
            addresses.deallocate()
            result.deallocate()
        }
    }

    private let room = Room()
    private var count = 0
    /// What the function writes to: the length of its bytes, or the address of its words.
    private let out: UnsafeMutablePointer<UInt64>?

    init(_ signature: NativeSignature, _ handle: OpaquePointer?) {
        let last = NativeSignature.argumentLimit - 1
        out = signature.result.hasOutArgument ? room.cells + last : nil
        if signature.takesHandle { add(UnsafeRawPointer(handle)) }
        if let out { (room.arguments + signature.argumentCount - 1).write(UnsafeRawPointer(out)) }
    }

    /// Appends the arguments that a value is.
    mutating func add(_ value: NativeValue, for parameter: NativeParameter) {
        switch value {
        case .absent:
            add(nil)
            if parameter.type == .bytes { addNumber(UInt(0)) }
        case .bool(let bool): add(UInt8(bool ? 1 : 0), parameter)
        case .i32(let number): add(number, parameter)
        case .u32(let number): add(number, parameter)
        case .i64(let number): add(number, parameter)
        case .u64(let number): add(number, parameter)
        case .f64(let number): add(number, parameter)
        case .text(let text): add(UnsafeRawPointer(text.start))
        case .bytes(let bytes):
            add(UnsafeRawPointer(bytes.start))
            addNumber(UInt(bytes.count))
        }
    }

    /// A number as it is, or its address.
    private mutating func add<Number: BitwiseCopyable>(_ number: Number, _ parameter: NativeParameter) {
        guard parameter.isOptional else { return addNumber(number) }
        let cell = room.cells + count
        cell.write(number)
        add(UnsafeRawPointer(cell))
    }

    private mutating func addNumber(_ number: some BitwiseCopyable) {
        (room.arguments + count).write(number)
        count += 1
    }

    private mutating func add(_ pointer: UnsafeRawPointer?) {
        (room.arguments + count).write(pointer)
        count += 1
    }

    /// Every number fits into the 8 bytes; libffi reads as many of them as its type has.
    func call(_ interface: UnsafeMutablePointer<ffi_cif>, _ address: UnsafeRawPointer) {
        cffi_call(interface, address, room.result, room.addresses)
    }

    /// A result narrower than a register.
    var word: UInt { UInt(cffi_register(room.result)) }
    /// A result of 8 bytes.
    var wide: UInt64 { room.result.pointee }
    var pointer: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: UInt(room.result.pointee)) }
    var length: UInt { UInt(out?.pointee ?? 0) }
    var message: UnsafeMutableRawPointer? { out.flatMap { UnsafeMutableRawPointer(bitPattern: UInt($0.pointee)) } }
}

extension UnsafeMutablePointer<UInt64> {
    /// Puts a value of at most 8 bytes at the beginning of the cell.
    fileprivate func write<Value: BitwiseCopyable>(_ value: Value) {
        UnsafeMutableRawPointer(self).storeBytes(of: value, as: Value.self)
    }
}
