// The private directory through which a server and `pve-mcp approve` speak.
// SPDX-License-Identifier: MIT

import Glibc

/// A directory that belongs to the user and is closed to everybody else. Its files are found through its descriptor, so
/// that nothing that happens to its path afterwards matters.
final class ApprovalDirectory {
    let path: String
    private let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Where it may be, the best place first. A server and a terminal do not always have the same environment, so the
    /// terminal looks in all of them.
    static func places(_ environment: [String: String], home: String?, user: uid_t) -> [String] {
        var places: [String] = []
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") { places.append("\(runtime)/pve-mcp") }
        places.append("/run/user/\(user)/pve-mcp")
        for home in [environment["HOME"], home] {
            if let home, home.hasPrefix("/") { places.append("\(home)/.local/state/pve-mcp") }
        }
        var seen: Set<String> = []
        return places.filter { seen.insert($0).inserted }
    }

    /// The places of this process.
    static var places: [String] {
        let home = getpwuid(geteuid()).flatMap { $0.pointee.pw_dir.map { String(cString: $0) } }
        return places(Environment.values, home: home, user: geteuid())
    }

    /// Opens the first place that can be used, and makes it when it is not there.
    static func make(_ places: [String] = places) -> Result<ApprovalDirectory, ApprovalFault> {
        var faults: [String] = []
        for place in places {
            let parent = String(place.dropLast("/pve-mcp".count))
            // A runtime directory is made by the system; a home's folders are made here.
            if parent.hasSuffix("/.local/state") {
                mkdir(String(parent.dropLast("/state".count)), 0o700)
                mkdir(parent, 0o700)
            }
            mkdir(place, 0o700)
            switch open(place) {
            case .success(let directory): return .success(directory)
            case .failure(let fault): faults.append(fault.message)
            }
        }
        return .failure(ApprovalFault(message: faults.joined(separator: "; ")))
    }

    /// Opens a place that is there, and checks it.
    static func open(_ path: String) -> Result<ApprovalDirectory, ApprovalFault> {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(ApprovalFault(message: "\(path): \(TextFile.lastError)")) }
        let directory = ApprovalDirectory(path: path, descriptor: descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid() else {
            return .failure(ApprovalFault(message: "\(path) belongs to another user"))
        }
        guard status.st_mode & 0o077 == 0 else {
            return .failure(ApprovalFault(message: "\(path) is open to other users; run: chmod 700 \(path)"))
        }
        return .success(directory)
    }

    // MARK: Questions

    /// Puts a question down.
    func write(_ note: ApprovalNote) -> Result<Void, ApprovalFault> { write("\(note.id).question", note.json) }

    /// The question with this id; nil when there is none that can be trusted.
    func note(_ id: String) -> ApprovalNote? {
        guard ApprovalNote.isID(id), let bytes = read("\(id).question"), let note = ApprovalNote(json: bytes),
            note.id == id
        else { return nil }
        return note
    }

    /// Every question, the oldest first.
    var notes: [ApprovalNote] {
        names.filter { $0.hasSuffix(".question") }.compactMap { note(String($0.dropLast(".question".count))) }
            .sorted { ($0.asked, $0.id) < ($1.asked, $1.id) }
    }

    /// Forgets questions whose time is over, and their approvals.
    func removeExpired(_ now: Int64) {
        for note in notes where note.expires <= now { remove(note.id) }
    }

    // MARK: Approvals

    /// Whether a question has been approved and waits for its call.
    func isApproved(_ id: String) -> Bool { read("\(id).approval") != nil }

    /// Approves a question.
    func approve(_ note: ApprovalNote) -> Result<Void, ApprovalFault> {
        write("\(note.id).approval", Array(note.digest.utf8))
    }

    /// Whether there is an approval with this digest. It is gone afterwards, with its question.
    func takeApproval(_ id: String, _ digest: String) -> Bool {
        guard let bytes = read("\(id).approval") else { return false }
        // Whoever removes the file has it: it counts once, whatever else happens at the same time.
        let isOurs = unlinkat(descriptor, "\(id).approval", 0) == 0
        remove(id)
        return isOurs && bytes.elementsEqual(digest.utf8)
    }

    // MARK: Files

    private func remove(_ id: String) {
        unlinkat(descriptor, "\(id).question", 0)
        unlinkat(descriptor, "\(id).approval", 0)
    }

    private func write(_ name: String, _ bytes: [UInt8]) -> Result<Void, ApprovalFault> {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return .failure(ApprovalFault(message: "\(path)/\(name): \(TextFile.lastError)")) }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            let fault = ApprovalFault(message: "\(path)/\(name): \(TextFile.lastError)")
            unlinkat(descriptor, name, 0)
            return .failure(fault)
        }
        return .success(())
    }

    /// The bytes of a small regular file that only the user could have written.
    private func read(_ name: String) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0, status.st_nlink == 1, status.st_size <= 1 << 16
        else { return nil }
        return TextFile.read(file)
    }

    private var names: [String] {
        // The stream gets a descriptor of its own: reading moves on in it, and closing the stream closes it.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
            }
        }
        return names
    }
}
