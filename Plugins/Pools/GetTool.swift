// One pool with its members.
// SPDX-License-Identifier: MIT

import PluginKit

var getTool: Tool {
    Tool(
        "pve_get_pool", "Get Pool", tier: .readOnly, effect: .reads,
        "A pool with its guests and storages.",
        sends: [pool],
        parameters: [
            .poolid, .string("type", "Only members of this type.", choices: ["qemu", "lxc", "storage"]),
        ],
        answers: .object([.string("poolid").always, .string("comment"), .any("members")]),
        code: getPool)
}

/// The list asked for one pool: `/pools/{poolid}` knows no nested ones.
private let pool = Endpoint.get("/pools")

private func getPool(_ call: Call) throws(CallFailure) {
    let pools = try call.send(pool, withArguments: true)
    for pool in pools.elements { return try call.reply(pool) }
    let name = call.arguments["poolid"].string ?? ""
    throw .message("Pool '\(name)' is not there, or may not be seen. pve_list_pools names those that are.")
}
