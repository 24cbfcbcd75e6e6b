// What the first bytes of a file say about it, before the dynamic linker is asked.
// SPDX-License-Identifier: MIT

import Glibc

/// The header of an ELF file (System V ABI, chapter 4), as far as it decides whether this process can open it.
struct SharedObject {
    #if arch(x86_64)
        static let machine: UInt16 = 62
    #elseif arch(arm64)
        static let machine: UInt16 = 183
    #endif

    /// Names for messages; the numbers are e_machine.
    static func name(of machine: UInt16) -> String {
        switch machine {
        case 3: "x86"
        case 8: "MIPS"
        case 21: "ppc64"
        case 22: "s390x"
        case 40: "arm"
        case 62: "x86-64"
        case 183: "aarch64"
        case 243: "RISC-V"
        case 258: "LoongArch"
        default: "machine \(machine)"
        }
    }

    /// Throws when the file is not a shared object for this machine.
    static func check(_ path: String) throws(RefusalReason) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
        defer { close(descriptor) }
        let header = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            let length = read(descriptor, buffer.baseAddress, buffer.count)
            return length == buffer.count ? Array(buffer) : []
        }
        try check(header: header)
    }

    /// `header` is the first 64 bytes, the size of a 64-bit header; fewer are no ELF file.
    static func check(header: [UInt8]) throws(RefusalReason) {
        guard header.count == 64, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .notELF }
        guard header[4] == 2 else { throw .otherWordSize(bits: header[4] == 1 ? 32 : 0) }
        guard header[5] == 1 else { throw .otherByteOrder }
        let type = UInt16(header[16]) | UInt16(header[17]) << 8
        let machine = UInt16(header[18]) | UInt16(header[19]) << 8
        guard machine == SharedObject.machine else { throw .otherMachine(machine) }
        guard type == 3 else { throw .notSharedObject(type: type) }
    }
}
