// A plugin's descriptor made of any bytes, in memory of exactly the size it says it has.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

/// Spends bytes on choices; when they run out, every choice is the first. What it makes lives as long as it does.
///
/// Lists are as long as their counts say, as far as the host may look, and texts end with NUL: that much a plugin owes, and no
/// check in the same process can make up for it. Everything else is open.
final class DescriptorMaker {
    private var bytes: [UInt8]
    private var position = 0
    private var blocks: [UnsafeMutableRawPointer] = []

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = Array(bytes) }

    deinit { for block in blocks { free(block) } }

    func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    /// True for few of the bytes, never for 0: something out of the ordinary.
    private func isOdd() -> Bool { byte() > 250 }

    /// A code that is mostly one of `count` from `first`.
    private func code(_ first: UInt8, _ count: UInt8) -> UInt8 {
        let byte = byte()
        return byte > 240 ? byte : first + byte % count
    }

    private func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        let block = malloc(max(size, 1))!
        memset(block, 0, max(size, 1))
        blocks.append(block)
        return block
    }

    // MARK: Pieces

    /// A text from `common`, one of the input's, one that is too long, or none.
    private func text(_ common: [String]) -> UnsafePointer<CChar>? {
        let choice = byte()
        switch choice {
        case 0..<160: return text(Array(common[Int(choice) % common.count].utf8))
        case 160..<230:
            let length = min(Int(byte()), bytes.count - position)
            defer { position += length }
            return text(Array(bytes[position..<(position + length)]))
        case 230..<245: return text([UInt8](repeating: UInt8(ascii: "x"), count: Int(byte()) * 8))
        default: return nil
        }
    }

    private func text(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
        let block = allocate(bytes.count + 1)
        block.copyMemory(from: bytes, byteCount: bytes.count)
        return UnsafePointer(block.assumingMemoryBound(to: CChar.self))
    }

    /// A list of at most `most` entries, and the count that is told of it.
    private func list<Entry>(
        upTo most: Int, _ make: () -> UnsafePointer<Entry>?
    ) -> (UnsafePointer<UnsafePointer<Entry>?>?, UInt32) {
        let length = Int(byte()) % (most + 1)
        let told = isOdd() ? Int(byte()) << (byte() & 16) : length
        if isOdd() { return (nil, UInt32(told)) }
        let base = allocate(max(length, min(told, 600)) * MemoryLayout<UnsafePointer<Entry>?>.stride)
            .assumingMemoryBound(to: UnsafePointer<Entry>?.self)
        for index in 0..<length { base[index] = isOdd() ? nil : make() }
        return (UnsafePointer(base), UInt32(told))
    }

    /// A struct that says it has some size, in memory of just that size; `fill` sets its fields.
    private func block<Value>(_ value: Value, _ path: WritableKeyPath<Value, UInt32>, sizes: [Int]) -> UnsafePointer<
        Value
    > {
        var value = value
        let choice = Int(byte())
        let full = MemoryLayout<Value>.size
        let told = choice < 230 ? full : choice < 240 ? full + 64 : sizes[choice % sizes.count]
        value[keyPath: path] = UInt32(told)
        // Whoever looks at the size must have it to look at, and the head whole where there is one.
        let held = max(told, Value.self == pve_plugin.self ? MemoryLayout<pve_head>.size : 4)
        let memory = allocate(held)
        withUnsafeBytes(of: value) { memory.copyMemory(from: $0.baseAddress!, byteCount: min(held, full)) }
        return UnsafePointer(memory.assumingMemoryBound(to: Value.self))
    }

    // MARK: The descriptor

    func plugin() -> UnsafePointer<pve_plugin> {
        var plugin = pve_plugin()
        plugin.head.magic = isOdd() ? UInt32(byte()) : UInt32(PVE_MAGIC_PLUGIN)
        plugin.head.abi_major = isOdd() ? UInt16(byte()) : UInt16(PVE_ABI_MAJOR)
        plugin.head.abi_minor = UInt16(byte())
        plugin.category = text(["fuzz"])
        plugin.version = text(["1.0.0"])
        plugin.title = text(["Fuzz"])
        plugin.summary = text(["for tests"])
        plugin.required_features = isOdd() ? UInt64(byte()) : 0
        (plugin.tools, plugin.tool_count) = list(upTo: 4, tool)
        if plugin.tool_count == 0, !isOdd() { (plugin.tools, plugin.tool_count) = list(upTo: 4, tool) }
        return block(plugin, \.head.struct_size, sizes: [0, 16, 64, 71])
    }

    private func tool() -> UnsafePointer<pve_tool> {
        var tool = pve_tool()
        tool.tier = code(1, 3)
        tool.annotations = byte()
        tool.name = text(["fuzz_get", "a", "fuzz_set", "pve_list_nodes"])
        tool.title = text(["Get things"])
        tool.description = text(["Gets things."])
        (tool.parameters, tool.parameter_count) = list(upTo: 6, parameter)
        tool.result = byte() < 128 ? result() : nil
        let body = byte()
        if body % 3 == 0 || body > 250 { tool.endpoint = endpoint() }
        if body % 3 == 1 || body > 250 { tool.call = callBody() }
        if body % 3 == 2 || body > 253 { tool.native = native() }
        return block(tool, \.struct_size, sizes: [0, 8, 72, 79])
    }

    private func parameter() -> UnsafePointer<pve_parameter> {
        var parameter = pve_parameter()
        parameter.type = [1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 16, 17, 18, 19, 32, 255][Int(byte()) % 16]
        parameter.role = byte() < 128 ? 0 : code(0, 7)
        parameter.flags = UInt16(byte()) | UInt16(isOdd() ? byte() : 0) << 8
        parameter.name = text([
            "node", "vmid", "upid", "storage", "limit", "start", "options", "wait", "confirm", "fields",
        ])
        parameter.description = text(["What it is."])
        parameter.api_name = byte() < 200 ? nil : text(["node", "vmid", "other"])
        if byte() > 128 {
            parameter.default_json = text([
                "1", "-5", "0.5", "true", "null", "\"a\"", "[]", "[1, 2]", "[\"a\", \"b\"]", "{\"a\": [1]}", "1e400",
                "\"\\ud800\"", "[1,\n2]", "123456789012345678901234567890",
            ])
        }
        if byte() > 128 {
            (parameter.choices, parameter.choice_count) = list(upTo: 4) { text(["a", "b", "1", "-2", "", "1\n"]) }
        }
        parameter.maximum_length = UInt32(byte())
        if byte() > 128 {
            parameter.pattern = text([
                "^[a-z]+$", "(a|b)*", "^\\d{1,3}(?:\\.\\d+)?$", "(", "[z-a]", "a{2,1}", "[^", "\\",
            ])
        }
        parameter.minimum = [0, 1, -1, 1e300, .nan, .infinity, -0.5, 1e-9][Int(byte()) % 8]
        parameter.maximum = [0, 1, 100, 1e300, .nan, -.infinity, 0.5, 4294967295][Int(byte()) % 8]
        return block(parameter, \.struct_size, sizes: [0, 8, 72, 79])
    }

    private func result() -> UnsafePointer<pve_result> {
        var result = pve_result()
        result.shape = code(0, 6)
        result.name = byte() < 100 ? nil : text(["things", "nodes"])
        (result.fields, result.field_count) = list(upTo: 5, field)
        result.note = byte() < 100 ? nil : text(["Apply it."])
        return block(result, \.struct_size, sizes: [0, 16, 32, 32, 32, 39])
    }

    private func field() -> UnsafePointer<pve_field> {
        var field = pve_field()
        field.type = [1, 2, 4, 5, 6, 7, 8, 16, 17, 18, 19, 0][Int(byte()) % 12]
        field.unit = code(0, 6)
        field.flags = UInt16(byte())
        field.name = text(["node", "uptime", "status", "maxmem"])
        return block(field, \.struct_size, sizes: [0, 8, 15])
    }

    private func endpoint() -> UnsafePointer<pve_endpoint> {
        var endpoint = pve_endpoint()
        endpoint.method = code(1, 4)
        endpoint.path = text([
            "/nodes", "/nodes/{node}/qemu/{vmid}/config", "/nodes/{node}/tasks/{upid}/status", "/nodes/{node}",
            "/storage/{storage}", "/version", "nodes", "/a//b", "/{", "/../x",
        ])
        return block(endpoint, \.struct_size, sizes: [0, 8, 15])
    }

    private func callBody() -> UnsafePointer<pve_call_body> {
        var body = pve_call_body()
        if !isOdd() { body.run = { _, _, _ in } }
        (body.endpoints, body.endpoint_count) = list(upTo: 3, endpoint)
        return block(body, \.struct_size, sizes: [0, 8, 31])
    }

    private func native() -> UnsafePointer<pve_native> {
        var native = pve_native()
        native.result = [0, 1, 2, 4, 6, 7, 8, 32, 33, 16, 255][Int(byte()) % 11]
        native.takes_call = byte() & 1
        if !isOdd() { native.function = {} }
        if byte() > 128 { native.release = { _ in } }
        return block(native, \.struct_size, sizes: [0, 8, 23])
    }
}
