// The words that descriptions and manifests have for the numbers of the contract.
// SPDX-License-Identifier: MIT

import PluginABI

/// A list of words for numbers of one kind.
struct DescriptionWords {
    private let words: [(code: UInt8, word: String)]

    private init(_ words: [(UInt8, String)]) { self.words = words.map { (code: $0.0, word: $0.1) } }

    func word(for code: UInt8) -> String? { words.first { $0.code == code }?.word }
    func code(for word: String) -> UInt8? { words.first { $0.word == word }?.code }
    var all: [String] { words.map(\.word) }

    /// Types of parameters of tools that are not native, and of fields, as `pve_type`.
    static let types = DescriptionWords(
        nativeTypeWords + [(16, "utf8_list"), (17, "i64_list"), (18, "object"), (19, "json")])
    /// Types that a native function takes.
    static let nativeTypes = DescriptionWords(nativeTypeWords)
    /// Types that a native function returns.
    static let nativeResults = DescriptionWords(
        [(0, "none")] + nativeTypeWords + [(32, "owned_utf8"), (33, "status")])
    private static let nativeTypeWords: [(UInt8, String)] = [
        (1, "bool"), (2, "i32"), (3, "u32"), (4, "i64"), (5, "u64"), (6, "f64"), (7, "utf8"), (8, "bytes"),
    ]
    static let roles = DescriptionWords([
        (0, "argument"), (1, "local"), (2, "options"), (3, "wait"), (4, "fields"), (5, "limit"), (6, "cursor"),
    ])
    static let shapes = DescriptionWords([
        (0, "none"), (1, "object"), (2, "list"), (3, "task"), (4, "log"), (5, "series"),
    ])
    static let units = DescriptionWords([
        (0, "none"), (1, "bytes"), (2, "seconds"), (3, "fraction"), (4, "epoch"), (5, "mebibytes"),
    ])
    static let methods = DescriptionWords([(1, "GET"), (2, "POST"), (3, "PUT"), (4, "DELETE")])
    static let tiers = DescriptionWords([(1, "read-only"), (2, "read-execute"), (3, "full")])
}

/// A bit of the contract and the member that stands for it.
typealias DescriptionFlag = (bit: UInt32, name: String)

enum DescriptionFlags {
    static let parameter: [DescriptionFlag] = [
        (PVE_PARAMETER_REQUIRED.rawValue, "required"), (PVE_PARAMETER_GUEST_NODE.rawValue, "guest_node"),
        (PVE_PARAMETER_TASK_NODE.rawValue, "task_node"), (PVE_PARAMETER_SECRET.rawValue, "secret"),
    ]
    static let field: [DescriptionFlag] = [
        (PVE_FIELD_CHOSEN.rawValue, "chosen"), (PVE_FIELD_ALWAYS.rawValue, "always"),
    ]
    static let annotations: [DescriptionFlag] = [
        (PVE_ANNOTATION_READ_ONLY.rawValue, "read_only"), (PVE_ANNOTATION_DESTRUCTIVE.rawValue, "destructive"),
        (PVE_ANNOTATION_IDEMPOTENT.rawValue, "idempotent"), (PVE_ANNOTATION_OPEN_WORLD.rawValue, "open_world"),
    ]
}
