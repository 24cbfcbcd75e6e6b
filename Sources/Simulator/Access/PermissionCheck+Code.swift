// Checks that the real server makes in its code, for endpoints whose facts only say "any user".
// SPDX-License-Identifier: MIT

extension PermissionCheck {
    /// Why a call is refused that every user may make in principle; nil when it is allowed.
    func codeDenial(of endpoint: APIEndpoint) -> String? {
        switch (endpoint.method, endpoint.template) {
        case ("POST", "/nodes/{node}/qemu"), ("POST", "/nodes/{node}/lxc"): return createDenial
        case ("POST", "/nodes/{node}/vzdump"): return backupDenial
        case ("GET", "/nodes/{node}/tasks/{upid}/status"), ("GET", "/nodes/{node}/tasks/{upid}/log"):
            return taskDenial("Sys.Audit")
        case ("DELETE", "/nodes/{node}/tasks/{upid}"): return taskDenial("Sys.Modify")
        default: break
        }
        if let (path, wanted) = Self.needs(endpoint.method, endpoint.template) {
            return missing(wanted, on: filled(path), any: true)
        }
        if endpoint.template.hasPrefix("/cluster/replication"), endpoint.method != "GET" {
            let guest = values["id"]?.prefix { $0 != "-" } ?? ""
            return missing(["VM.Replicate"], on: "/vms/\(guest)", any: true)
        }
        return nil
    }

    /// A path and privileges of which one is needed.
    private static func needs(_ method: String, _ template: String) -> (path: String, wanted: [String])? {
        let isRead = method == "GET"
        switch template {
        case "/nodes/{node}/startall", "/nodes/{node}/stopall", "/nodes/{node}/suspendall":
            return ("/vms", ["VM.PowerMgmt"])
        case "/nodes/{node}/migrateall": return ("/vms", ["VM.Migrate"])
        case "/nodes/{node}/storage/{storage}/file-restore/list",
            "/nodes/{node}/storage/{storage}/file-restore/download",
            "/nodes/{node}/storage/{storage}/import-metadata":
            return ("/storage/{storage}", ["Datastore.Audit", "Datastore.AllocateSpace", "Datastore.Allocate"])
        default:
            guard template.hasPrefix("/cluster/sdn/vnets/{vnet}") else { return nil }
            return ("/sdn/zones", isRead ? ["SDN.Audit", "SDN.Allocate"] : ["SDN.Allocate"])
        }
    }

    private var createDenial: String? {
        if let pool = values["pool"], missing(["VM.Allocate"], on: "/pool/\(pool)", any: true) == nil { return nil }
        let guest = "/vms/\(values["vmid"] ?? "")"
        // Who may back a guest up may also overwrite it with a backup; that it exists is found out later.
        let restores = values["archive"] != nil || values["restore"] == "1"
        if restores, values["force"] == "1", missing(["VM.Backup"], on: guest, any: true) == nil { return nil }
        return missing(["VM.Allocate"], on: guest, any: true)
    }

    private var backupDenial: String? {
        for guest in Validator.splitList(values["vmid"] ?? "") {
            if let denial = missing(["VM.Backup"], on: "/vms/\(guest)", any: true) { return denial }
        }
        guard let storage = values["storage"] else { return nil }
        return missing(["Datastore.AllocateSpace"], on: "/storage/\(storage)", any: true)
    }

    /// Everybody may look at tasks of their own, and stop them. The user is the part of the UPID before the last colon.
    private func taskDenial(_ privilege: String) -> String? {
        let parts = (values["upid"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 9, parts[7] == principal.id || parts[7] == principal.user { return nil }
        return missing([privilege], on: "/nodes/\(values["node"] ?? "")", any: true)
    }
}
