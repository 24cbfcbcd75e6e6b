// Parameters that tools for VMs and for containers take alike.
// SPDX-License-Identifier: MIT

import PluginKit

extension Parameter {
    /// `vmid` of a new guest; the code of ``FreeID`` finds one when it is absent.
    public static var newVMID: Parameter {
        .integer("vmid", "ID; the next free one if absent.", in: 100...999_999_999)
    }

    /// `newid` of a clone.
    public static var newid: Parameter { .integer("newid", "ID of the copy.", in: 100...999_999_999).required }

    public static var bwlimit: Parameter { .integer("bwlimit", "KiB/s; 0: unlimited.", in: 0...) }

    /// `timeout` of a shutdown.
    public static func timeout(_ text: StaticString, default preset: Preset? = nil) -> Parameter {
        .integer("timeout", text, in: 0..., default: preset)
    }

    public static var forceStop: Parameter {
        .bool("forceStop", "Cut the power at the timeout; unsaved work is lost.")
    }

    /// `timeframe` of a history.
    public static var timeframe: Parameter {
        .string("timeframe", "How far back.", choices: ["hour", "day", "week", "month", "year"]).required
    }

    /// `cf` of a history.
    public static var consolidation: Parameter {
        .string("cf", "How samples are merged.", choices: ["AVERAGE", "MAX"], default: "AVERAGE")
    }

    /// `current` of a configuration.
    public static var current: Parameter { .bool("current", "Leave pending changes out.") }

    /// `snapshot` of a configuration.
    public static var snapshot: Parameter {
        .string("snapshot", "Configuration in this snapshot.")
    }

    /// `snapname` of a clone.
    public static var sourceSnapshot: Parameter {
        .string("snapname", "Copy this snapshot's state.")
    }

    /// `force` of deleting a snapshot.
    public static var forceSnapshot: Parameter {
        .bool("force", "Drop it from the configuration even if its disk snapshots cannot be removed.")
    }
}
