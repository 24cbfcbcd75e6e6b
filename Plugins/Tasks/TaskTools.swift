// Tools for one task, which its UPID names.
// SPDX-License-Identifier: MIT

import PluginKit

var taskTools: [Tool] {
    [
        Tool(
            "pve_get_task_status", "Get Task Status", tier: .readOnly, effect: .reads,
            "State of a task. Once it is stopped, `exitstatus` OK or WARNINGS: n is success, all else the error.",
            .get("/nodes/{node}/tasks/{upid}/status"),
            parameters: [.taskNode, .upid, .waitForEnd],
            answers: .object([
                .string("upid").always, .string("status").always, .string("exitstatus"), .string("node"),
                .string("type"), .string("id"), .string("user"), .integer("starttime", .epoch),
            ])),
        Tool(
            "pve_get_task_log", "Get Task Log", tier: .readOnly, effect: .reads,
            "Last lines of a task's log. start counts from the first line.",
            .get("/nodes/{node}/tasks/{upid}/log"),
            parameters: [
                .taskNode, .upid,
                .integer("start", "Skip this many and go on from there, instead of the end.", in: 0...),
                .integer("limit", "Lines to return.", in: 1..., default: 50),
            ],
            answers: .log("lines")),
        Tool(
            "pve_stop_task", "Stop Task", tier: .readExecute, effect: .destroys,
            "Stop a running task. What it was doing is left half done: a clone or a backup is lost, a guest may stay locked.",
            .delete("/nodes/{node}/tasks/{upid}"),
            parameters: [.taskNode, .upid],
            answers: .nothing),
    ]
}
