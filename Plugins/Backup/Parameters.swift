// Parameters of a backup, at once or by schedule.
// SPDX-License-Identifier: MIT

import PluginKit

/// Which guests, where to and how.
let backup: [Parameter] = [
    .string("vmid", "Guests, e.g. 100 or 100,101."),
    .bool("all", "All guests."),
    .string("pool", "All guests of this pool."),
    .string("exclude", "Guests to leave out."),
    .string("storage", "Where to, e.g. local."),
    .string(
        "mode", "suspend pauses guests, stop shuts them down meanwhile.",
        choices: ["snapshot", "suspend", "stop"], default: "snapshot"),
    .string("compress", "0: none; 1: lzo.", choices: ["0", "1", "gzip", "lzo", "zstd"], default: "0"),
    .string("notes-template", "Notes, e.g. {{guestname}}; needs storage."),
    .bool("protected", "Never prune them; needs storage."),
    .string("mailnotification", "Deprecated.", choices: ["always", "failure"], default: "always"),
    .string("mailto", "Deprecated."),
]
