// Parameters that only the user root@pam itself may set; a token of root@pam may not.
// SPDX-License-Identifier: MIT

enum RootOnly {
    /// What a caller other than root@pam is told; nil when nothing of the kind was sent.
    static func refusal(of call: APICall) -> APIAnswer? {
        if call.isRoot { return nil }
        let template = call.template
        var names = ["skiplock"]
        if template.hasSuffix("/status/start") {
            names += ["stateuri", "migratedfrom", "migration_type", "migration_network", "targetstorage", "force-cpu"]
        }
        if template.hasSuffix("/migrate") { names += ["force", "migration_type", "migration_network"] }
        if let name = names.first(where: { isSet(call.values[$0]) }) {
            return parameterFailure(name, "Only root may use this option.")
        }
        if template == "/nodes/{node}/vzdump" || template.hasPrefix("/cluster/backup") {
            if let name = ["tmpdir", "dumpdir", "script", "job-id"].first(where: { call.values[$0] != nil }) {
                return parameterFailure(name, "Only root may set this option.")
            }
        }
        let configures = template == "/nodes/{node}/qemu" || template == "/nodes/{node}/qemu/{vmid}/config"
        if configures, call.method != "GET", let name = ["args", "lock"].first(where: { call.values[$0] != nil }) {
            return .failure(status: 500, message: "only root can set '\(name)' config")
        }
        return nil
    }

    private static func isSet(_ value: String?) -> Bool {
        value != nil && value != "0"
    }

    private static func parameterFailure(_ name: String, _ text: String) -> APIAnswer {
        .failure(status: 400, message: "Parameter verification failed.", errors: [(name, text)])
    }
}
