// Fetching container images from registries.
// SPDX-License-Identifier: MIT

import PluginKit

var pullTool: Tool {
    Tool(
        "pve_pull_oci_image", "Pull OCI Image", tier: .readExecute, effect: .openWorld,
        """
        Pull an image from an OCI registry into a storage with content vztmpl, for pve_create_lxc_container. Proxmox VE \
        8 cannot.
        """,
        .post("/nodes/{node}/storage/{storage}/oci-registry-pull"),
        parameters: [
            .node, .storage, .string("reference", "Image and tag, e.g. docker.io/library/nginx:1.29").required,
            .string("filename", "Name of the file, without .tar; from the reference if absent."),
            .wait,
        ],
        answers: .task)
}
