// What stands behind a pve_testing *: the plugin, its last call, and the texts that were handed out.
// SPDX-License-Identifier: MIT

import Glibc
import PluginTesting

final class TestBench {
    let plugin: PluginUnderTest
    private(set) var last = CallRecord(failure: "No tool has been called.")
    private var fault: String?
    private var texts: [UnsafeMutablePointer<CChar>] = []

    init(file: String) { plugin = PluginUnderTest(file: file) }

    deinit { forget() }

    var refusal: UnsafePointer<CChar>? {
        plugin.refusals.isEmpty ? nil : text { $0.plugin.refusals.joined(separator: "\n") }
    }

    /// -1 when it cannot be laid out. The next call says why.
    func lay(_ answer: (PluginUnderTest) throws(TestingFault) -> Void) -> Int32 {
        forget()
        do throws(TestingFault) {
            try answer(plugin)
            return 0
        } catch {
            fault = error.message
            return -1
        }
    }

    func call(_ tool: String, _ arguments: String) -> Int32 {
        forget()
        last = fault.map { CallRecord(failure: $0) } ?? plugin.call(tool, arguments)
        fault = nil
        return last.failure == nil ? 0 : 1
    }

    func text(_ index: Int, of list: (TestBench) -> [String]) -> UnsafePointer<CChar>? {
        text { list($0).indices.contains(index) ? list($0)[index] : nil }
    }

    /// A copy that stays until ``forget()``.
    func text(_ read: (TestBench) -> String?) -> UnsafePointer<CChar>? {
        guard let text = read(self), let copy = strdup(text) else { return nil }
        texts.append(copy)
        return UnsafePointer(copy)
    }

    private func forget() {
        for text in texts { free(text) }
        texts = []
    }
}
