// A host table whose log is kept: what a plugin under test wrote.
// SPDX-License-Identifier: MIT

import PluginABI
import Synchronization

/// The lines that plugins wrote through one table. A plugin may log from any thread.
final class LogBook: Sendable {
    private let kept = Mutex<[String]>([])
    /// Handed to the plugin, which may keep it: it lives as long as the process, and so does this.
    let table: SendablePointer

    struct SendablePointer: @unchecked Sendable {
        // Sendable: nothing is written after the table was made.
        let pointer: UnsafePointer<pve_host>
    }

    var lines: [String] { kept.withLock { $0 } }

    init() {
        // The book stands behind the table, where plugins, which go by struct_size, do not look.
        let offset = LogBook.offset
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: offset + MemoryLayout<UnsafeRawPointer>.size, alignment: MemoryLayout<pve_host>.alignment)
        let host = memory.initializeMemory(as: pve_host.self, to: FakeHost.table.pointee)
        host.pointee.log = { host, level, message, length in
            LogBook.behind(host)?.add(level, text(message, length))
        }
        table = SendablePointer(pointer: UnsafePointer(host))
        memory.storeBytes(
            of: UnsafeRawPointer(Unmanaged.passRetained(self).toOpaque()), toByteOffset: offset,
            as: UnsafeRawPointer.self)
    }

    private static let offset =
        (MemoryLayout<pve_host>.size + MemoryLayout<UnsafeRawPointer>.alignment - 1)
        & ~(MemoryLayout<UnsafeRawPointer>.alignment - 1)

    private static func behind(_ host: UnsafePointer<pve_host>?) -> LogBook? {
        guard let host else { return nil }
        let book = UnsafeRawPointer(host).load(fromByteOffset: offset, as: UnsafeRawPointer.self)
        return Unmanaged<LogBook>.fromOpaque(book).takeUnretainedValue()
    }

    private func add(_ level: Int32, _ message: String) {
        let word =
            switch level {
            case ...0: "debug"
            case 1: "info"
            case 2: "warning"
            default: "error"
            }
        kept.withLock { $0.append("\(word): \(message)") }
    }
}
