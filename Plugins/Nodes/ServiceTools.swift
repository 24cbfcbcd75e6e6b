// Tools for the services of a node.
// SPDX-License-Identifier: MIT

import PluginKit

var serviceTools: [Tool] {
    [
        Tool(
            "pve_manage_node_service", "Manage Node Service", tier: .readExecute, effect: .changes,
            "Start, stop, restart or reload a service of a node. Stopping pveproxy or pvedaemon cuts this connection.",
            .post("/nodes/{node}/services/{service}/{command}"),
            parameters: [
                .node,
                .string("service", "Service as pve_list_node_services names it, e.g. pvestatd.").required,
                .string("command", "What to do.", choices: ["start", "stop", "restart", "reload"]).required,
                .wait,
            ],
            answers: .task)
    ]
}
