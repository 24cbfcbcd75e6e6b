// Settings of a container that creating and changing it share.
// SPDX-License-Identifier: MIT

import PluginKit

/// What the container consists of; the defaults are those of a new one.
let settings: [Parameter] = [
    .string("hostname", "Name (DNS name)."),
    .string("description", "Notes, Markdown."),
    .string("tags", "e.g. web;prod"),
    .integer("memory", "MiB.", in: 16..., default: 512),
    .integer("swap", "MiB.", in: 0..., default: 512),
    .integer("cores", "CPUs; absent: all.", in: 1...8192),
    .string("net0", "e.g. name=eth0,bridge=vmbr0,ip=dhcp,tag=20"),
    .string("features", "e.g. nesting=1,keyctl=1"),
    .bool("onboot", "Start with the node."),
    .bool("protection", "Refuse deletion."),
]
