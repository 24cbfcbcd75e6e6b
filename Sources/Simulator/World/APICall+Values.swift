// Values of a call, read as the types the schema has already checked.
// SPDX-License-Identifier: MIT

extension APICall {
    /// An integer value; nil when it was not sent.
    func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

    /// Whether a boolean was sent as true.
    func flag(_ name: String) -> Bool { values[name] == "1" }

    /// The items of a list sent as one text; Proxmox splits at commas, semicolons, blanks and NUL.
    func names(_ name: String) -> [String] {
        guard let text = values[name] else { return [] }
        return text.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " || $0 == "\0" }).map(String.init)
    }

    /// Options that the API offers to the user root@pam alone, not even to its tokens.
    func allowOnlyForRoot(_ names: String...) throws {
        guard !isRoot else { return }
        for name in names {
            guard let value = values[name], value != "0" else { continue }
            throw Refusal(parameter: name, "Only root may use this option.")
        }
    }
}
