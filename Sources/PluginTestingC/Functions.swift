// The functions of pve_testing.h.
// SPDX-License-Identifier: MIT

import CPluginTesting
import PluginTesting

// What is NULL although the header does not allow it counts as an empty text, or as a plugin that knows nothing.

@c @implementation public func pve_testing_open(_ file: UnsafePointer<CChar>?) -> OpaquePointer? {
    OpaquePointer(Unmanaged.passRetained(TestBench(file: string(file))).toOpaque())
}

@c @implementation public func pve_testing_refusal(_ plugin: OpaquePointer?) -> UnsafePointer<CChar>? {
    bench(plugin)?.refusal
}

@c @implementation public func pve_testing_tool(_ plugin: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
    bench(plugin)?.text(index) { $0.plugin.tools.map(\.name) }
}

@c @implementation public func pve_testing_answer(
    _ plugin: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ json: UnsafePointer<CChar>?
) -> Int32 {
    let lay: (PluginUnderTest) throws(TestingFault) -> Void = { plugin throws(TestingFault) in
        try plugin.answer(string(request), with: string(json))
    }
    return bench(plugin)?.lay(lay) ?? -1
}

@c @implementation public func pve_testing_refuse(
    _ plugin: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ words: UnsafePointer<CChar>?
) -> Int32 {
    let lay: (PluginUnderTest) throws(TestingFault) -> Void = { plugin throws(TestingFault) in
        try plugin.refuse(string(request), saying: string(words))
    }
    return bench(plugin)?.lay(lay) ?? -1
}

@c @implementation public func pve_testing_cancel(_ plugin: OpaquePointer?, _ cancelled: Int32) {
    bench(plugin)?.plugin.isCancelled = cancelled != 0
}

@c @implementation public func pve_testing_call(
    _ plugin: OpaquePointer?, _ tool: UnsafePointer<CChar>?, _ arguments: UnsafePointer<CChar>?
) -> Int32 {
    bench(plugin)?.call(string(tool), string(arguments)) ?? 1
}

@c @implementation public func pve_testing_reply(_ plugin: OpaquePointer?) -> UnsafePointer<CChar>? {
    bench(plugin)?.text { $0.last.reply }
}

@c @implementation public func pve_testing_member(
    _ plugin: OpaquePointer?, _ path: UnsafePointer<CChar>?
) -> UnsafePointer<CChar>? {
    bench(plugin)?.text { $0.last.member(string(path)) }
}

@c @implementation public func pve_testing_failure(_ plugin: OpaquePointer?) -> UnsafePointer<CChar>? {
    bench(plugin)?.text { $0.last.failure }
}

@c @implementation public func pve_testing_request(_ plugin: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
    bench(plugin)?.text(index) { $0.last.requests }
}

@c @implementation public func pve_testing_progress(_ plugin: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
    bench(plugin)?.text(index) { $0.last.progress }
}

@c @implementation public func pve_testing_log(_ plugin: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
    bench(plugin)?.text(index) { $0.plugin.log }
}

@c @implementation public func pve_testing_close(_ plugin: OpaquePointer?) {
    guard let plugin else { return }
    Unmanaged<TestBench>.fromOpaque(UnsafeRawPointer(plugin)).release()
}

/// The bench behind a handle that pve_testing_open made.
private func bench(_ plugin: OpaquePointer?) -> TestBench? {
    plugin.map { Unmanaged<TestBench>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

private func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
