// Creating a guest, with the next free ID when none is given.
// SPDX-License-Identifier: MIT

import PluginKit

/// Code for a tool that creates a VM or a container.
public enum FreeID {
    /// The request that names a free ID. It reserves nothing.
    public static var next: Endpoint { .get("/cluster/nextid") }

    /// How often another ID is tried when somebody else took the free one first.
    private static var attempts: Int { 3 }

    /// Sends `create` with the call's arguments and `extra`, and replies with the answer. An absent `vmid` is the next
    /// free one.
    public static func create(
        _ call: Call, _ create: Endpoint, _ extra: RequestParameters = [:]
    ) throws(CallFailure) {
        guard !call.arguments["vmid"].exists else {
            return try call.reply(call.send(create, extra, withArguments: true))
        }
        for attempt in 1... {
            var parameters = extra
            parameters.set("vmid", .value(try call.send(next)))
            do throws(CallFailure) {
                return try call.reply(call.send(create, parameters, withArguments: true))
            } catch {
                guard attempt < attempts, case .failed(let reason) = error, reason.contains("already exists") else {
                    throw error
                }
            }
        }
    }
}
