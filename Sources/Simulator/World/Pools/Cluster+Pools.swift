// Pools of guests and storages.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private func pool(_ id: String) throws -> Pool {
        guard let pool = access.pools[id] else { throw Refusal("pool '\(id)' does not exist") }
        return pool
    }

    /// The guests of a pool that exist, by id.
    func guests(inPool id: String) -> [Guest] {
        guestIDs.filter { access.poolOfGuest[$0] == id }.compactMap { guests[$0] }
    }

    /// Path parameters have no slashes, so nested pools are out of reach of the older form.
    private func poolID(_ call: APICall) throws -> String {
        let id = call.required("poolid")
        if call.template == "/pools/{poolid}", id.contains("/") {
            throw Refusal(status: 501, "Method '\(call.method) /pools/\(id)' not implemented")
        }
        return id
    }

    /// GET /pools: all that may be seen, or with `poolid` one and its members.
    func poolList(_ call: APICall) throws -> APIAnswer {
        if let id = call.values["poolid"] {
            try demandAny(call, ["Pool.Audit"], on: "/pool/\(id)")
            let pool = try pool(id)
            return .array { array in
                array.object {
                    $0.member("poolid", id)
                    write(pool, id, call, to: &$0)
                }
            }
        }
        return .array { array in
            for (id, pool) in access.pools.sorted(by: { $0.key < $1.key }) {
                array.object {
                    $0.member("poolid", id)
                    if let comment = pool.comment { $0.member("comment", comment) }
                }
            }
        }
    }

    /// GET /pools/{poolid}
    func poolDetails(_ call: APICall) throws -> APIAnswer {
        let id = try poolID(call)
        let pool = try pool(id)
        return .object {
            $0.member("poolid", id)
            write(pool, id, call, to: &$0)
        }
    }

    private func write(_ pool: Pool, _ id: String, _ call: APICall, to answer: inout JSONWriter) {
        if let comment = pool.comment { answer.member("comment", comment) }
        let type = call.values["type"]
        answer.member("members") { members in
            members.array { array in
                for guest in guests(inPool: id) where type == nil || type == guest.kind.rawValue {
                    array.raw(resourceRow(of: guest, inPool: nil))
                }
                guard type == nil || type == "storage", let node = nodes[localNode] else { return }
                for storage in storages where pool.storages.contains(storage.name) {
                    array.object { writeResource(storage, of: node, to: &$0) }
                }
            }
        }
    }

    /// POST /pools
    mutating func createPool(_ call: APICall) throws -> APIAnswer {
        try locked("create pool failed") {
            let id = call.required("poolid")
            if access.pools[id] != nil { throw Refusal("pool '\(id)' already exists") }
            if let slash = id.lastIndex(of: "/"), access.pools[String(id[..<slash])] == nil {
                throw Refusal("parent '\(id[..<slash])' of pool '\(id)' does not exist")
            }
            access.pools[id] = Pool(comment: call.values["comment"].flatMap { $0.isEmpty ? nil : $0 })
        }
        return .null
    }

    /// PUT /pools and PUT /pools/{poolid}: a comment, and members that come or with `delete` go.
    mutating func updatePool(_ call: APICall) throws -> APIAnswer {
        let id = try poolID(call)
        let before = access
        do {
            try locked("update pools failed") {
                _ = try pool(id)
                if let comment = call.values["comment"] { access.pools[id]?.comment = comment }
                for name in call.names("vms") { try change(guest: Int(name) ?? 0, of: id, call) }
                for name in call.names("storage") { try change(storage: name, of: id, call) }
            }
        } catch {
            access = before
            throw error
        }
        return .null
    }

    private mutating func change(guest vmid: Int, of id: String, _ call: APICall) throws {
        try demandModify(call, on: "/vms/\(vmid)")
        let old = access.poolOfGuest[vmid]
        if call.flag("delete") {
            guard old == id else { throw Refusal("VM \(vmid) is not a pool member") }
            access.poolOfGuest[vmid] = nil
            return
        }
        if old == id { throw Refusal("VM \(vmid) is already a pool member") }
        if let old {
            guard call.flag("allow-move") else {
                throw Refusal("VM \(vmid) belongs already to pool '\(old)' and allow-move is not set")
            }
            try demandAny(call, ["Pool.Allocate"], on: "/pool/\(old)")
        }
        access.poolOfGuest[vmid] = id
    }

    private mutating func change(storage name: String, of id: String, _ call: APICall) throws {
        try demandModify(call, on: "/storage/\(name)")
        let isMember = access.pools[id]?.storages.contains(name) == true
        if call.flag("delete") {
            guard isMember else { throw Refusal("Storage '\(name)' is not a pool member") }
            access.pools[id]?.storages.remove(name)
        } else {
            if isMember { throw Refusal("Storage '\(name)' is already a pool member") }
            access.pools[id]?.storages.insert(name)
        }
    }

    /// DELETE /pools and DELETE /pools/{poolid}
    mutating func deletePool(_ call: APICall) throws -> APIAnswer {
        let id = try poolID(call)
        try locked("delete pool failed") {
            let pool = try pool(id)
            let notEmpty = "pool '\(id)' is not empty"
            if let child = access.pools.keys.filter({ $0.hasPrefix(id + "/") }).sorted().first {
                throw Refusal("\(notEmpty) (contains pool '\(child)')")
            }
            if let guest = guests(inPool: id).first { throw Refusal("\(notEmpty) (contains VM \(guest.vmid))") }
            if let storage = storages.first(where: { pool.storages.contains($0.name) }) {
                throw Refusal("\(notEmpty) (contains storage '\(storage.name)')")
            }
            access.pools[id] = nil
            access.entries.removeAll { $0.path == "/pool/\(id)" }
        }
        return .null
    }

    /// Refuses when a new guest is to join a pool that does not exist.
    func checkPool(_ call: APICall) throws {
        guard let id = call.values["pool"], access.pools[id] == nil else { return }
        throw Refusal(status: 403, PermissionCheck.denied("pool '\(id)' does not exist"))
    }
}
