// A plugin or a tool that was not taken, and why.
// SPDX-License-Identifier: MIT

/// Why something was not taken. One case for each kind; the wording is in `RefusalReason+Message.swift`.
public enum RefusalReason: Error, Equatable, Sendable {
    // The file, before anything of it is mapped.
    case badFileName(String)
    case unreadable(path: String, errno: Int32)
    case notRegularFile
    case writableByOthers(path: String, mode: UInt32)
    case foreignOwner(path: String, uid: UInt32)
    case leadsOut(target: String)
    case notELF
    case otherWordSize(bits: Int)
    case otherByteOrder
    case otherMachine(UInt16)
    case notSharedObject(type: UInt16)
    case notDynamic
    case tooLarge(limit: Int)
    // Opening it.
    case cannotOpen(String)
    case noEntry(symbol: String)
    case entryIsData(symbol: String)
    case entryReturnedNull(symbol: String)
    // The descriptor.
    case wrongMagic(UInt32)
    case otherMajor(major: UInt16, minor: UInt16)
    case shortStruct(size: Int, wanted: Int)
    case wrongCategory(String)
    case unknownFeatures(UInt64)
    case badText(field: String, TextFault)
    case noTools
    case tooManyTools(Int)
    // A manifest.
    case badManifest(String)
    case missingLibrary(String, String)
    case standardCategory
    /// What a child process said about it is no description.
    case badDescription(String)
    // Its place among others.
    case categoryTaken(by: String)
    /// It did not come with the host, and only what did is wanted.
    case safeMode
    // What a child process made of it, and the last it wrote to stderr.
    case probe(ProbeFailure, lastWords: String = "")
    /// One tool; the plugin's others are not touched by it.
    case tool(String, ToolFault)
}

/// A refusal, told in full by `message`.
public struct Refusal: Equatable, Sendable {
    /// The absolute path.
    public let file: String
    /// As in the file's name; nil when it is not one.
    public let category: String?
    public let reason: RefusalReason

    public init(file: String, category: String?, reason: RefusalReason) {
        self.file = file
        self.category = category
        self.reason = reason
    }

    /// The tool that was refused; nil when it was the whole plugin.
    public var tool: String? {
        if case .tool(let name, _) = reason { return name }
        return nil
    }

    /// The file, what was wanted, what was found, and what to do.
    public var message: String {
        switch reason {
        case .safeMode: "\(file): \(reason.message(category: category))"
        case .tool(let name, let fault): "\(file): tool \"\(name)\" refused: \(fault.message)"
        case .probe(.refused(let message), _): message
        default: "\(file): plugin refused: \(reason.message(category: category))"
        }
    }
}
