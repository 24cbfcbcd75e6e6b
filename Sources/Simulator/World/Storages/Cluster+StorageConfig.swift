// The storages of the cluster's configuration: listing, adding, changing and removing them.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /storage
    func storageConfigs(_ call: APICall) -> APIAnswer {
        .array { array in
            for storage in storages where call.values["type"] == nil || call.values["type"] == storage.type {
                array.object { writeConfig(of: storage, to: &$0) }
            }
        }
    }

    /// GET /storage/{storage}
    func storageConfig(_ call: APICall) throws -> APIAnswer {
        let storage = try storage(call.values["storage"] ?? "")
        return .object { writeConfig(of: storage, to: &$0) }
    }

    private func writeConfig(of storage: Storage, to row: inout JSONWriter) {
        row.member("storage", storage.name)
        row.member("type", storage.type)
        row.member("content", storage.content.joined(separator: ","))
        var settings = storage.settings
        if storage.isShared { settings["shared"] = "1" }
        for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
            if StorageType.numeric.contains(key), let number = Int(value) {
                row.member(key, number)
            } else {
                row.member(key, value)
            }
        }
        row.member("digest", storageDigest)
    }

    /// The digest of the file that all storages are in.
    private var storageDigest: String {
        let text = storages.map {
            "\($0.type): \($0.name)\n\t\($0.content)\n\t\($0.settings.sorted { $0.key < $1.key })\n"
        }
        return SHA1.hexadecimal(of: Array(text.joined().utf8))
    }

    /// POST /storage
    mutating func createStorage(_ call: APICall) throws -> APIAnswer {
        let name = call.values["storage"] ?? ""
        let typeName = call.values["type"] ?? ""
        guard let type = StorageType.all[typeName] else { throw Refusal("unknown storage type '\(typeName)'") }
        var settings = call.values.filter { !["storage", "type", "content"].contains($0.key) && !$0.value.isEmpty }
        settings = settings.filter { !StorageType.secrets.contains($0.key) }
        try checkNodes(settings["nodes"])
        for needed in type.required where settings[needed] == nil {
            throw Refusal("missing value for required option '\(needed)'")
        }
        let content = try Self.content(call.values["content"], of: type)
        if storages.contains(where: { $0.name == name }) {
            throw Refusal("create storage failed: storage ID '\(name)' already defined")
        }
        if type.hasFiles, settings["path"] == nil { settings["path"] = "/mnt/pve/\(name)" }
        if name == "away", settings["disable"] != "1" {
            throw Refusal("create storage failed: storage 'away' is not online")
        }
        let isShared = type.isShared || settings["shared"] == "1"
        settings["shared"] = nil
        let size = name == "full" ? 10 << 30 : isShared ? 2 << 40 : 500 << 30
        storages.append(
            Storage(
                name: name, type: typeName, content: content, isShared: isShared, size: size, settings: settings))
        return created(name, typeName, key: call.values["encryption-key"])
    }

    private func created(_ name: String, _ type: String, key: String?) -> APIAnswer {
        .object {
            $0.member("storage", name)
            $0.member("type", type)
            guard type == "pbs", let key else { return }
            $0.member("config") { config in config.object { $0.member("encryption-key", key) } }
        }
    }

    private static func content(_ text: String?, of type: StorageType) throws -> [String] {
        guard let text, !text.isEmpty else { return type.defaultContent }
        let kinds = text.split(whereSeparator: { ",; ".contains($0) }).map(String.init)
        for kind in kinds where !type.content.contains(kind) {
            throw Refusal("storage does not support content type '\(kind)'")
        }
        return kinds
    }

    private func checkNodes(_ text: String?) throws {
        for name in (text ?? "").split(separator: ",").map(String.init) where nodes[name] == nil {
            throw Refusal(parameter: "nodes", "invalid format - node '\(name)' does not exist\n")
        }
    }

    /// PUT /storage/{storage}
    mutating func updateStorage(_ call: APICall) throws -> APIAnswer {
        let name = call.values["storage"] ?? ""
        let failed = "update storage failed:"
        if let digest = call.values["digest"], digest != storageDigest {
            throw Refusal("\(failed) detected modified configuration - file changed by other user? Try again.")
        }
        guard let index = storages.firstIndex(where: { $0.name == name }),
            let type = StorageType.all[storages[index].type]
        else { throw Refusal("\(failed) storage '\(name)' does not exist") }
        let control: Set<String> = ["storage", "digest", "delete", "content"]
        let values = call.values.filter { !control.contains($0.key) && !StorageType.secrets.contains($0.key) }
        for (key, value) in values.sorted(by: { $0.key < $1.key })
        where (type.required.contains(key) || type.fixed.contains(key)) && storages[index].settings[key] != value {
            if Self.mayMove.contains("\(storages[index].type).\(key)") { continue }
            throw Refusal("\(failed) can't change value of fixed parameter '\(key)'")
        }
        try checkNodes(values["nodes"])
        for key in call.names("delete") {
            if type.required.contains(key) { throw Refusal("\(failed) unable to delete required option '\(key)'") }
            if type.fixed.contains(key) { throw Refusal("\(failed) unable to delete fixed option '\(key)'") }
            if call.values[key] != nil {
                throw Refusal("\(failed) cannot set and delete property '\(key)' at the same time!")
            }
        }
        var storage = storages[index]
        for key in call.names("delete") {
            storage.settings[key] = nil
            if key == "shared" { storage.isShared = type.isShared }
            if key == "content" { storage.content = type.defaultContent }
        }
        storage.settings.merge(values) { $1 }
        if values["nodes"] == "" { storage.settings["nodes"] = nil }
        if let shared = values["shared"] { storage.isShared = type.isShared || shared == "1" }
        storage.settings["shared"] = nil
        if call.values["content"] != nil { storage.content = try Self.content(call.values["content"], of: type) }
        storages[index] = storage
        return created(name, storage.type, key: call.values["encryption-key"])
    }

    /// Required parameters that may be given another value all the same.
    private static let mayMove: Set<String> = [
        "pbs.server", "pbs.username", "cifs.username", "esxi.server", "esxi.username", "zfs.blocksize",
    ]

    /// DELETE /storage/{storage}: the configuration goes, what is stored stays where it is.
    mutating func deleteStorage(_ call: APICall) throws -> APIAnswer {
        let name = call.values["storage"] ?? ""
        guard let index = storages.firstIndex(where: { $0.name == name }) else {
            throw Refusal("delete storage failed: storage '\(name)' does not exist")
        }
        if storages.contains(where: { $0.settings["base"]?.hasPrefix("\(name):") == true }) {
            throw Refusal(
                "delete storage failed: can't remove storage - storage is used as base of another storage")
        }
        storages.remove(at: index)
        return .null
    }
}
