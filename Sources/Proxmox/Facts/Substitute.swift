// What does on one release what others have a method or a parameter for.
// SPDX-License-Identifier: MIT

/// Phrases that follow "There, ". What is named in them is in the API of the releases they are for: 8.4 for what came with
/// 9, and 9.2 for what went with 8. In which minor release of 9 a thing came, the schemas of 8.4 and 9.2 do not say.
enum Substitute {
    private static let groups = "HA groups do this: /cluster/ha/groups, and `group` of an HA resource"
    private static let ociImages =
        "containers are made from templates: download one with POST /nodes/{node}/aplinfo, or POST "
        + "/nodes/{node}/storage/{storage}/download-url with content=vztmpl"
    private static let ignored =
        "set `state` of each HA resource with PUT /cluster/ha/resources/{sid}: to ignored, and to started afterwards"

    /// By the beginning of the path.
    private static let methods = [
        ("/cluster/ha/rules", groups), ("/cluster/ha/status/disarm-ha", ignored),
        ("/cluster/ha/status/arm-ha", ignored),
        ("/nodes/{node}/storage/{storage}/oci-registry-pull", ociImages),
        ("/nodes/{node}/query-oci-repo-tags", ociImages),
        ("/cluster/bulk-action/guest/start", perGuest("start", "startall")),
        ("/cluster/bulk-action/guest/shutdown", perGuest("shut down", "stopall")),
        ("/cluster/bulk-action/guest/suspend", perGuest("suspend", "suspendall")),
        ("/cluster/bulk-action/guest/migrate", perGuest("migrate", "migrateall")),
    ]

    private static func perGuest(_ verb: String, _ all: String) -> String {
        "\(verb) the guests one by one, or those of a node with POST /nodes/{node}/\(all)"
    }

    /// By the beginning of the path and the name.
    private static let parameters = [
        (
            "/cluster/ha/", "failback",
            "`nofailback` of the resource's HA group says it (/cluster/ha/groups); leave it out"
        ),
        ("/nodes/", "ha-managed", "leave it out and add the guest to HA afterwards, with POST /cluster/ha/resources"),
        ("/", "maxfiles", "`prune-backups` says it, such as keep-last=3"),
        ("/", "notification-policy", "`notification-mode` and /cluster/notifications/matchers say it"),
        ("/", "notification-target", "`notification-mode` and /cluster/notifications/matchers say it"),
        ("/storage", "server2", gluster), ("/storage", "transport", gluster), ("/storage", "volume", gluster),
    ]
    private static let gluster = "there are no GlusterFS storages, which it was for"

    static func method(_ template: String) -> String? {
        methods.first { template.hasPrefix($0.0) }?.1
    }

    /// Leaving it out is always a way.
    static func parameter(_ name: String, _ template: String) -> String {
        parameters.first { template.hasPrefix($0.0) && name == $0.1 }?.2 ?? "leave it out"
    }
}
