// Values that Proxmox VE wants percent-encoded before they are encoded as a form's.
// SPDX-License-Identifier: MIT

extension Request {
    /// The request with values of the API's format `urlencoded` (the `sshkeys` of cloud-init) as the server takes them.
    ///
    /// Encoded text has no blank and no line break in it, plain public keys always have one: what has one is encoded,
    /// what has none goes as it is. Those at the ends of a value are no part of it.
    var withURLEncodedValues: Request {
        guard method == .post || method == .put,
            parameters.contains(where: { $0.value.holdsBlank }),
            let node = Route(template: template, values: path)?.node
        else { return self }
        var request = self
        for (index, parameter) in parameters.enumerated() {
            guard parameter.value.holdsBlank, case .string(let text) = parameter.value,
                Facts.all.contains(where: {
                    $0.endpoint(method, at: node)?.parameter(parameter.name)?.format == "urlencoded"
                })
            else { continue }
            let trimmed = text.withoutBlankEnds
            request.parameters[index].value = .string(
                trimmed.contains(where: \.isWhitespace) ? PercentEncoding.encode(trimmed) : trimmed)
        }
        return request
    }
}

extension ParameterValue {
    fileprivate var holdsBlank: Bool {
        guard case .string(let text) = self else { return false }
        return text.utf8.contains { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }
}

extension String {
    fileprivate var withoutBlankEnds: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
