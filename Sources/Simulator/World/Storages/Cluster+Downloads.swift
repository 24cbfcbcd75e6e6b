// Files that come from outside: uploads, downloads, images of registries.
// SPDX-License-Identifier: MIT

/// A file on its way to a storage.
private struct IncomingFile: Sendable {
    var name: String
    var content: String
    var storage: String
    var node: String
    var bytes: Int

    var id: String { "\(storage):\(content)/\(name)" }

    /// What the list of volumes says about its format.
    var format: String {
        for (ending, format) in [
            (".iso", "iso"), (".img", "iso"), (".tar.gz", "tgz"), (".tar.xz", "txz"), (".tar.zst", "tzst"),
            (".tar", "tar"), (".qcow2", "qcow2"), (".vmdk", "vmdk"), (".raw", "raw"), (".ova", "ova"),
        ] where name.lowercased().hasSuffix(ending) { return format }
        return "raw"
    }
}

extension Cluster {
    /// The file as it will be called, when its kind and its name go together.
    private func incoming(_ call: APICall, _ verb: (Storage) -> String, bytes: Int) throws -> IncomingFile {
        let node = try nodeName(call)
        let name = call.values["storage"] ?? ""
        let storage = try enabledStorage(name, on: node)
        guard storage.hasFiles else { throw Refusal(verb(storage)) }
        let content = call.values["content"] ?? ""
        let file = Self.normalized(call.values["filename"] ?? "")
        let lower = file.lowercased()
        switch content {
        case "iso":
            guard [".iso", ".img"].contains(where: { lower.hasSuffix($0) && lower.count > $0.count }) else {
                throw Refusal(parameter: "filename", "wrong file extension")
            }
        case "vztmpl":
            let endings = [".tar.gz", ".tar.xz", ".tar.zst"] + (release.hasPrefix("8.") ? [] : [".tar"])
            guard endings.contains(where: { lower.hasSuffix($0) && lower.count > $0.count }) else {
                throw Refusal(parameter: "filename", "wrong file extension")
            }
        default:
            guard
                [".ova", ".qcow2", ".raw", ".vmdk"].contains(where: { lower.hasSuffix($0) && lower.count > $0.count })
            else { throw Refusal(parameter: "filename", "invalid filename or wrong extension") }
        }
        guard storage.content.contains(content) else {
            throw Refusal("storage '\(name)' does not support '\(content)' content")
        }
        if !storage.isReachable { throw Refusal("storage '\(name)' is not online") }
        return IncomingFile(name: file, content: content, storage: name, node: node, bytes: bytes)
    }

