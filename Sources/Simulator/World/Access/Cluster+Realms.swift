// Authentication realms.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private static let realmNumbers: Set<String> = [
        "autocreate", "case-sensitive", "default", "port", "secure", "verify", "query-userinfo", "groups-autocreate",
        "groups-overwrite",
    ]

    /// Options a realm of a type cannot do without.
    private static let realmNeeds: [String: [String]] = [
        "ldap": ["base_dn", "server1", "user_attr"], "ad": ["domain", "server1"],
        "openid": ["client-id", "issuer-url"],
    ]

    private var realmDigest: String {
        digest(of: access.realms.filter { $0.value != AccessConfig.builtInRealms[$0.key] })
    }

    /// GET /access/domains
    func realmList(_ call: APICall) -> APIAnswer {
        .array { array in
            for (id, realm) in access.realms.sorted(by: { $0.key < $1.key }) {
                array.object {
                    $0.member("realm", id)
                    $0.settings(
                        realm.filter { ["type", "comment", "default"].contains($0.key) }, numbers: Self.realmNumbers)
                    if let factor = realm["tfa"]?.split(separator: ",").first(where: { $0.hasPrefix("type=") }) {
                        $0.member("tfa", String(factor.dropFirst(5)))
                    }
                }
            }
        }
    }

    /// GET /access/domains/{realm}
    func realmDetails(_ call: APICall) throws -> APIAnswer {
        let id = call.required("realm")
        guard let realm = access.realms[id] else { throw Refusal("domain '\(id)' does not exist") }
        return .object {
            $0.settings(realm, numbers: Self.realmNumbers)
            $0.member("digest", realmDigest)
        }
    }

    private func options(of call: APICall) -> Settings {
        // The password goes to a file of its own, and the check of the connection finds nobody to ask here.
        call.values.filter { !["realm", "digest", "delete", "password", "check-connection"].contains($0.key) }
    }

    /// POST /access/domains
    mutating func createRealm(_ call: APICall) throws -> APIAnswer {
        try locked("add auth server failed") {
            let (id, type) = (call.required("realm"), call.required("type"))
            if access.realms[id] != nil { throw Refusal("domain '\(id)' already exists") }
            if type == "pam" || type == "pve" { throw Refusal("unable to create builtin type '\(type)'") }
            if call.values["check-connection"] != nil, type == "openid" {
                throw Refusal(
                    "'check-connection' parameter can only be set for realms of type 'ldap' or 'ad'")
            }
            for option in Self.realmNeeds[type] ?? [] where call.values[option] == nil {
                throw Refusal("missing value for required option '\(option)'")
            }
            store(options(of: call), asRealm: id)
        }
        return .null
    }

    /// PUT /access/domains/{realm}
    mutating func updateRealm(_ call: APICall) throws -> APIAnswer {
        try locked("update auth server failed") {
            let id = call.required("realm")
            try call.checkDigest(realmDigest)
            guard var realm = access.realms[id] else { throw Refusal("domain '\(id)' does not exist") }
            let options = options(of: call)
            if options.isEmpty, call.values["delete"] == nil, call.values["password"] == nil {
                throw Refusal("no options specified")
            }
            for name in call.names("delete") { realm[name] = nil }
            store(realm.merging(options) { $1 }, asRealm: id)
        }
        return .null
    }

    /// There is one default realm at most.
    private mutating func store(_ realm: Settings, asRealm id: String) {
        if realm["default"] == "1" {
            for other in access.realms.keys { access.realms[other]?["default"] = nil }
        }
        access.realms[id] = realm
    }

    /// DELETE /access/domains/{realm}. The two built-in realms come back by themselves.
    mutating func deleteRealm(_ call: APICall) throws -> APIAnswer {
        try locked("delete auth server failed") {
            let id = call.required("realm")
            if access.realms[id] == nil { throw Refusal("authentication domain '\(id)' does not exist") }
            access.realms[id] = AccessConfig.builtInRealms[id]
        }
        return .null
    }
}
