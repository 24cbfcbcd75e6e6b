// Changing the options of the datacenter.
// SPDX-License-Identifier: MIT

import PluginKit

var updateOptionsTool: Tool {
    Tool(
        "pve_update_cluster_options", "Update Cluster Options", tier: .full, effect: .overwrites,
        "Change options of the datacenter; what is not named stays.",
        .put("/cluster/options"),
        parameters: [
            .string("keyboard", "Layout for VNC, e.g. en-us, de."),
            .string("language", "Language of the web interface, e.g. en, de."),
            .string("console", "Default console.", choices: ["applet", "vv", "html5", "xtermjs"]),
            .string("http_proxy", "Proxy for downloads: http://[user:password@]host:port."),
            .string("migration", "e.g. type=secure,network=10.0.0.0/24"),
            .bool("migration_unsecure", "Old form of migration: type=insecure."),
            .string("bwlimit", "KiB/s by purpose, e.g. migration=100000,restore=50000"),
            .string("crs", "HA scheduling, e.g. ha=static,ha-rebalance-on-start=1"),
            .string("ha", "What becomes of guests when a node shuts down, e.g. shutdown_policy=migrate"),
            .string("description", "Notes, Markdown."),
            .string("delete", "Options to reset, e.g. http_proxy,bwlimit."),
            .options(
                """
                API parameters: email_from, mac_prefix, max_workers, next-id (lower=1000,upper=2000), registered-tags, \
                tag-style, user-tag-access, notify, replication, location, fencing, webauthn, u2f, consent-text.
                """),
        ],
        answers: .nothing)
}