    /// The last part of a path, with what is not safe in names replaced.
    private static func normalized(_ name: String) -> String {
        let last = name.split(whereSeparator: { "/\\".contains($0) }).last.map(String.init) ?? ""
        return String(
            last.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
    }

    private mutating func store(_ file: IncomingFile) throws {
        let index = try storageIndex(file.storage)
        storages[index].volumes[file.id] = StoredVolume(
            node: storages[index].isShared ? nil : file.node, content: file.content, format: file.format,
            size: file.bytes, time: seconds)
    }

    private func hasRoom(for file: IncomingFile) throws -> Bool {
        let storage = try activeStorage(file.storage, on: file.node)
        return storage.size - usedBytes(storage, on: file.node) >= file.bytes
    }

    /// POST /nodes/{node}/storage/{storage}/upload
    mutating func upload(_ call: APICall) throws -> APIAnswer {
        guard let temporary = call.values["tmpfilename"] else { throw Refusal("missing temporary file name") }
        let file = try incoming(call, { "can't upload to storage type '\($0.type)'" }, bytes: call.number("#size") ?? 0)
        let path = try storage(file.storage).path(of: "\(file.content)/\(file.name)")
        let algorithm = call.values["checksum-algorithm"]
        let expected = call.values["checksum"]?.lowercased()
        return begin("imgcopy", id: "", on: file.node, by: call.caller) { cluster in
            var course = TaskCourse(seconds: cluster.duration(0.5))
            course.lines = ["starting file import from: \(temporary)"]
            if let algorithm, let expected, !Self.isDigest(expected, of: algorithm) {
                course.lines.append("calculating checksum...")
                let got = SHA1.hexadecimal(of: Array(file.name.utf8))
                course.failure = "checksum mismatch: got '\(got)' != expect '\(expected)'"
                return course
            }
            if algorithm != nil { course.lines.append("calculating checksum...OK, checksum verified") }
            course.lines += [
                "target node: \(file.node)", "target file: \(path)", "file size is: \(file.bytes)",
                "command: cp -- \(temporary) \(path)",
            ]
            if try !cluster.hasRoom(for: file) {
                course.lines.append("cp: error writing '\(path)': No space left on device")
                course.failure = "import failed: exit code 1"
                return course
            }
            course.closing = ["finished file import successfully"]
            course.finish = { try $0.store(file) }
            return course
        }
    }

    /// Whether a checksum has the length and the digits of its kind; the content is not kept, so it cannot be compared.
    private static func isDigest(_ text: String, of algorithm: String) -> Bool {
        let lengths = ["md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128]
        return text.utf8.count == lengths[algorithm] && text.allSatisfy { $0.isHexDigit }
    }

    /// POST /nodes/{node}/storage/{storage}/download-url. Hosts under `.invalid` cannot be found.
    mutating func downloadFile(_ call: APICall) throws -> APIAnswer {
        let url = call.values["url"] ?? ""
        let bytes = 32 << 20 + Int(SeededRandom.mix(UInt64(url.utf8.count)) % (256 << 20))
        let file = try incoming(
            call, { "can't upload to storage type '\($0.type)', not a file based storage!" }, bytes: bytes)
        let host = url.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        let path = try storage(file.storage).path(of: "\(file.content)/\(file.name)")
        if let compression = call.values["compression"], file.content != "iso" {
            _ = compression
            return begin("download", id: file.name, on: file.node, by: call.caller) { _ in
                throw Refusal("decompression not supported for \(file.content)")
            }
        }
        let expected = call.values["checksum"]?.lowercased()
        let algorithm = call.values["checksum-algorithm"] ?? ""
        return begin("download", id: file.name, on: file.node, by: call.caller) { cluster in
            var course = TaskCourse(seconds: cluster.duration(1.5))
            course.lines = ["downloading \(url) to \(path)"]
            if host.split(separator: ":").first?.hasSuffix(".invalid") == true {
                course.seconds = cluster.duration(0.25)
                course.lines.append("wget: unable to resolve host address '\(host)'")
                course.failure = "download failed: command 'wget' failed: exit code 4"
                return course
            }
            course.lines += [25, 50, 75, 100].map { "\((file.bytes * $0 / 100) >> 10)K ........ ........ \($0)% 112M" }
            if try !cluster.hasRoom(for: file) {
                course.lines.append("Cannot write to '\(path).tmp' (No space left on device).")
                course.failure = "download failed: command 'wget' failed: exit code 3"
                return course
            }
            if let expected, !Self.isDigest(expected, of: algorithm) {
                let got = SHA1.hexadecimal(of: Array(url.utf8))
                course.failure = "checksum mismatch: got '\(got)' != expect '\(expected)'"
                return course
            }
            course.closing = ["download of '\(url)' to '\(path)' finished"]
            course.finish = { try $0.store(file) }
            return course
        }
    }

    /// POST /nodes/{node}/storage/{storage}/oci-registry-pull. Registries under `.invalid` cannot be found.
    mutating func pullImage(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let name = call.values["storage"] ?? ""
        let reference = call.values["reference"] ?? ""
        let storage = try enabledStorage(name, on: node)
        guard storage.hasFiles else {
            throw Refusal("can't upload to storage type '\(storage.type)', not a file based storage!")
        }
        guard storage.content.contains("vztmpl") else {
            throw Refusal("storage '\(name)' is not configured for content-type 'vztmpl'")
        }
        let image = reference.split(separator: "/").last.map(String.init) ?? reference
        let asked = call.values["filename"] ?? image.split(separator: ":").joined(separator: "_")
        let file = IncomingFile(
            name: Self.normalized(asked) + ".tar", content: "vztmpl", storage: name, node: node,
            bytes: 24 << 20 + Int(SeededRandom.mix(UInt64(reference.utf8.count)) % (64 << 20)))
        let path = storage.path(of: "vztmpl/\(file.name)")
        if storedVolume(file.id, on: node) != nil { throw Refusal("refusing to override existing file '\(file.name)'") }
        let registry = reference.split(separator: "/").first.map(String.init) ?? ""
        return begin("ocipull", id: file.name, on: node, by: call.caller) { cluster in
            var course = TaskCourse(seconds: cluster.duration(1.5))
            course.lines = ["pulling OCI image '\(reference)' to '\(path)'"]
            if registry.split(separator: ":").first?.hasSuffix(".invalid") == true {
                course.seconds = cluster.duration(0.25)
                course.lines.append(
                    "pinging container registry \(registry): dial tcp: lookup \(registry): no such host")
                course.failure = "pulling OCI image failed: command 'skopeo' failed: exit code 1"
                return course
            }
            let digest = SHA1.hexadecimal(of: Array(reference.utf8))
            course.lines += ["Getting image source signatures", "Copying blob sha256:\(digest)"]
            if try !cluster.hasRoom(for: file) {
                course.lines.append("writing blob: write \(path).tmp: no space left on device")
                course.failure = "pulling OCI image failed: command 'skopeo' failed: exit code 1"
                return course
            }
            course.lines += ["Copying config sha256:\(digest.suffix(12))", "Writing manifest to image destination"]
            course.finish = { try $0.store(file) }
            return course
        }
    }
}
