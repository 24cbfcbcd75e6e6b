// Memory for descriptors that the host writes itself: from a manifest, or from what a child process said.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// Makes what a plugin has as constants. Nothing of it is ever freed: tools point into it for the life of the process,
/// as they do into an open plugin.
enum DescriptorArena {
    /// A NUL-terminated copy. `text` has no NUL in it.
    static func text(_ text: String) -> UnsafePointer<CChar> {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8.count + 1)
        for (offset, byte) in text.utf8.enumerated() { (copy + offset).initialize(to: CChar(bitPattern: byte)) }
        (copy + text.utf8.count).initialize(to: 0)
        return UnsafePointer(copy)
    }

    static func text(_ text: String?) -> UnsafePointer<CChar>? { text.map { self.text($0) } }

    static func value<Value>(_ value: Value) -> UnsafePointer<Value> {
        let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        place.initialize(to: value)
        return UnsafePointer(place)
    }

    /// The list as the contract has it: an array of pointers. Nil when it is empty.
    static func list<Value>(_ values: [UnsafePointer<Value>]) -> UnsafePointer<UnsafePointer<Value>?>? {
        guard !values.isEmpty else { return nil }
        let place = UnsafeMutablePointer<UnsafePointer<Value>?>.allocate(capacity: values.count)
        for (index, value) in values.enumerated() { (place + index).initialize(to: value) }
        return UnsafePointer(place)
    }

    static func size<Value>(of type: Value.Type) -> UInt32 { UInt32(MemoryLayout<Value>.size) }
}
