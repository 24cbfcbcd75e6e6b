// A directory that is there whole, or not at all.
// SPDX-License-Identifier: MIT

import Glibc

/// Written under another name beside its place, and then renamed.
struct NewDirectory {
    struct File: Equatable {
        /// In the directory.
        let path: String
        let text: String
    }

    enum Fault: Error, Equatable {
        case taken
        /// The directory it would be in, and the text of errno.
        case noParent(String, String)
        case unwritable(String)

        /// What stands after the directory's name in a message.
        var phrase: String {
            switch self {
            case .taken: "is there already, and was not touched; choose another name, or another --directory"
            case .noParent(let parent, let why):
                "cannot be written, because nothing can be put into \(Shown.line(parent)): \(why); name a directory of yours "
                    + "with --directory"
            case .unwritable(let why): "cannot be written: \(why); nothing of it is left"
            }
        }
    }

    let name: String
    /// Nil for the working directory.
    let parent: String?

    static func path(_ name: String, in parent: String?) -> String {
        guard let parent else { return name }
        return parent.hasSuffix("/") ? parent + name : "\(parent)/\(name)"
    }

    func write(_ files: [File]) throws(Fault) {
        let place = NewDirectory.path(name, in: parent)
        var status = stat()
        if lstat(place, &status) == 0 { throw .taken }
        var pattern = Array(NewDirectory.path(".\(name).XXXXXX", in: parent).utf8CString)
        guard mkdtemp(&pattern) != nil else { throw .noParent(parent ?? ".", TextFile.lastError) }
        let draft = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(Fault) {
            for file in files { try write(file, in: draft) }
            // Others may look at it, and only its owner may write: the server refuses plugins in any other directory.
            guard chmod(draft, 0o755) == 0 else { throw .unwritable(TextFile.lastError) }
            // An empty directory claims the name, so that nobody's is replaced.
            guard mkdir(place, 0o755) == 0 else { throw errno == EEXIST ? .taken : .unwritable(TextFile.lastError) }
            guard rename(draft, place) == 0 else {
                let why = TextFile.lastError
                rmdir(place)
                throw .unwritable(why)
            }
        } catch {
            remove(files, from: draft)
            throw error
        }
    }

    private func write(_ file: File, in draft: String) throws(Fault) {
        for folder in NewDirectory.folders(of: file.path) {
            guard mkdir("\(draft)/\(folder)", 0o755) == 0 || errno == EEXIST else {
                throw .unwritable(TextFile.lastError)
            }
        }
        let descriptor = open("\(draft)/\(file.path)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(TextFile.lastError) }
        var rest = Array(file.text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let why = TextFile.lastError
                close(descriptor)
                throw .unwritable(why)
            }
            rest = rest.dropFirst(count)
        }
        guard close(descriptor) == 0 else { throw .unwritable(TextFile.lastError) }
    }

    /// The draft's files and folders and itself, as far as they came to be.
    private func remove(_ files: [File], from draft: String) {
        for file in files { unlink("\(draft)/\(file.path)") }
        for folder in files.flatMap({ NewDirectory.folders(of: $0.path).reversed() }) { rmdir("\(draft)/\(folder)") }
        rmdir(draft)
    }

    /// `Sources`, `Sources/Tools` for `Sources/Tools/Tools.swift`.
    private static func folders(of path: String) -> [String] {
        let names = path.split(separator: "/").dropLast()
        return names.indices.map { names[...$0].joined(separator: "/") }
    }
}
