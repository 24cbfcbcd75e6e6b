// Collects the parameters of a request from its query and its body.
// SPDX-License-Identifier: MIT

import JSON

/// The parameters of a request by name. The query wins over the body.
struct RequestParameters: Sendable {
    var values: [String: ParameterValue] = [:]

    /// A body that is not what its content type says.
    struct ReadError: Error {
        let message: String
    }

    init(_ request: HTTPRequest) throws(ReadError) {
        if !request.body.isEmpty {
            switch HTTPRules.mediaType(request) {
            case "application/json": values = try Self.json(request.body)
            case "multipart/form-data":
                guard let upload = Multipart.read(request) else { throw ReadError(message: "upload failed") }
                values = upload
            default: values = Self.form(String(decoding: request.body, as: UTF8.self))
            }
        }
        for (name, value) in Self.form(request.query) { values[name] = value }
        // Web pages add this one to get past caches.
        values["_dc"] = nil
    }

    /// Reads `a=1&b=2`. `;` separates as `&` does; a repeated key becomes a list.
    static func form(_ text: some StringProtocol) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for pair in text.split(whereSeparator: { $0 == "&" || $0 == ";" }) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(parts[0], plus: true)
            let value = ParameterValue.text(parts.count > 1 ? PercentEncoding.decode(parts[1], plus: true) : "")
            switch values[name] {
            case nil: values[name] = value
            case .list(let others): values[name] = .list(others + [value])
            case .some(let other): values[name] = .list([other, value])
            }
        }
        return values
    }

    private static func json(_ body: [UInt8]) throws(ReadError) -> [String: ParameterValue] {
        let root: JSONValue
        do {
            root = try JSONDocument(body).root
        } catch {
            throw ReadError(message: "malformed JSON string: \(error)")
        }
        guard root.isObject else { throw ReadError(message: "malformed JSON string: not an object") }
        var values: [String: ParameterValue] = [:]
        for member in root.members { values[member.name] = ParameterValue(member.value) }
        return values
    }
}

/// Uploads: the text parts, then the file part, which must be called `filename`.
enum Multipart {
    /// The parameters of an upload; nil when its parts are not as Proxmox wants them. The file's size goes along as
    /// `#size`, a name no parameter can have.
    static func read(_ request: HTTPRequest) -> [String: ParameterValue]? {
        let type = request.header("Content-Type") ?? ""
        guard
            let mark = type.split(whereSeparator: { $0 == ";" || $0 == " " }).first(where: { $0.hasPrefix("boundary=") }
            )
        else { return nil }
        let boundary = Array("--".utf8) + Array(mark.dropFirst(9).filter { $0 != "\"" }.utf8)
        var values: [String: ParameterValue] = [:]
        let body = request.body
        guard var start = find(boundary, in: body, from: 0) else { return nil }
        while let end = find(boundary, in: body, from: start + boundary.count) {
            let part = body[(start + boundary.count)..<end]
            start = end
            guard let blank = find(Array("\r\n\r\n".utf8), in: body, from: part.startIndex), blank < end else {
                return nil
            }
            let head = String(decoding: body[part.startIndex..<blank], as: UTF8.self)
            let content = body[(blank + 4)..<max(blank + 4, end - 2)]
            guard let name = attribute("name", of: head) else { return nil }
            guard let file = attribute("filename", of: head) else {
                if name == "tmpfilename" { return nil }
                values[name] = .text(String(decoding: content, as: UTF8.self))
                continue
            }
            guard name == "filename" else { return nil }
            values["filename"] = .text(file)
            values["tmpfilename"] = .text("/var/tmp/pveupload-0123456789abcdef0123456789abcdef")
            values["#size"] = .text(String(content.count))
            // Parts behind the file come too late.
            return values
        }
        return nil
    }

    private static func attribute(_ name: String, of head: String) -> String? {
        for line in head.split(whereSeparator: \.isNewline) where line.lowercased().hasPrefix("content-disposition:") {
            for field in line.split(separator: ";").dropFirst() {
                let trimmed = field.drop { $0 == " " }
                if trimmed.hasPrefix(name + "=") {
                    return String(trimmed.dropFirst(name.utf8.count + 1).filter { $0 != "\"" })
                }
            }
        }
        return nil
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count, start <= bytes.count - needle.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            var position = start
            while position <= bytes.count - needle.count {
                guard let first = bytes[position...].firstIndex(of: needle[0]), first <= bytes.count - needle.count
                else {
                    return nil
                }
                if bytes[first..<(first + needle.count)].elementsEqual(needle) { return first }
                position = first + 1
            }
            return nil
        }
    }
}
