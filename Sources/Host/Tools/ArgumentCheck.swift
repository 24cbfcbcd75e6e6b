// Checks a call's arguments against the tool's parameters before anything is sent.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// What is wrong with a call's arguments, as the model reads it.
struct ArgumentError: Error {
    /// One phrase per fault, each naming the argument, what it takes and what it got.
    var faults: [String]

    /// The faults as one sentence, the first few of them when there are many.
    var message: String {
        var shown = faults.prefix(ArgumentError.shownFaults).joined(separator: "; ")
        if faults.count > ArgumentError.shownFaults {
            shown += "; and \(faults.count - ArgumentError.shownFaults) more"
        }
        return "Nothing was sent: \(shown)."
    }

    /// Faults that are told; the rest is counted.
    static let shownFaults = 10
}

enum ArgumentCheck {
    /// Elements that a list may have.
    static let listLimit = 1000
    /// Names of fields that a call may choose.
    static let fieldLimit = 200

    /// Finds every fault of `arguments`. An argument that is null counts as left out: some clients name every one.
    static func faults(of arguments: JSONValue?, for tool: Tool) -> [String] {
        let parameters = tool.parameters
        let isNative = if case .native = tool.body { true } else { false }
        var faults: [String] = []
        var named: Set<String> = []
        var given: Set<String> = []
        for member in arguments?.members ?? JSONValue.Members.none {
            let name = member.name
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                // What is not shown need not be compared with every name.
                let isShown = faults.count < ArgumentError.shownFaults
                faults.append(isShown ? unknown(shortened(name, 64), parameters) : "")
                continue
            }
            guard named.insert(name).inserted else {
                faults.append("argument \(quoted(name)) is given twice")
                continue
            }
            if member.value.isNull, parameter.type != .json { continue }
            given.insert(name)
            if let fault = fault(of: member.value, parameter, isNative: isNative) {
                faults.append(fault)
            } else if parameter.role == .options {
                faults += OptionCheck.faults(of: member.value, parameter, tool, pathNames: tool.body.pathNames)
            }
        }
        for parameter in parameters where parameter.isRequired && !given.contains(parameter.name) {
            faults.append("argument \(quoted(parameter.name)) is missing; it takes \(parameter.expectation)")
        }
        if let fault = TaskNode.fault(of: arguments, for: tool) { faults.append(fault) }
        return faults
    }

    private static func unknown(_ name: String, _ parameters: some Collection<Parameter>) -> String {
        let names = parameters.map(\.name)
        guard !names.isEmpty else { return "argument \(quoted(name)) is not known; the tool takes none" }
        let near = Nearest.names(to: name, among: names)
        let hint = near.isEmpty ? "" : " (did you mean \(near.map(quoted).joined(separator: " or "))?)"
        let others = names.joined(separator: ", ")
        let more = parameters.contains { $0.role == .options } ? "; further API parameters go into \"options\"" : ""
        return "argument \(quoted(name)) is not known\(hint); the tool takes \(others)\(more)"
    }

    private static func fault(of value: JSONValue, _ parameter: Parameter, isNative: Bool) -> String? {
        func wrong() -> String {
            // Options may hold secrets, and what was meant as an object of them may be anything.
            let isHidden = parameter.isSecret || parameter.role == .options
            let got = isHidden ? value.kind.noun : value.rawText
            return "argument \(quoted(parameter.name)) takes \(parameter.expectation); got \(shortened(got, 80))"
        }
        if let fault = lengthFault(of: value, parameter) { return fault }
        switch parameter.type {
        case .bool:
            if value.bool == nil { return wrong() }
        case .u64 where isNative:
            guard let number = value.uint, parameter.admits(number) else { return wrong() }
        case .i32, .u32, .i64, .u64:
            guard let number = value.int, parameter.admits(number), parameter.fits(number) else { return wrong() }
        case .f64:
            guard let number = value.double, parameter.admits(number) else { return wrong() }
        case .utf8, .bytes:
            guard let text = value.string else { return wrong() }
            if !parameter.admits(text) { return wrong() }
        case .utf8List:
            guard value.isArray, value.elements.allSatisfy({ $0.string.map(parameter.admits) ?? false }) else {
                return wrong()
            }
        case .i64List:
            guard value.isArray, value.elements.allSatisfy({ $0.int.map(parameter.admits) ?? false }) else {
                return wrong()
            }
        case .object:
            if !value.isObject { return wrong() }
        default:
            break
        }
        return nil
    }

    private static func lengthFault(of value: JSONValue, _ parameter: Parameter) -> String? {
        let limit = parameter.role == .fields ? fieldLimit : listLimit
        guard value.isArray, value.count > limit else { return nil }
        return "argument \(quoted(parameter.name)) takes at most \(limit) elements; got \(value.count)"
    }
}

