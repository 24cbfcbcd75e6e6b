// Tools that start and stop containers.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var powerTools: [Tool] {
    [
        Tool(
            "pve_start_lxc_container", "Start LXC Container", tier: .readExecute, effect: .changes,
            "Start a container.",
            .post("/nodes/{node}/lxc/{vmid}/status/start"),
            parameters: [
                .guestNode, .vmid, .wait,
                .options("API parameters: debug (log while it starts), skiplock (root@pam only)."),
            ],
            answers: .task),
        Tool(
            "pve_stop_lxc_container", "Stop LXC Container", tier: .readExecute, effect: .destroys,
            """
            Kill all processes of a container at once; unsaved work in it is lost. pve_shutdown_lxc_container is the \
            gentle way.
            """,
            .post("/nodes/{node}/lxc/{vmid}/status/stop"),
            parameters: [
                .guestNode, .vmid, .wait,
                .options(
                    """
                    API parameters, at tier full: overrule-shutdown (end its shutdown tasks first), skiplock \
                    (root@pam only).
                    """),
            ],
            answers: .task),
        Tool(
            "pve_shutdown_lxc_container", "Shutdown LXC Container", tier: .readExecute, effect: .destroys,
            "Ask a container to shut down.",
            .post("/nodes/{node}/lxc/{vmid}/status/shutdown"),
            parameters: [
                .guestNode, .vmid, .timeout("Seconds to give the container.", default: 60), .forceStop, .wait,
            ],
            answers: .task),
        Tool(
            "pve_reboot_lxc_container", "Reboot LXC Container", tier: .readExecute, effect: .changes,
            "Ask a container to shut down and start it again; applies pending changes.",
            .post("/nodes/{node}/lxc/{vmid}/status/reboot"),
            parameters: [.guestNode, .vmid, .timeout("Seconds to give the shutdown."), .wait],
            answers: .task),
        Tool(
            "pve_suspend_lxc_container", "Suspend LXC Container", tier: .readExecute, effect: .changes,
            "Freeze a running container. Experimental: it fails for many.",
            .post("/nodes/{node}/lxc/{vmid}/status/suspend"),
            parameters: [.guestNode, .vmid, .wait],
            answers: .task),
        Tool(
            "pve_resume_lxc_container", "Resume LXC Container", tier: .readExecute, effect: .changes,
            "Let a suspended container go on.",
            .post("/nodes/{node}/lxc/{vmid}/status/resume"),
            parameters: [.guestNode, .vmid, .wait],
            answers: .task),
    ]
}
