// Users, groups, roles, realms, pools and who may do what: what the real server keeps in user.cfg and domains.cfg.
// SPDX-License-Identifier: MIT

/// A user of the cluster.
struct User {
    var isEnabled = true
    /// Seconds since 1970; 0 for never.
    var expire = 0
    /// `firstname`, `lastname`, `email`, `comment`, `keys`.
    var settings: Settings = [:]
    var groups: Set<String> = []
    var tokens: [String: Token] = [:]
}

/// An API token of a user. Its secret is with the credentials.
struct Token {
    /// Seconds since 1970; 0 for never.
    var expire = 0
    /// Whether it only has rights that were given to itself too.
    var isSeparated = true
    var comment: String?
}

/// A pool of guests and storages.
struct Pool {
    var comment: String?
    var storages: Set<String> = []
}

/// Everything rights depend on.
struct AccessConfig {
    var users: [String: User] = [:]
    /// Comments by group.
    var groups: [String: String?] = [:]
    /// Privileges by role, built-in ones included.
    var roles: [String: Set<String>]
    let builtInRoles: Set<String>
    var entries: [Rights.Entry] = []
    var realms = Self.builtInRealms
    /// By id; a nested one has slashes in it.
    var pools: [String: Pool] = [:]
    /// The pool of a guest.
    var poolOfGuest: [Int: String] = [:]

    static let builtInRealms: [String: Settings] = [
        "pam": ["type": "pam", "comment": "Linux PAM standard authentication", "plugin": "PVE::Auth::PAM"],
        "pve": ["type": "pve", "comment": "Proxmox VE authentication server", "plugin": "PVE::Auth::PVE"],
    ]

    /// The users a new simulator has: root with a token of full and one of no rights, and an auditor.
    init(release: String) {
        roles = BuiltInRoles.privileges(release: release)
        builtInRoles = Set(roles.keys)
        var root = User()
        root.settings["email"] = "root@example.net"
        root.tokens = ["demo": Token(isSeparated: false), "nothing": Token()]
        var auditor = User()
        auditor.settings["comment"] = "May look at everything"
        auditor.tokens["ro"] = Token()
        users = ["root@pam": root, "auditor@pve": auditor]
        entries = [
            Rights.Entry(path: "/", subject: "auditor@pve", kind: .user, role: "PVEAuditor"),
            Rights.Entry(path: "/", subject: "auditor@pve!ro", kind: .token, role: "PVEAuditor"),
        ]
    }

    /// The members of a group, sorted.
    func members(of group: String) -> [String] {
        users.filter { $0.value.groups.contains(group) }.keys.sorted()
    }

    func user(_ id: String) throws -> User {
        guard let user = users[id] else { throw Refusal("no such user ('\(id)')") }
        return user
    }

    func token(_ name: String, of id: String) throws -> Token {
        guard let token = try user(id).tokens[name] else {
            throw Refusal("no such token '\(name)' for user '\(id)'")
        }
        return token
    }

    /// Removes the entries of a user, a group or a token; of a user those of its tokens too.
    mutating func removeEntries(of subject: String, _ kind: Rights.Kind) {
        entries.removeAll {
            $0.kind == kind && $0.subject == subject
                || kind == .user && $0.kind == .token && $0.subject.hasPrefix(subject + "!")
        }
    }
}

extension AccessConfig {
    /// The rights that follow from all this.
    var rights: Rights {
        var rights = Rights()
        rights.entries = entries
        rights.roles = roles
        for (id, user) in users {
            rights.groups[id] = user.groups
            for (name, token) in user.tokens {
                rights.tokens.insert("\(id)!\(name)")
                if token.isSeparated { rights.separatedTokens.insert("\(id)!\(name)") }
            }
        }
        for (vmid, pool) in poolOfGuest { rights.pools["/vms/\(vmid)", default: []].insert(pool) }
        for (id, pool) in pools {
            for storage in pool.storages { rights.pools["/storage/\(storage)", default: []].insert(id) }
        }
        return rights
    }
}