extension Body {
    /// Names in the path of the one request; empty when code makes the requests.
    fileprivate var pathNames: Set<String> {
        guard case .endpoint(let endpoint) = self else { return [] }
        return Set(PathTemplate.names(in: endpoint.path))
    }
}

extension Parameter {
    /// Its lowest value. One entry is the least that a limit can ask for, said or not.
    fileprivate var least: Double? { role == .limit ? max(minimum ?? 1, 1) : minimum }

    /// What the parameter takes, as a phrase: "an integer from 100 to 999999999".
    var expectation: String {
        var text: String
        switch type {
        case .bool: text = "true or false"
        case .i32, .u32, .i64, .u64: text = "an integer"
        case .f64: text = "a number"
        case .utf8, .bytes: text = "a string"
        case .utf8List: text = "an array of strings"
        case .i64List: text = "an array of integers"
        case .object: text = "an object"
        default: text = "a value"
        }
        let choices = choices
        if !choices.isEmpty {
            let isList = type == .utf8List || type == .i64List
            return (isList ? "an array of any of " : "one of ") + choices.joined(separator: ", ")
        }
        switch (least, maximum) {
        case (let low?, let high?): text += " from \(number(low)) to \(number(high))"
        case (let low?, nil): text += " of at least \(number(low))"
        case (nil, let high?): text += " of at most \(number(high))"
        default: break
        }
        if let length = maximumLength { text += " of at most \(length) characters" }
        if let pattern { text += " that matches \(pattern)" }
        return text
    }

    private func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }

    fileprivate func admits(_ number: Double) -> Bool {
        number >= least ?? -.infinity && number <= maximum ?? .infinity
    }

    fileprivate func admits(_ number: Int64) -> Bool {
        let choices = choices
        return admits(Double(number)) && (choices.isEmpty || choices.contains(String(number)))
    }

    fileprivate func admits(_ number: UInt64) -> Bool {
        let choices = choices
        return admits(Double(number)) && (choices.isEmpty || choices.contains(String(number)))
    }

    fileprivate func fits(_ number: Int64) -> Bool {
        switch type {
        case .i32: Int32(exactly: number) != nil
        case .u32: UInt32(exactly: number) != nil
        case .u64: number >= 0
        default: true
        }
    }

    fileprivate func admits(_ text: String) -> Bool {
        if let length = maximumLength, text.unicodeScalars.count > length { return false }
        if let pattern, Pattern.matches(pattern, text) == false { return false }
        let choices = choices
        return choices.isEmpty || choices.contains(text)
    }
}

extension JSONValue.Members {
    /// No members at all.
    static var none: JSONValue.Members { emptyObject.members }
}

/// `{}`, for calls without arguments.
let emptyObject: JSONValue = {
    do { return try JSONDocument("{}").root } catch { preconditionFailure("{} is JSON: \(error)") }
}()

extension JSONValue.Kind {
    /// With its article, for messages that must not show the value.
    var noun: String {
        switch self {
        case .null: "null"
        case .true, .false: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

func quoted(_ name: String) -> String { "\"\(name)\"" }

/// The beginning of a text that came from outside, for messages.
func shortened(_ text: String, _ limit: Int) -> String {
    text.utf8.count > limit ? String(text.prefix(limit - 3)) + "…" : text
}
