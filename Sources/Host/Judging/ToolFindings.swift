// What a tool says it does, against what its requests can do and what this host can check.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// Findings about one tool of a plugin.
struct ToolFindings {
    let tool: Tool
    /// Which plugin that comes with the host has a tool of that name.
    let takenBy: String?

    var all: [Finding] { honesty + requests + schema }

    private var honesty: [Finding] {
        var findings: [Finding] = []
        if let takenBy {
            findings.append(
                finding(
                    .warning, "will be left out: category \(takenBy) has a tool of that name; rename one of the two"))
        }
        if let why = Registry.understatement(tool) {
            findings.append(finding(.warning, "will be left out: \(why); declare what it does"))
        }
        if tool.annotations.contains(.destructive), tool.hasConfirmationOfItsOwn {
            findings.append(
                finding(
                    .warning,
                    "has a parameter \(quoted(ConfirmedArguments.name)) of its own, so its calls cannot be confirmed with a "
                        + "token; rename the parameter"))
        }
        if case .native = tool.body {
            findings.append(
                finding(.note, "is a function that the host calls directly; what it does is not seen by the host"))
        }
        return findings
    }

    private var requests: [Finding] {
        ToolRequest.all(of: tool).compactMap { request in
            if request.isUnknown {
                return finding(
                    .warning,
                    "declares \(request.text), which no release of Proxmox VE known here has, so it counts as the worst; "
                        + "correct the path")
            }
            if request.isExcluded {
                return finding(.warning, "declares \(request.text), which is sent in no tier: \(request.why)")
            }
            return nil
        }
    }

    /// Whether what clients are shown can be met, and is what this host checks.
    private var schema: [Finding] {
        var findings: [Finding] = []
        let text = tool.inputSchema()
        if (try? JSONDocument(text).root)?.isObject != true {
            findings.append(finding(.warning, "has an input schema that is not JSON; ask its author"))
        }
        for parameter in tool.parameters {
            for message in faults(of: parameter) {
                findings.append(finding(.warning, "has a parameter \(quoted(parameter.name)) \(message)"))
            }
        }
        return findings
    }

    private func faults(of parameter: Parameter) -> [String] {
        var faults: [String] = []
        let isText = parameter.type == .utf8 || parameter.type == .utf8List
        if let pattern = parameter.pattern {
            if !isText {
                faults.append("with a pattern that is never applied, as it is no text; drop the pattern")
            } else if Pattern.matches(pattern, "") == nil {
                faults.append(
                    "whose pattern \(quoted(pattern)) cannot be read here, so it is shown and not checked; use the part of "
                        + "ECMA 262 that POSIX extended expressions share")
            }
        }
        if !parameter.choices.isEmpty, !isText, !parameter.type.isInteger, parameter.type != .i64List {
            faults.append("with choices, which are texts or whole numbers, though it is neither; drop the choices")
        }
        if let json = parameter.defaultJSON, let fault = fault(ofDefault: json, parameter) { faults.append(fault) }
        return faults
    }

    /// A default that a caller could not give.
    private func fault(ofDefault json: String, _ parameter: Parameter) -> String? {
        guard let value = try? JSONDocument(json).root else { return nil }
        if let number = value.double {
            if let minimum = parameter.minimum, number < minimum {
                return "whose default \(json) is below its minimum; correct one of them"
            }
            if let maximum = parameter.maximum, number > maximum {
                return "whose default \(json) is above its maximum; correct one of them"
            }
        }
        let choices = parameter.choices
        if !choices.isEmpty, !value.isArray, !choices.contains(value.string ?? value.rawText) {
            return "whose default \(json) is not among its choices; correct one of them"
        }
        if let text = value.string, let pattern = parameter.pattern, Pattern.matches(pattern, text) == false {
            return "whose default \(json) does not match its pattern; correct one of them"
        }
        return nil
    }

    private func finding(_ severity: Finding.Severity, _ message: String) -> Finding {
        Finding(severity: severity, subject: .tool, message: "tool \(tool.name) \(message)")
    }
}
