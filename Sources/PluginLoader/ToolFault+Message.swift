// The wording of faults in tools: what was found, what was wanted, what to do.
// SPDX-License-Identifier: MIT

extension ToolFault {
    /// Everything after the tool's name.
    var message: String {
        switch self {
        case .absent: "its pointer in pve_plugin.tools is NULL; correct the list or tool_count"
        case .shortStruct(let name, let size, let wanted): shortStructMessage(name, size, wanted)
        case .badText(let field, let fault): "its \(field) \(fault.message)"
        case .badTier(let tier):
            "its tier is \(tier); use 1 (read-only), 2 (read-execute) or 3 (full)"
        case .noBody: "it has no body; set exactly one of endpoint, call and native"
        case .manyBodies(let bodies): "it has \(bodies.joined(separator: " and ")); set exactly one of them"
        case .nativeUnserved: "its body is native, which this host does not serve; use a call body or a newer pve-mcp"
        case .duplicate: "the plugin has a tool of that name before it; rename one of the two"
        case .taken(let file): "\(file) has a tool of that name; rename one of the two, or leave one plugin out"
        case .badList(let field, let count, let limit):
            "its \(field) has NULL in it, or none for a count of \(count), or more than \(limit); correct the list or "
                + "the count"
        case .badMethod(let method):
            "the method of its endpoint is \(method); use 1 (GET), 2 (POST), 3 (PUT) or 4 (DELETE)"
        case .badPath(let path, let fault): "the path \"\(path)\" \(fault.message)"
        case .unfilledPath(let path, let name):
            "the path \"\(path)\" names {\(name)}, but no parameter of role argument has that API name; add it"
        case .noFunction(let field): "\(field) is NULL; set it to a function"
        case .badShape(let shape): "the shape of its result is \(shape), unknown in this ABI; use a newer pve-mcp"
        case .badNativeResult(let type):
            "the result of its pve_native has type \(type); use one of pve_type from 0 to 8, 32 (owned text) or 33 (status)"
        case .tooManyArguments(let count, let limit):
            "its function would take \(count) arguments, the call, lengths and what comes out included; use at most \(limit)"
        case .nativeShape(let shape, let isValue):
            "the shape of its result is \(shape), which its native function does not answer; "
                + (isValue
                    ? "use none or object, or a call body" : "use none, or set takes_call and reply through the call")
        case .unpreparable(let why): "its function cannot be called on this machine (\(why)); use a call body"
        case .badField(let name, let type):
            "field \"\(name)\" of its result has type \(type); use one of pve_type from 1 to 7 or from 16 to 19"
        case .badParameter(let name, let fault): "parameter \"\(name)\" \(fault.message)"
        }
    }
}

private func shortStructMessage(_ name: String, _ size: Int, _ wanted: Int) -> String {
    "the struct_size of its \(name) is \(size), wanted at least \(wanted); set it to sizeof(\(name))"
}

extension PathFault {
    var message: String {
        switch self {
        case .notRooted: "does not begin with /; write it as in the Proxmox VE API, without /api2/json"
        case .emptySegment: "has an empty segment; write one / between segments and none at the end"
        case .dotSegment: "has a segment . or ..; name the path it means"
        case .badByte: "has a byte that paths of the API do not have; parameters do not belong in it, declare them"
        case .braces: "has braces that are not one whole segment such as {vmid}; give each value a segment"
        }
    }
}

extension ParameterFault {
    var message: String {
        switch self {
        case .shortStruct(let size, let wanted):
            "has a struct_size of \(size), wanted at least \(wanted); set it to sizeof(pve_parameter)"
        case .badText(let field, let fault): "has \(field.hasPrefix("a") ? "an" : "a") \(field) that \(fault.message)"
        case .badType(let type): "has type \(type); use one of pve_type from 1 to 8 or from 16 to 19"
        case .badRole(let role): "has role \(role), unknown in this ABI; use a newer pve-mcp"
        case .roleNeeds(let role, let type): "has the role \(role), which takes type \(type); change one of them"
        case .roleTwice(let role): "is the second with the role \(role); a tool has at most one"
        case .duplicate: "is there twice; rename one of the two"
        case .apiNameTwice(let name): "is the second that is sent as \"\(name)\"; change its api_name"
        case .badBounds: "has bounds that are not numbers, or a minimum above its maximum; correct them"
        case .badDefault(let json, let type):
            "has the default \(json), which is not JSON of type \(type) on one line; correct it"
        case .badPattern(let pattern, let fault):
            "has the pattern \(pattern), which is no regular expression: \(fault.message); correct it"
        case .badChoices(let count): "has NULL or text that is not UTF-8 among its \(count) choices; correct the list"
        case .badChoice(let choice, let type):
            "has the choice \(choice), which is not JSON of type \(type); correct it"
        case .unread: "has the role local, but an endpoint body has no code to read it; use the role argument"
        case .guestNodeAlone: "is a guest's node, but there is no required vmid beside it; add it"
        case .taskNodeAlone: "is a task's node, but there is no required upid beside it; add it"
        case .optionalInPath: "is part of the path and may be left out; mark it required"
        case .listInPath: "is part of the path; give it a type that is one value"
        case .nativeRole(let role):
            "has the role \(role), but a native function takes values only; use the role argument or local"
        case .nativeType(let type):
            "has the type \(type), which no native function takes; use one of pve_type from 1 to 8, or a call body"
        case .nativeDefault(let json, let type):
            "has the default \(json), which cannot be passed to a function as \(type); correct it"
        }
    }
}
