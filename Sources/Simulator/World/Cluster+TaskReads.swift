// The task endpoints: lists, status, log, stop.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /nodes/{node}/tasks
    func taskList(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let source = call.values["source"] ?? "archive"
        let start = call.number("start") ?? 0
        let limit = call.number("limit") ?? 50
        var position = 0
        var shown: [SimulatedTask] = []
        for number in (oldestTask..<nextTask).reversed() {
            guard let task = tasks[number], task.upid.node == node, matches(task, source: source),
                matches(task, call)
            else { continue }
            if position >= start, limit == 0 || shown.count < limit { shown.append(task) }
            position += 1
        }
        return .array(total: position) { array in
            for task in shown {
                array.object {
                    write(task, to: &$0)
                    $0.member("status", task.outcome?.text ?? "RUNNING")
                    $0.member("pid", task.upid.pid)
                    $0.member("pstart", task.upid.processStart)
                }
            }
        }
    }

    private func matches(_ task: SimulatedTask, source: String) -> Bool {
        switch source {
        case "active": task.outcome == nil
        case "all": true
        default: task.outcome != nil
        }
    }

    private func matches(_ task: SimulatedTask, _ call: APICall) -> Bool {
        let kind =
            switch task.outcome {
            case .ok: "ok"
            case .warnings: "warning"
            case .failed: "error"
            case nil: "unknown"
            }
        let kinds = call.names("statusfilter")
        return (kinds.isEmpty || kinds.contains(kind)) && (!call.flag("errors") || kind == "error")
            && (call.values["typefilter"].map { task.upid.type.contains($0) } ?? true)
            && (call.values["userfilter"].map { task.upid.user.contains($0) } ?? true)
            && (call.values["vmid"].map { task.upid.id == $0 } ?? true)
            && (call.number("since").map { task.upid.startTime >= $0 } ?? true)
            && (call.number("until").map { task.upid.startTime <= $0 } ?? true)
    }

    /// GET /cluster/tasks: the latest of every node.
    func recentTasks(_ call: APICall) -> APIAnswer {
        var perNode: [String: Int] = [:]
        return .array { array in
            for number in (oldestTask..<nextTask).reversed() {
                guard let task = tasks[number], perNode[task.upid.node, default: 0] < 25 else { continue }
                perNode[task.upid.node, default: 0] += 1
                array.object {
                    write(task, to: &$0)
                    if let outcome = task.outcome { $0.member("status", outcome.text) }
                    $0.member("saved", task.outcome == nil ? "0" : "1")
                }
            }
        }
    }

    /// GET /nodes/{node}/tasks/{upid}/status
    func taskStatus(_ call: APICall) throws -> APIAnswer {
        guard let number = try taskNumber(call), let task = tasks[number] else {
            throw Refusal(parameter: "upid", "no such task")
        }
        return .object {
            write(task, to: &$0, endTime: false)
            $0.member("pid", task.upid.pid)
            $0.member("pstart", task.upid.processStart)
            $0.member("status", task.outcome == nil ? "running" : "stopped")
            if let outcome = task.outcome { $0.member("exitstatus", outcome.text) }
        }
    }

    /// GET /nodes/{node}/tasks/{upid}/log
    func taskLog(_ call: APICall) throws -> APIAnswer {
        guard let number = try taskNumber(call), let task = tasks[number] else {
            return .lines(["unable to open file"], total: 1, start: 0)
        }
        let log = task.log(at: now)
        guard !log.isEmpty else { return .lines(["no content"], total: 1, start: 0) }
        let start = min(call.number("start") ?? 0, log.count)
        let limit = call.number("limit") ?? 50
        let end = limit == 0 ? log.count : min(log.count, start + limit)
        return .lines(log[start..<end], total: log.count, start: start)
    }

    /// DELETE /nodes/{node}/tasks/{upid}
    mutating func stopTask(_ call: APICall) throws -> APIAnswer {
        guard let number = try taskNumber(call) else { throw Refusal(parameter: "upid", "no such task") }
        interrupt(number)
        return .null
    }

    /// The number of the task a call names; nil when the node it asks has none such.
    private func taskNumber(_ call: APICall) throws -> Int? {
        let node = try nodeName(call)
        let text = call.values["upid"] ?? ""
        guard let upid = UPIDText(text) else { throw Refusal(parameter: "upid", "unable to parse worker upid") }
        return upid.node == node ? taskNumbers[text] : nil
    }

    private func write(_ task: SimulatedTask, to writer: inout JSONWriter, endTime: Bool = true) {
        let (user, token) = task.upid.userAndToken
        writer.member("upid", task.text)
        writer.member("node", task.upid.node)
        writer.member("type", task.upid.type)
        writer.member("id", task.upid.id)
        writer.member("user", user)
        if let token { writer.member("tokenid", token) }
        writer.member("starttime", task.upid.startTime)
        if endTime, let ended = task.endTime { writer.member("endtime", ended) }
    }
}

extension APIAnswer {
    /// Lines of a log as Proxmox numbers them, from 1.
    static func lines(_ lines: some Collection<String>, total: Int, start: Int) -> APIAnswer {
        .array(total: total) { array in
            for (index, line) in lines.enumerated() {
                array.object {
                    $0.member("n", start + index + 1)
                    $0.member("t", line)
                }
            }
        }
    }
}
