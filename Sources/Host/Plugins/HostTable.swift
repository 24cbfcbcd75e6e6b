// The host as plugins see it: the table of functions of the contract.
// SPDX-License-Identifier: MIT

import Glibc
import JSON
import PluginABI

enum HostTable {
    /// The one table of this process; constant after it was made.
    nonisolated(unsafe) static let shared: UnsafePointer<pve_host> = {
        let host = UnsafeMutablePointer<pve_host>.allocate(capacity: 1)
        host.initialize(
            to: pve_host(
                head: pve_head(
                    magic: UInt32(PVE_MAGIC_HOST), struct_size: UInt32(MemoryLayout<pve_host>.size),
                    abi_major: UInt16(PVE_ABI_MAJOR), abi_minor: UInt16(PVE_ABI_MINOR), reserved: 0),
                abi_major_min: UInt16(PVE_ABI_MAJOR), abi_minor_min: 0, reserved: 0,
                features: UInt64(
                    PVE_FEATURE_ENDPOINT.rawValue | PVE_FEATURE_CALL.rawValue | PVE_FEATURE_NATIVE.rawValue),
                version: UnsafePointer(strdup(Version.text)),
                extension: { _, id in extensionTable(id) },
                reply: { call, json, length in
                    guard let context = context(call), let json, length >= 0 else { return PVE_INVALID.code }
                    return context.reply(json: bytes(json, length))
                },
                fail: { call, message, length in
                    guard let context = context(call), let message else { return PVE_INVALID.code }
                    return context.reply(.failure(text(message, length)))
                },
                progress: { call, progress, total, message, length in
                    guard let context = context(call), progress.isFinite else { return PVE_INVALID.code }
                    if context.isCancelled.load(ordering: .acquiring) { return PVE_CANCELLED.code }
                    context.report(progress, total > 0 ? total : nil, message == nil ? nil : text(message, length))
                    return PVE_OK.code
                },
                log: { _, level, message, length in
                    Log.write(Log.Level(rawValue: Int(level)) ?? .info, text(message, length))
                },
                cancelled: { call in
                    // Asking is safe on every thread, so that helpers of the call may stop with it.
                    guard let context = LiveCalls.any(call) else { return 1 }
                    return context.isCancelled.load(ordering: .acquiring) ? 1 : 0
                }))
        return UnsafePointer(host)
    }()
}

private func extensionTable(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
    guard let id else { return nil }
    if strcmp(id, PVE_JSON_EXTENSION) == 0 { return UnsafeRawPointer(JSONTable.shared) }
    if strcmp(id, PVE_REQUEST_EXTENSION) == 0 { return UnsafeRawPointer(RequestTable.shared) }
    return nil
}

/// The call behind a plugin's handle; nil on every thread but the call's own, and after its end.
func context(_ call: OpaquePointer?) -> CallContext? { LiveCalls.own(call) }

/// Borrowed bytes from a plugin, read before the function returns. A length beyond all memory counts as none.
func bytes(_ pointer: UnsafePointer<CChar>, _ length: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: pointer, count: max(0, length))
}

/// Borrowed text from a plugin, copied; what is not UTF-8 is replaced.
func text(_ pointer: UnsafePointer<CChar>?, _ length: Int) -> String {
    guard let pointer else { return "" }
    return String(decoding: bytes(pointer, length), as: UTF8.self)
}

extension pve_status {
    /// The value as functions of the contract return it.
    var code: Int32 { Int32(rawValue) }
}
